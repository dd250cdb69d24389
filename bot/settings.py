"""The settings: the only place that reads the environment.

Each field is an environment variable of the same name in capitals; a secret may also be given as a file's path in
`NAME_FILE`. `Settings.load()` reports every wrong setting at once.
"""

from __future__ import annotations

import json
import os
import re
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from matching.offers import OfferRules, WorkingHours

PLACES_FILE = "places.sqlite"

TWILIO_API_URL = "https://api.twilio.com"


class SettingsError(Exception):
    """One or more settings are missing or wrong. The message lists each, with what it should be."""


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("must be an address like https://ayllu.example.pe")
    return value.rstrip("/")


def _tiles_address(value: str) -> str:
    missing = [part for part in ("{z}", "{x}", "{y}") if part not in value]
    if missing or not value.startswith("https://") or set("{}") & set(re.sub(r"\{[zxy]\}", "", value)):
        raise ValueError("must be an address like https://tiles.example.pe/{z}/{x}/{y}.png")
    return _web_address(value)


def _phone_number(value: str) -> str:
    bare = value.removeprefix("whatsapp:")
    if not (bare.startswith("+") and bare[1:].isdigit() and 8 <= len(bare) <= 16):
        raise ValueError("must be a number in international form, like +5117000000")
    return bare


def _json_object(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        found = json.loads(value)
    except ValueError:
        raise ValueError("is no JSON") from None
    if not isinstance(found, dict):
        raise ValueError("must be a JSON object")
    return found


def _templates(value: dict[str, str]) -> dict[str, str]:
    # Here and not above: the settings are read by processes that never speak, and by what the dialogue may import.
    from bot.dialogue.wording import wording

    unknown = sorted(value.keys() - wording().messages.keys())
    if unknown:
        raise ValueError(f"no wording is called {', '.join(unknown)}")
    wrong = sorted(key for key, sid in value.items() if not re.fullmatch("HX[0-9a-fA-F]{32}", sid))
    if wrong:
        raise ValueError(f"is no ContentSid (HX and 32 hexadecimal digits): {', '.join(wrong)}")
    return value


def _secrets(value: object) -> object:
    return secrets_in(value) if isinstance(value, str) else value


def secrets_in(listed: str) -> list[str]:
    """The secrets in SECRET_KEYS_OLD: with commas between them, or a JSON list where one has a comma in it. Raises
    ValueError."""
    if listed.lstrip().startswith("["):
        return [str(secret) for secret in json.loads(listed)]
    return [secret for part in listed.split(",") if (secret := part.strip())]


TilesAddress = Annotated[str, AfterValidator(_tiles_address)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
PhoneNumber = Annotated[str, AfterValidator(_phone_number)]
FormerSecrets = Annotated[tuple[Annotated[SecretStr, Field(min_length=32)], ...], BeforeValidator(_secrets)]
Templates = Annotated[dict[str, str], BeforeValidator(_json_object), AfterValidator(_templates)]


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
    twilio_templates: Templates = Field(
        default={}, description='A JSON object: the name of a wording to its template, {"greet": "HX…"}'
    )
    sms_per_second: int = Field(
        default=10, ge=1, le=1000, description="How many SMS segments the SMS number may send in a second"
    )
    offer_minutes: int = Field(
        default=120,
        ge=1,
        le=1440,
        description="How many minutes within OFFER_FROM and OFFER_UNTIL a provider has to answer",
    )
    offer_tries: int = Field(
        default=5, ge=1, le=20, description="How many providers are asked for one request"
    )
    offer_from: time = Field(
        default=time(7, 0), description="From when providers are written to, Lima time, 07:00"
    )
    offer_until: time = Field(default=time(20, 30), description="Until when, 20:30")
    take_over_minutes: int = Field(
        default=120,
        ge=5,
        le=600,
        description="After so many minutes without a word of theirs, the bot answers again where an operator took over",
    )
    public_url: WebAddress = Field(description="The address Twilio calls and signs, without a path")
    secret_key: SecretStr = Field(
        min_length=32, description="Encrypts numbers and messages where they are stored"
    )
    secret_keys_old: FormerSecrets = Field(
        default=(), description="Former SECRET_KEYs, with commas, until `ayllu keys rotate` is through"
    )
    keep_messages_days: int = Field(
        default=180, ge=7, le=3650, description="After so many days messages are deleted"
    )
    keep_people_days: int = Field(
        default=730, ge=30, le=3650, description="So many days after they last wrote people are forgotten"
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="Who bears it may read /metrics; without it nobody may, on Twilio",
    )
    map_tiles_url: TilesAddress | None = Field(
        default=None, description="Pictures beneath the console's maps: https://…/{z}/{x}/{y}.png"
    )
    map_tiles_attribution: str = Field(default="", description="Whom that tile server wants to be thanked")
    proxies: int = Field(
        default=0,
        ge=0,
        le=10,
        description="How many proxies of ours a request passes: from which address the console is tried",
    )
    port: int = Field(default=8000, ge=1, le=65535, description="The port the web process listens on")
    data_dir: Path = Field(default=Path("var"), description="Where files live that are not in the database")
    log_level: str = Field(
        default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG … ERROR"
    )
    log_format: str = Field(
        default="text", pattern="^(text|json)$", description="text for people, json for machines that read it"
    )
    simulator_url: str | None = Field(default=None, description="Where the simulator is, when one runs")

    @model_validator(mode="after")
    def _day_has_hours(self) -> Self:
        if self.offer_from >= self.offer_until:
            raise ValueError("OFFER_FROM must come before OFFER_UNTIL")
        return self

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
    def simulated(self) -> bool:
        """Whether a simulator runs beside, and all people are invented."""
        return self.simulator_url is not None and not self.live

    @property
    def offer_rules(self) -> OfferRules:
        """How providers are asked."""
        hours = WorkingHours(self.offer_from, self.offer_until)
        return OfferRules(timedelta(minutes=self.offer_minutes), self.offer_tries, hours)

    @property
    def take_over(self) -> timedelta:
        """How long an operator may be silent in a conversation that they took over."""
        return timedelta(minutes=self.take_over_minutes)

    @property
    def former_secrets(self) -> list[str]:
        """Secrets with which what is stored may still be sealed."""
        return [secret.get_secret_value() for secret in self.secret_keys_old]

    @property
    def status_url(self) -> str:
        return f"{self.public_url}/twilio/status"

    @property
    def messages_url(self) -> str:
        """Where Twilio brings what people write."""
        return f"{self.public_url}/twilio/messages"

    @property
    def fallback_url(self) -> str:
        """Where Twilio brings it when the first address gave no good answer."""
        return f"{self.public_url}/twilio/fallback"

    @property
    def imported_places(self) -> Path | None:
        """The national table of places that `ayllu import places` wrote, if it did."""
        path = self.data_dir / PLACES_FILE
        return path if path.exists() else None


SEND_LEASE = timedelta(seconds=30)
"""How long a worker may take over one message before another looks whether it left. It never takes longer: its calls to
the carrier are bounded, and one that finds itself past the half of it does not send."""

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
        name = str(fault["loc"][0]) if fault["loc"] else "the settings together"
        field = Settings.model_fields.get(name)
        meaning = f" — {field.description}" if field else ""
        lines.append(f"  {name.upper()}: {fault['msg']}{meaning}")
    return "\n".join(lines)
