"""Signatures and encryption of what WeChat posts and of our passive replies.

Source: developers.weixin.qq.com, "消息加解密说明". The cipher is wechatpy's; the comparison is ours, in
constant time.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct

from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import InvalidAppIdException

_REPLY = """<xml>
<Encrypt><![CDATA[{encrypted}]]></Encrypt>
<MsgSignature><![CDATA[{signature}]]></MsgSignature>
<TimeStamp>{timestamp}</TimeStamp>
<Nonce><![CDATA[{nonce}]]></Nonce>
</xml>"""


class Undecipherable(ValueError):
    """Signed by WeChat but not readable with our AES key and AppID."""


def signature(token: str, *signed: str) -> str:
    """SHA-1 over the sorted parts, as WeChat signs."""
    return hashlib.sha1("".join(sorted([token, *signed])).encode()).hexdigest()  # noqa: S324 - WeChat's choice


def signature_matches(given: str, token: str, *signed: str) -> bool:
    """Is `given` the signature of the parts? Takes the same time wherever they differ."""
    return hmac.compare_digest(given.encode(), signature(token, *signed).encode())


class Cipher:
    """Encryption with the account's EncodingAESKey (43 characters); `ValueError` for another."""

    def __init__(self, aes_key: str, app_id: str) -> None:
        try:
            self._key = base64.b64decode(f"{aes_key}=", validate=True)
        except binascii.Error as broken:
            raise ValueError("the EncodingAESKey is no base64") from broken
        if len(self._key) != 32:
            raise ValueError("an EncodingAESKey has 43 characters")
        self._app_id = app_id

    def decrypt(self, encrypted: str) -> str:
        """The XML inside an `Encrypt` element; `Undecipherable` if key, AppID or data are wrong."""
        try:
            plain: str = _Prp(self._key).decrypt(encrypted, self._app_id)
        except (ValueError, IndexError, TypeError, struct.error, InvalidAppIdException) as broken:
            raise Undecipherable(f"cannot be decrypted: {type(broken).__name__}") from broken
        return plain

    def encrypt_reply(self, xml: str, *, token: str, timestamp: str, nonce: str) -> str:
        """A passive reply in its encrypted envelope."""
        encrypted = _Prp(self._key).encrypt(xml, self._app_id).decode("ascii")
        signed = signature(token, timestamp, nonce, encrypted)
        return _REPLY.format(encrypted=encrypted, signature=signed, timestamp=timestamp, nonce=nonce)


class _Prp(PrpCrypto):  # type: ignore[misc]  # wechatpy is untyped
    def get_random_string(self) -> str:
        """The 16 characters that make equal texts differ; wechatpy's own come from a guessable generator."""
        return secrets.token_hex(8)
