"""What the jobs of this process work with. Set once when the process starts, never at import."""

from __future__ import annotations

from bot.services import Services

_services: Services | None = None


def use(services: Services) -> None:
    """Let the jobs of this process work with these."""
    global _services
    _services = services


def services() -> Services:
    """Raises RuntimeError in a process that never called `use`."""
    if _services is None:
        raise RuntimeError("workers.context.use(services) must run before any job: start `python -m workers`")
    return _services
