"""One HTTP call to WeChat's API and what can go wrong with it. Errcodes are left to those who call."""

from __future__ import annotations

import json
from typing import Any

import httpx

from channels.base import ChannelError, Misconfigured, OutcomeUnknown, RetryLater

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


async def post_json(
    http: httpx.AsyncClient,
    path: str,
    body: dict[str, Any],
    *,
    token: str | None = None,
    repeatable: bool = False,
) -> dict[str, Any]:
    """POST `body` and return the JSON object that came back, whatever its errcode.

    A `repeatable` call may be made again without harm: a lost answer is `RetryLater`, else `OutcomeUnknown`.
    """
    # WeChat shows `\\u` escapes as they are, so that the text must travel as UTF-8.
    content = json.dumps(body, ensure_ascii=False).encode()
    try:
        response = await http.post(
            path,
            params=None if token is None else {"access_token": token},
            content=content,
            headers={"Content-Type": "application/json; charset=utf-8"},
        )
    except httpx.RequestError as error:
        raise connection_failure(error, repeatable=repeatable) from error
    check_status(response)
    answer = read_json(response.content)
    if answer is None:
        lost = RetryLater if repeatable else OutcomeUnknown
        raise lost("the answer is no JSON object")
    return answer


def connection_failure(error: httpx.RequestError, *, repeatable: bool) -> ChannelError:
    """What a broken connection means: nothing left us, or nobody knows."""
    name = type(error).__name__
    if isinstance(error, httpx.UnsupportedProtocol):
        return Misconfigured("the address of the WeChat API is not usable")
    if repeatable or isinstance(error, _NOT_SENT):
        return RetryLater(f"no connection: {name}")
    return OutcomeUnknown(f"no answer: {name}")


def check_status(response: httpx.Response) -> None:
    """WeChat answers 200 to everything that reached its API: any other status speaks of the way there."""
    status = response.status_code
    if status == httpx.codes.OK:
        return
    if status >= 500 or status == httpx.codes.TOO_MANY_REQUESTS:
        raise RetryLater(f"HTTP {status}", code=f"HTTP {status}", whole_bot=True)
    raise Misconfigured(f"HTTP {status} instead of an answer of WeChat's", code=f"HTTP {status}")


def read_json(content: bytes) -> dict[str, Any] | None:
    """The JSON object in an answer; None where it holds none."""
    try:
        answer = json.loads(content)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def errcode_of(answer: dict[str, Any]) -> tuple[int, str]:
    """The errcode (0: all is well) and errmsg of an answer."""
    errcode = answer.get("errcode", 0)
    return (errcode if isinstance(errcode, int) else -1), str(answer.get("errmsg", ""))
