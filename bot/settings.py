"""The settings: the only place that reads the environment.

Each field is an environment variable of the same name in capitals; a secret may also be given as a file's path in
`NAME_FILE`. `Settings.load()` reports every wrong setting at once.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

PLACES_FILE = "places.sqlite"

TWILIO_API_URL = "https://api.twilio.com"


class SettingsError(Exception):
    """One or more settings are missing or wrong. The message lists each, with what it should be."""


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("must be an address like https://ayllu.example.pe")
    return value.rstrip("/")


def _phone_number(value: str) -> str:
    bare = value.removeprefix("whatsapp:")
    if not (bare.startswith("+") and bare[1:].isdigit() and 8 <= len(bare) <= 16):
        raise ValueError("must be a number in international form, like +5117000000")
    return bare


WebAddress = Annotated[str, AfterValidator(_web_address)]
PhoneNumber = Annotated[str, AfterValidator(_phone_number)]


class Settings(BaseModel):
    """Everything that may differ between two places where Ayllu runs."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    database_url: str = Field(description="PostgreSQL, as postgresql://user:password@host/name")
    redis_url: str = Field(description="Redis or Valkey, as redis://host:6379/0 or unix:///path")
    twilio_account_sid: str = Field(min_length=3, description="The account's SID, AC…")
    twilio_auth_token: SecretStr = Field(
        min_length=8, description="The account's auth token; it signs webhooks"
    )
    twilio_api_url: WebAddress = Field(
        default=TWILIO_API_URL, description="Twilio, or a carrier that speaks as it"
    )
    twilio_whatsapp_from: PhoneNumber = Field(description="The WhatsApp sender, +51…")
    twilio_sms_from: PhoneNumber = Field(description="The number SMS leave from, +51…")
    public_url: WebAddress = Field(description="The address Twilio calls and signs, without a path")
    secret_key: SecretStr = Field(
        min_length=32, description="Encrypts numbers and messages where they are stored"
    )
    port: int = Field(default=8000, ge=1, le=65535, description="The port the web process listens on")
    data_dir: Path = Field(default=Path("var"), description="Where files live that are not in the database")
    log_level: str = Field(
        default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG … ERROR"
    )
    simulator_url: str | None = Field(default=None, description="Where the simulator is, when one runs")

    @classmethod
    def load(cls) -> Settings:
        """The settings of this process. Raises SettingsError."""
        try:
            found = {name: value for name in cls.model_fields if (value := given(name)) is not None}
            return cls.model_validate(found)
        except ValidationError as error:
            raise SettingsError(_explain(error)) from None

    @property
    def live(self) -> bool:
        """Whether real people are on the other side: the carrier is Twilio itself."""
        host = urlsplit(self.twilio_api_url).hostname or ""
        return host == "twilio.com" or host.endswith(".twilio.com")

    @property
    def status_url(self) -> str:
        return f"{self.public_url}/twilio/status"

    @property
    def imported_places(self) -> Path | None:
        """The national table of places that `ayllu import places` wrote, if it did."""
        path = self.data_dir / PLACES_FILE
        return path if path.exists() else None


SEND_LEASE = timedelta(seconds=60)
"""How long a worker may take over one message before another looks whether it left."""

SEND_TOO_OLD = timedelta(hours=12)
"""An answer older than this helps nobody: it is given up, not sent."""


def given(name: str) -> str | None:
    """One setting as the environment gives it: NAME, or the text of the file at NAME_FILE; None when neither is there.

    Raises SettingsError for a file that cannot be read.
    """
    path = os.environ.get(f"{name.upper()}_FILE")
    if not path:
        return os.environ.get(name.upper()) or None
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{name.upper()}_FILE: cannot read {path}: {error.strerror}") from error


def _explain(error: ValidationError) -> str:
    lines = ["These settings are missing or wrong (each is an environment variable):"]
    for fault in error.errors():
        name = str(fault["loc"][0])
        field = Settings.model_fields.get(name)
        meaning = f" — {field.description}" if field else ""
        lines.append(f"  {name.upper()}: {fault['msg']}{meaning}")
    return "\n".join(lines)
