"""All the pages of providers: importing this adds them to the blueprint."""

from bot.console.providers import checking, editing, file, finding, tables
from bot.console.providers.blueprint import bp

__all__ = ["bp", "checking", "editing", "file", "finding", "tables"]
