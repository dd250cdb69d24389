"""Runs the carrier: one process, a thread for each connection, so that an open page or a held answer
delays nobody."""

from __future__ import annotations

import signal
from types import FrameType

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot.simulator.app import close_simulator, create_simulator
from bot.simulator.database import Clock
from bot.simulator.memory import machine_clock
from bot.simulator.settings import CarrierSettings


class _QuietHandler(WSGIRequestHandler):
    """Keeps connections open, and says nothing about requests that went well."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        if str(code).startswith("5"):
            super().log_request(code, size)


def listen(app: Flask, port: int, host: str = "127.0.0.1") -> BaseWSGIServer:
    """A server that listens and does not yet serve; port 0 finds a free one. Raises OSError when it is
    taken."""
    return make_server(host, port, app, threaded=True, request_handler=_QuietHandler)


def serve(
    settings: CarrierSettings, port: int, host: str = "127.0.0.1", clock: Clock = machine_clock
) -> None:
    """Serves until SIGTERM or SIGINT, then closes the database and returns. Must run in the main thread."""
    app = create_simulator(settings, clock)
    try:
        server = listen(app, port, host)
    except BaseException:
        close_simulator(app)
        raise

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        server.serve_forever()
    finally:
        server.server_close()
        close_simulator(app)
