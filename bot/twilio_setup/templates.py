"""The templates that Ayllu wants registered, as Twilio's Content API takes them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from bot.dialogue.wording import wording

LANGUAGE = "es"
CATEGORY = "UTILITY"
"""Each is about what the person asked for or agreed to, which is what WhatsApp means by it."""

SAMPLES = {
    "address": "Jr. Los Pinos 123.",
    "before": "Sra. Flor",
    "budget": "Ofrece S/ 20 al día.",
    "child": "un niño de 2 años",
    "code": "B3",
    "distance": "1.2 km",
    "name": "Sra. Rosa",
    "need": "un niño de 2 años, lunes a viernes 8am-5pm",
    "number": "3",
    "phone": "987 654 321",
    "place": "Collique (Comas)",
    "price": "S/ 20 al día",
    "thing": "2 cupos",
    "when": "lunes a viernes 8am-5pm",
    "why": "no puede esta vez",
    "words": "solo hasta las 4 de la tarde",
}
"""What WhatsApp's reviewers see in each gap."""


@dataclass(frozen=True, slots=True)
class WantedTemplate:
    """`key` is the wording's name; `name` the template's at Twilio and at WhatsApp, which changes with its text."""

    key: str
    name: str
    body: str
    variables: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """The request that makes it. The client's own request class would send every other content type as null."""
        return {
            "friendly_name": self.name,
            "language": LANGUAGE,
            "variables": self.variables,
            "types": {"twilio/text": {"body": self.body}},
        }


def wanted_templates() -> list[WantedTemplate]:
    """One for each wording that may leave more than 24 hours after a person last wrote."""
    return [_template(key) for key in wording().templates]


def _template(key: str) -> WantedTemplate:
    message = wording().messages[key]
    gaps = {name: "{{" + str(number) + "}}" for number, name in enumerate(message.variables, start=1)}
    body = (message.registered or message.whatsapp).format(**gaps)
    variables = {str(number): SAMPLES[name] for number, name in enumerate(message.variables, start=1)}
    version = hashlib.sha256(f"{LANGUAGE}\n{body}".encode()).hexdigest()[:8]
    return WantedTemplate(key, f"{prefix_of(key)}{version}", body, variables)


def prefix_of(key: str) -> str:
    """With what the name of every version of it begins."""
    return f"ayllu_{key}_"
