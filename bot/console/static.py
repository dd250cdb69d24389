"""The console's few files, whose address changes when they do, so that a browser asks for each once."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory, url_for

ENDPOINT = "console.static"
FOLDER = Path(__file__).parent / "static"
KEPT_S = 365 * 24 * 3600

bp = Blueprint("console", __name__, url_prefix="/console", template_folder="templates")


@bp.get("/static/<name>", endpoint="static")
def file(name: str) -> Response:
    """A file, to be kept for good under the address that `url` gives."""
    response = send_from_directory(FOLDER, name)
    if request.args.get("v") == _version(name):
        response.cache_control.public = True
        response.cache_control.immutable = True
        response.cache_control.max_age = KEPT_S
        response.cache_control.no_cache = None
    return response


def url(name: str) -> str:
    """The address of a file as it is now."""
    return url_for(ENDPOINT, name=name, v=_version(name))


@lru_cache(maxsize=64)
def _version(name: str) -> str:
    path = FOLDER / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else ""
