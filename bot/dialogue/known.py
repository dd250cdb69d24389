"""What is known of a person, when they ask: as somebody who cares for children, and as one who looks for help."""

from __future__ import annotations

import re

from bot.dialogue import keywords, needs, ownfile, providers
from bot.dialogue.conversation import Conversation, OwnFile
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import Text, phrase, say, together
from bot.messages import Reply

_POLITE = (
    "hola|buenas|por favor|senorita|quiero|quisiera|ver|saber|revisar|consultar|me|dice|digame|dime|puede|decir"
    "|cuales son|muestreme|enseneme|y"
)
_OF_ME = r"(?:de|sobre) mi(?: persona)?|mi[oa]s?"
_ASKS = re.compile(
    rf"(?:(?:{_POLITE}) )*(?:"
    r"(?:que|cuales) (?:mis )?(?:datos|informacion|cosas)(?: mios| mias| personales)?"
    rf" (?:tienen?|guardan?|saben?|hay|tiene ayllu)(?: guardad[oa]s?| registrad[oa]s?)?(?: (?:{_OF_ME}))?"
    rf"|que (?:saben?|tienen?)(?: ustedes| usted| ayllu| guardado)? (?:{_OF_ME})"
    r"|mis datos(?: personales| registrados| guardados)?|mi (?:ficha|registro|informacion|perfil)"
    rf"|(?:los )?datos que tienen? (?:{_OF_ME}))(?: por favor| gracias)?"
)


def tell(scene: Scene) -> Turn | None:
    """`mis datos`: all that is known of them in words, and how to have it erased; None when nobody asks."""
    if not _ASKS.fullmatch(keywords.plain(scene.heard.text)):
        return None
    conversation = scene.conversation
    said: list[Reply] = []
    if conversation.own is not None:
        said.append(providers.on_file(ownfile.current(conversation.own, scene)))
    if facts := _facts(conversation):
        said.append(say("known", list=Text(". ".join(facts), ". ".join(facts))))
    if not said:
        said.append(say("known_nothing"))
    return Turn(conversation, together(*said, say("known_erase")))


def _facts(conversation: Conversation) -> list[str]:
    """What is known of somebody who looks for help, or has begun to register."""
    need = needs.hub_need(conversation) if conversation.hubs.services else needs.care_need(conversation)
    facts = []
    if conversation.name:
        facts.append(phrase("known_name", name=conversation.name))
    if need:
        facts.append(phrase("known_need", need=need))
    if conversation.chosen:
        facts.append(phrase("known_chosen", name=conversation.chosen.name))
    if conversation.consent:
        facts.append(phrase("known_consent"))
    if conversation.draft != OwnFile():
        facts.append(phrase("known_draft"))
    return facts
