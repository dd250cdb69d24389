"""The roles a process can have, and the command that starts each: `python -m deploy.roles web`."""

from __future__ import annotations

import os
import sys

from deploy.checks import CannotStart, check_settings_and_model

ROLES: dict[str, list[str]] = {
    "web": [
        "-m",
        "gunicorn",
        "--worker-class=gthread",
        "--config=python:deploy.web",
        "--access-logfile=/dev/null",
        "--log-level=warning",
        "--timeout=30",
        "--graceful-timeout=20",
        "--keep-alive=75",
        "--limit-request-line=2048",
        "--limit-request-fields=50",
        "--limit-request-field_size=4096",
        "bot.app:create_app()",
    ],
    "worker": ["-m", "workers"],
    "scheduler": ["-m", "workers", "scheduler"],
    "migrate": ["-m", "bot", "migrate"],
}


def command(role: str) -> list[str]:
    """The command line of a role. Raises KeyError for one there is not."""
    extra: list[str] = []
    if role == "web":
        extra = [
            f"--bind={os.environ.get('BIND', '0.0.0.0')}:{os.environ.get('PORT', '8000')}",  # noqa: S104 - in a container
            f"--workers={os.environ.get('WEB_CONCURRENCY', '2')}",
            f"--threads={os.environ.get('WEB_THREADS', '4')}",
        ]
    return [sys.executable, *ROLES[role], *extra]


def main() -> None:
    role = sys.argv[1] if len(sys.argv) == 2 else ""
    if role not in ROLES:
        sys.exit(f"usage: python -m deploy.roles {'|'.join(ROLES)}")
    try:
        if role in ("web", "worker"):
            check_settings_and_model()
    except CannotStart as error:
        sys.exit(str(error))
    os.execv(sys.executable, command(role))  # noqa: S606 - this process becomes that one


if __name__ == "__main__":
    main()
