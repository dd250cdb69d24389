"""Passwords: hashed with argon2, judged, and made up."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
DIFFERENT = 6
"""So many different letters there must be, lest it be aaaaaaaaaaaa."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's parameters for argon2id: some 30 ms and 19 MiB."""

_AT_ONCE = BoundedSemaphore(2)
_PATIENCE_S = 2.0
"""The process also answers the carrier: however many try passwords at once, two are looked at, and who waits longer is
told to come again."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What nobody takes for another when reading it aloud: no i, l, o, 0, 1."""


class TooBusy(Exception):
    """Too many passwords are looked at just now."""


def hash_of(password: str) -> str:
    """Raises TooBusy."""
    with _in_turn():
        return _HASHER.hash(_normal(password))


def is_right(password: str, password_hash: str | None) -> bool:
    """Whether it is this password. Without a hash it never is, and that takes as long. Raises TooBusy."""
    with _in_turn():
        try:
            _HASHER.verify(password_hash or _nobodys(), _normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether it was hashed with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


class Fault(StrEnum):
    """Why a password is no good one, for who reads the command line; SAID has it for who reads the console."""

    SHORT = f"it must have {SHORTEST} characters or more: a short sentence does well"
    LONG = f"it must have {LONGEST} characters or fewer"
    SAME_LETTERS = "it repeats the same few characters: a short sentence does well"
    LIKE_NAME = "it is too much like the name or the login"


SAID: dict[Fault, str] = {
    Fault.SHORT: f"Use al menos {SHORTEST} caracteres. Una frase corta sirve muy bien.",
    Fault.LONG: f"Use como máximo {LONGEST} caracteres.",
    Fault.SAME_LETTERS: "Repite mucho las mismas letras. Una frase corta sirve muy bien.",
    Fault.LIKE_NAME: "Se parece demasiado a su nombre o a su usuario.",
}


def fault_of(password: str, login: str, name: str) -> Fault | None:
    """Why this is no good password; None for a good one."""
    plain = _normal(password).casefold()
    if len(plain) < SHORTEST:
        return Fault.SHORT
    if len(plain) > LONGEST:
        return Fault.LONG
    if len(set(plain)) < DIFFERENT:
        return Fault.SAME_LETTERS
    known = {login.casefold(), *(part for part in name.casefold().split() if len(part) > 3)}
    left = plain
    for part in sorted(known, key=len, reverse=True):
        left = left.replace(part, "")
    return Fault.LIKE_NAME if len(left) < SHORTEST // 2 else None


def one_time_password() -> str:
    """Easy to read aloud and to type, 79 bits to guess."""
    return grouped("".join(secrets.choice(_LETTERS) for _ in range(16)))


def grouped(letters: str) -> str:
    """
    >>> grouped("abcdefgh2345")
    'abcd-efgh-2345'
    """
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))


@contextmanager
def _in_turn() -> Iterator[None]:
    if not _AT_ONCE.acquire(timeout=_PATIENCE_S):
        raise TooBusy
    try:
        yield
    finally:
        _AT_ONCE.release()


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
