"""Answers that go wrong on the wire: a connection that breaks, a file that ends too soon."""

from __future__ import annotations

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class BrokenConnection(Response):
    """Sends ``body`` of a longer promised content and hangs up: the client sees the connection close
    mid-answer.

    An ASGI application cannot refuse the very first byte, so the head is sent; the server closes the
    connection as soon as it sees that the promised bytes will not come.
    """

    def __init__(self, body: bytes = b"", promised: int = 1024, media_type: str = "application/json") -> None:
        super().__init__(media_type=media_type)
        self.sent = body
        self.headers["Content-Length"] = str(max(promised, len(body) + 1))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        if self.sent:
            await send({"type": "http.response.body", "body": self.sent, "more_body": True})
