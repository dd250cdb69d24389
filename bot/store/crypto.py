"""How what people write is kept: sealed at rest, and looked up by a keyed hash."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class VaultError(Exception):
    """Something stored cannot be opened with this SECRET_KEY."""


class Vault:
    """Seals and opens text with keys derived from one secret (HKDF-SHA256, Fernet; HMAC-SHA256 for look-ups)."""

    def __init__(self, secret: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(_derive(secret, b"ayllu seal")))
        self._look_up_key = _derive(secret, b"ayllu look-up")

    def seal(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Raises VaultError when it was sealed with another key."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise VaultError(
                "a stored message was sealed with another SECRET_KEY: set the one it was written with"
            ) from None

    def seal_json(self, value: Any) -> bytes:
        return self.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def open_json(self, sealed: bytes) -> Any:
        return json.loads(self.open(sealed))

    def look_up_key(self, address: str) -> bytes:
        """The same 32 bytes for the same address, telling nothing of it without the secret."""
        return hmac.digest(self._look_up_key, address.encode(), hashlib.sha256)


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
