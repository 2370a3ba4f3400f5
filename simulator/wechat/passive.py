"""Reading the product's answer to a push: nothing to say, a passive reply, or something the platform cannot
use.

Source: developers.weixin.qq.com/doc/offiaccount/Message_Management/Passive_user_reply_message.html:
"success" or an empty body means nothing to say; a reply is XML; anything else is shown to the user as a
fault of the account.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree

from simulator.wechat.envelope import BadEnvelope, Envelope, signature

TEXT_LIMIT = 2048  # bytes
_MEDIA = {"image": "Image", "voice": "Voice", "video": "Video"}


@dataclass(frozen=True)
class Reply:
    """``kind`` "none": nothing to say; "broken": unusable, and ``reason`` says why."""

    kind: Literal["none", "text", "image", "voice", "video", "news", "broken"]
    text: str = ""
    media_id: str = ""
    reason: str = ""


def _broken(reason: str) -> Reply:
    return Reply("broken", reason=reason)


def read_reply(body: str, openid: str, account: str, token: str, envelope: Envelope | None) -> Reply:
    """``envelope``: in AES mode, the one that the answer must come in."""
    text = body.strip()
    if text in ("", "success"):
        return Reply("none")
    try:
        root = _parsed(text)
        if envelope is not None:
            root = _parsed(_opened(root, token, envelope))
    except ElementTree.ParseError as error:
        return _broken(f"not XML: {error}")
    except BadEnvelope as error:
        return _broken(f"cannot be opened: {error}")
    if root.findtext("ToUserName") != openid or root.findtext("FromUserName") != account:
        return _broken("ToUserName and FromUserName must be swapped")
    if not (root.findtext("CreateTime") or "").isdigit():
        return _broken("CreateTime must be a number")
    return _content(root)


def _parsed(text: str) -> ElementTree.Element:
    if "<!DOCTYPE" in text:  # entities are declared nowhere else, and no reply has any
        raise ElementTree.ParseError("a document type is not allowed")
    return ElementTree.fromstring(text)  # noqa: S314 - see above


def _opened(root: ElementTree.Element, token: str, envelope: Envelope) -> str:
    sealed = root.findtext("Encrypt") or ""
    parts = (token, root.findtext("TimeStamp") or "", root.findtext("Nonce") or "", sealed)
    if not sealed or signature(*parts) != root.findtext("MsgSignature"):
        raise BadEnvelope("wrong MsgSignature")
    return envelope.open(sealed)


def _content(root: ElementTree.Element) -> Reply:
    kind = root.findtext("MsgType") or ""
    if kind == "text":
        content = root.findtext("Content") or ""
        if not content:
            return _broken("empty Content")
        if len(content.encode()) > TEXT_LIMIT:
            return _broken("Content over 2048 bytes")
        return Reply("text", content)
    if kind in _MEDIA:
        media_id = root.findtext(f"{_MEDIA[kind]}/MediaId") or ""
        return Reply(kind, media_id=media_id) if media_id else _broken("MediaId missing")  # type: ignore[arg-type]
    if kind == "news":
        titles = [item.findtext("Title") or "" for item in root.findall("Articles/item")]
        return Reply("news", "\n".join(titles)) if titles else _broken("no articles")
    if kind == "transfer_customer_service":
        return Reply("none")
    return _broken(f"MsgType {kind!r} is unknown")
