"""Signatures and the AES envelope of WeChat's callbacks, written from the platform's description.

Source:
developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html.
Key: base64 of the 43 characters and "=". Text: 16 random bytes, length (4 bytes, network order), message,
appid; padded after PKCS#7 to 32-byte blocks; AES-256-CBC, the key's first 16 bytes being the initial
vector.
"""

from __future__ import annotations

import base64
import hashlib
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32


class BadEnvelope(ValueError):
    """The encrypted answer cannot be opened, or is not for this account."""


def signature(*parts: str) -> str:
    """SHA-1 over the parts sorted and joined: (token, timestamp, nonce), with AES also the cipher text."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


class Envelope:
    def __init__(self, aes_key: str, app_id: str) -> None:
        self._key = base64.b64decode(aes_key + "=")
        self._app_id = app_id.encode()

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))

    def seal(self, message: str) -> str:
        body = message.encode()
        plain = os.urandom(16) + struct.pack("!I", len(body)) + body + self._app_id
        missing = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(
            encryptor.update(plain + bytes([missing]) * missing) + encryptor.finalize()
        ).decode()

    def open(self, sealed: str) -> str:
        """Raises ``BadEnvelope``."""
        try:
            cipher_text = base64.b64decode(sealed, validate=True)
            decryptor = self._cipher().decryptor()
            plain = decryptor.update(cipher_text) + decryptor.finalize()
            padding = plain[-1]
            if not 1 <= padding <= _BLOCK or plain[-padding:] != bytes([padding]) * padding:
                raise BadEnvelope("wrong padding")
            plain = plain[:-padding]
            (length,) = struct.unpack("!I", plain[16:20])
            message, app_id = plain[20 : 20 + length], plain[20 + length :]
            if app_id != self._app_id:
                raise BadEnvelope("made for another appid")
            return message.decode()
        except (ValueError, IndexError, struct.error) as error:
            raise BadEnvelope(str(error)) from error
