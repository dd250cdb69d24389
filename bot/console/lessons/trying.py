"""What somebody who writes this would be offered, and why: the way of a real message, with nothing kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot import dialogue
from bot.dialogue import Conversation
from bot.messages import Channel, Incoming, JobKind, Reply
from bot.store import Tx, resources
from matching.resources import LIMIT, Judged, best, judged
from matching.schema import ResourceQuery
from nlp.meaning import Meaning
from nlp.parser import Parser
from nlp.places import Gazetteer
from nlp.schema import Parse

MOST_SHOWN = 12
LONGEST = 300
"""Letters. A question is short."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it. `query` is None where nothing to learn was asked for; `replies` are what is said then, else the
    list of what was found. `judged` are the resources that come nearest: those about
    it, then others, each best first."""

    parse: Parse
    query: ResourceQuery | None
    judged: tuple[Judged, ...]
    replies: tuple[Reply, ...]


def ask(
    tx: Tx, text: str, channel: Channel, parser: Parser, places: Gazetteer, now: datetime, include_demo: bool
) -> Tried:
    """Read the text as a first message of somebody unknown, look for what it asks for, and say it."""
    parse = parser.parse(text, now)
    turn = dialogue.step(Conversation(), Incoming(channel, now, text, parse), now, places)
    job = next((job for job in turn.jobs if job.kind is JobKind.FIND_RESOURCES), None)
    if job is None:
        return Tried(parse, None, (), turn.replies)
    query, meaning = dialogue.resource_query(job.data), Meaning(parser.tagger)
    resources.place_among_meanings(tx, meaning)
    known = resources.known(tx, query.subject, meaning, include_demo)
    told = dialogue.show_resources(turn.conversation, best(query, known)[:LIMIT], None, job.data, now)
    near = sorted(judged(query, known), key=lambda one: not one.is_about)
    return Tried(parse, query, tuple(near[:MOST_SHOWN]), (*turn.replies, *told.replies))
