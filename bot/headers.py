"""What every answer tells a browser: hardly anything is allowed. And errors in plain words, without a page."""

from __future__ import annotations

from flask import Flask, Response
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For answers that are no page."""
OWN_FILES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
"""For a page that works with what comes from its own address, and no script in the page itself."""


def be_strict(app: Flask, policy: str, https: bool = False) -> None:
    """Put these on every answer of the application; with `https`, that it is to be called by HTTPS alone."""
    told = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }
    if https:
        told["Strict-Transport-Security"] = "max-age=31536000"

    @app.after_request
    def tell(response: Response) -> Response:
        for name, value in told.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def errors_in_words(app: Flask) -> None:
    """An error is a line of text that quotes nothing of what was asked."""

    app.register_error_handler(HTTPException, in_words)


def in_words(error: HTTPException) -> AnyResponse:
    """The error as a line of text; what is none, such as a redirect, stays as it is."""
    answer: AnyResponse = error.get_response()
    if answer.status_code >= 400:
        answer.set_data(f"{answer.status}\n")
        answer.mimetype = "text/plain"
    return answer
