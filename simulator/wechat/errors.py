"""Error codes of the WeChat API with the platform's English messages.

Source: developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html. HTTP status is
always 200.
"""

from __future__ import annotations

import secrets
from typing import Any

MESSAGES: dict[int, str] = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40023: "invalid sub button size",
    40025: "invalid sub button name size",
    40037: "invalid template_id",
    40125: "invalid appsecret",
    41001: "access_token missing",
    41006: "media_id missing",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    44002: "empty post data",
    44004: "empty content",
    45002: "content size out of limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    45072: "invalid command",
    45080: "no message interaction within 30 seconds",
    45081: "already in typing status",
    46003: "menu no exist",
    47001: "data format error",
    48001: "api unauthorized",
}


class WechatError(Exception):
    """``code``: one of ``MESSAGES``."""

    def __init__(self, code: int) -> None:
        super().__init__(MESSAGES[code])
        self.code = code
        self.reason = MESSAGES[code]

    def body(self) -> dict[str, Any]:
        # The platform adds the request's id to every refusal; clients must not compare whole messages.
        request = f"{secrets.token_hex(4)}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
        return {"errcode": self.code, "errmsg": f"{self.reason} rid: {request}"}
