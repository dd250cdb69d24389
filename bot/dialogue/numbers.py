"""The phone number of somebody whose WhatsApp hides it: given in a message of its own, it is kept for SMS."""

from __future__ import annotations

import re

from bot.dialogue import asking, keywords
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import say
from bot.messages import Job, JobKind

_GIVEN = re.compile(
    r"(?:hola )?(?:(?:este )?es )?(?:(?:mi|el) (?:numero|nro|num|celular|cel|telefono|telf|fono)"
    r"(?: de (?:celular|cel|telefono|contacto))? (?:es )?(?:el )?)?"
    r"(?:(?:00 ?)?51 ?)?(?P<number>9(?: ?[0-9]){8})"
    r"(?: (?:gracias|por favor|porfa|señorita|senorita))?"
)
"""A Peruvian mobile number: nine digits, the first a 9 (MTC, national numbering plan); with or without +51."""


def given(scene: Scene) -> Turn | None:
    """`mi numero es 987654321`, from somebody whom no SMS could reach. What was asked stays open."""
    if scene.heard.has_number:
        return None
    found = _GIVEN.fullmatch(keywords.plain(scene.heard.text))
    if found is None:
        return None
    number = f"+51{found['number'].replace(' ', '')}"
    turn = asking.with_question(scene.conversation, say("number_kept"))
    return Turn(turn.conversation, turn.replies, (Job(JobKind.KEEP_NUMBER, {"number": number}),))
