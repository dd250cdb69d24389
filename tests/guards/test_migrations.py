"""The migrations lead to the tables that the code works with."""

from __future__ import annotations

from alembic import command

from bot.store.migrate import alembic_config


def test_migrations_and_tables_agree(engine_urls: tuple[str, str]) -> None:
    command.check(alembic_config(engine_urls[0]))
