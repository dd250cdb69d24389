"""What a simulator's page shows of the bot's inside: what became of a message, what is still to come, who is who.

It is there only beside a simulator, where all people are invented (`Settings.simulated`), and opens to the carrier's
signature alone.
"""

from __future__ import annotations

from flask import Flask

from bot.backstage.doors import backstage

__all__ = ["add_backstage"]


def add_backstage(app: Flask) -> None:
    """Put its doors into the application."""
    app.register_blueprint(backstage)
