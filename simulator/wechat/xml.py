"""The XML of WeChat's pushes: element order and CDATA as the documentation shows them."""

from __future__ import annotations

import re
from typing import Any

# XML 1.0 has no way to carry these.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def cdata(text: str) -> str:
    clean = _FORBIDDEN.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{clean}]]>"


def element(name: str, value: Any) -> str:
    """Numbers stand bare, texts in CDATA, dictionaries as child elements, lists as repeated ones."""
    if isinstance(value, dict):
        return f"<{name}>{''.join(element(child, inner) for child, inner in value.items())}</{name}>"
    if isinstance(value, list):
        return "".join(element(name, inner) for inner in value)
    return f"<{name}>{value if isinstance(value, (int, float)) else cdata(value)}</{name}>"


def push_xml(account: str, openid: str, created: int, kind: str, content: dict[str, Any]) -> str:
    """``kind``: MsgType; ``content``: the elements after it, MsgId included."""
    return element(
        "xml",
        {"ToUserName": account, "FromUserName": openid, "CreateTime": created, "MsgType": kind, **content},
    )
