"""What goes wrong, told on a page of the console; everywhere else it stays a line of text."""

from __future__ import annotations

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, ServiceUnavailable
from werkzeug.wrappers import Response

from bot.console.access.guard import CONSOLE
from bot.console.access.passwords import TooBusy
from bot.headers import in_words
from bot.store import StoreUnavailable

TOLD: dict[int, tuple[str, str]] = {
    400: ("No se pudo leer lo que envió", "Vuelva a la página anterior y pruebe otra vez."),
    403: ("No tiene permiso para esto", "Si lo necesita, pídalo a quien administra el equipo."),
    404: ("Esa página no existe", "Quizá la dirección está mal escrita, o lo que busca ya se borró."),
    405: ("Esa página no existe", "Vuelva a la página anterior y use el botón que corresponde."),
    413: ("El archivo es muy grande", "Envíe uno más pequeño, o divídalo en partes."),
    429: ("Demasiados intentos", "Espere un momento y pruebe de nuevo."),
    500: ("Algo falló de nuestro lado", "Ya quedó anotado. Pruebe otra vez en un momento."),
    503: (
        "Ahora no se puede",
        "El sistema está ocupado o la base de datos no responde. Pruebe en un minuto.",
    ),
}
EXPIRED = ("La página estaba abierta hace mucho", "Vuelva a la página anterior, recárguela y envíe otra vez.")


def pages_for_errors(app: Flask) -> None:
    for code in TOLD:
        app.register_error_handler(code, told)
    app.register_error_handler(CSRFError, told)
    app.register_error_handler(StoreUnavailable, away)
    app.register_error_handler(TooBusy, away)


def told(error: HTTPException) -> Response | tuple[str, int]:
    """A page for the console's people, a line for everybody else."""
    if not request.path.startswith(CONSOLE):
        return in_words(error)
    code = error.code if error.code in TOLD else 500
    title, advice = EXPIRED if isinstance(error, CSRFError) else TOLD[code or 500]
    return render_template("console/error.html", title=title, advice=advice), error.code or 500


def away(error: Exception) -> Response | tuple[str, int]:
    """The database does not answer, or too much is asked at once."""
    if not request.path.startswith(CONSOLE):
        raise error
    return told(ServiceUnavailable())
