"""Ports for what a test starts in processes of its own."""

from __future__ import annotations

import random
import socket

BELOW_THE_SYSTEMS_OWN = range(15_000, 32_000)
"""Linux lends 32768 and up to whoever calls out: a port taken there may be gone before a server binds it."""


def free_ports(count: int = 1) -> int:
    """The first of so many ports in a row that nobody listens on."""
    while True:
        first = random.choice(BELOW_THE_SYSTEMS_OWN)
        if all(_is_free(port) for port in range(first, first + count)):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
