"""What must be right before a process starts: said once, in words, instead of a traceback for each worker."""

from __future__ import annotations

from bot.settings import Settings, SettingsError
from nlp.model_bundle import BundleError
from nlp.places import Gazetteer, NationalTableError
from nlp.tagger import Tagger

CannotStart = (SettingsError, BundleError, NationalTableError)
"""The errors of `check_settings_and_model`; each message says what is wrong and how to mend it."""


def check_settings_and_model() -> Settings:
    """The settings, when they are right, the model fits the code, and the imported places can be read.

    Raises one of `CannotStart`.
    """
    settings = Settings.load()
    Tagger.load()
    Gazetteer.load(national=settings.imported_places)
    return settings
