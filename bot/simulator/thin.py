"""Answers made smaller on their way: text is packed for browsers that can unpack it, which is all of them."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

LEAST_BYTES = 1000
"""Below that, packing gains nothing."""
PACKED = ("text/", "application/json", "application/javascript", "image/svg+xml")


def be_thin(app: Flask) -> None:
    """Pack every answer of the application that is text."""

    @app.after_request
    def pack(response: Response) -> Response:
        if (
            request.method != "GET"
            or response.status_code != 200
            or not (response.mimetype or "").startswith(PACKED)
            or not request.accept_encodings["gzip"]
            or "Content-Encoding" in response.headers
        ):
            return response
        response.direct_passthrough = False
        if len(whole := response.get_data()) >= LEAST_BYTES:
            response.set_data(gzip.compress(whole, compresslevel=6, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
            response.vary.add("Accept-Encoding")
        return response
