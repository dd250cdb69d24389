"""Bringing a database to today's tables."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from bot.store.database import sqlalchemy_url


def alembic_config(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["database_url"] = sqlalchemy_url(database_url)
    return config


def migrate(database_url: str) -> None:
    """Run the migrations this database has not seen. Run again, it changes nothing."""
    command.upgrade(alembic_config(database_url), "head")
