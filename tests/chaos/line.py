"""A line between two programs that can be cut, and can fall silent."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

CHUNK = 65536


class Line:
    """Listens on a port of this machine and carries both ways to where `connect` leads."""

    def __init__(self, connect: Callable[[], socket.socket]) -> None:
        self._connect = connect
        self._flows = threading.Event()
        self._flows.set()
        self._open = True
        self._ends: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Whoever talks is cut off, and nobody gets through."""
        self._open = False
        for end in list(self._ends):
            _close(end)

    def silence(self) -> None:
        """Everything stays open, and nothing arrives."""
        self._flows.clear()

    def mend(self) -> None:
        self._open = True
        self._flows.set()

    def close(self) -> None:
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            if not self._open:
                _close(caller)
                continue
            try:
                other = self._connect()
            except OSError:
                _close(caller)
                continue
            self._ends |= {caller, other}
            for source, target in ((caller, other), (other, caller)):
                threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(CHUNK):
                self._flows.wait()
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            self._ends.discard(end)
            _close(end)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
