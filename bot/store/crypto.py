"""How what people write is kept: sealed at rest, and looked up by a keyed hash."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class VaultError(Exception):
    """Something stored can be opened with none of the secrets that are set."""


class Vault:
    """Seals and opens text with keys derived from a secret (HKDF-SHA256, Fernet; HMAC-SHA256 for look-ups).

    What was sealed with a former secret is opened too, and what was looked up by one is found; nothing new is made
    with it.
    """

    def __init__(self, secret: str, former: Iterable[str] = ()) -> None:
        secrets = [secret, *(one for one in former if one != secret)]
        fernets = [Fernet(base64.urlsafe_b64encode(_derive(one, b"ayllu seal"))) for one in secrets]
        self._today = fernets[0]
        self._fernet = MultiFernet(fernets)
        self._look_up_secrets = [_derive(one, b"ayllu look-up") for one in secrets]
        self.cookie_keys = [_derive(one, b"ayllu cookie") for one in secrets]
        """What the console signs cookies with, today's first."""

    def seal(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Raises VaultError when it was sealed with a secret that is not known here."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise VaultError(
                "something stored was sealed with another SECRET_KEY: set the one it was written with, or put that"
                " one into SECRET_KEYS_OLD"
            ) from None

    def renewed(self, sealed: bytes) -> bytes | None:
        """The same, sealed with today's secret; None where it is already. Raises VaultError."""
        try:
            self._today.decrypt(sealed)
        except InvalidToken:
            return self.seal(self.open(sealed))
        return None

    def seal_json(self, value: Any) -> bytes:
        return self.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def open_json(self, sealed: bytes) -> Any:
        return json.loads(self.open(sealed))

    def look_up_key(self, address: str) -> bytes:
        """The same 32 bytes for the same address, telling nothing of it without the secret."""
        return _keyed_hash(self._look_up_secrets[0], address)

    def former_keys(self, address: str) -> list[bytes]:
        """What the address was looked up by under former secrets."""
        return [_keyed_hash(secret, address) for secret in self._look_up_secrets[1:]]


def mark_of(secret: str) -> str:
    """Eight characters by which a secret is known again, and which tell nothing of it."""
    return _derive(secret, b"ayllu mark")[:4].hex()


def _keyed_hash(secret: bytes, address: str) -> bytes:
    return hmac.digest(secret, address.encode(), hashlib.sha256)


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
