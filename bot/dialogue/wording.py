"""What is said, from wording.toml, with facts put in: each message in its WhatsApp and its SMS form.

The SMS form always fits its segments: every value put into it has a room in characters, and is shortened to it.
"""

from __future__ import annotations

import hashlib
import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from bot.gsm7 import fold, size
from bot.messages import Reply

DEFAULT_SEGMENTS = 2
WHATSAPP_VALUE = 120
"""The most characters that one value takes in a WhatsApp message."""


_DANGLING = re.compile(r"( (de|del|la|el|las|los|y|e|a|en|al))+$")


_SHORTER = frozenset({"need", "hours", "week"})
"""The values made of our own words for days and children; a name or an address is left as it is."""


class Text(NamedTuple):
    """A piece of a message, in both forms."""

    whatsapp: str
    sms: str


@dataclass(frozen=True, slots=True)
class Template:
    """A message with gaps. `segments` is the most SMS that it may take; `registered` its text as a WhatsApp template,
    where that is not its own."""

    whatsapp: str
    sms: str
    segments: int = DEFAULT_SEGMENTS
    registered: str = ""

    @property
    def fields(self) -> set[str]:
        """The names of its gaps."""
        return {
            name
            for form in (self.whatsapp, self.sms)
            for _, name, _, _ in string.Formatter().parse(form)
            if name
        }

    @property
    def variables(self) -> tuple[str, ...]:
        """The gaps of its text as a WhatsApp template, in the order of their first appearance: they are numbered so."""
        text = self.registered or self.whatsapp
        return tuple(dict.fromkeys(name for _, name, _, _ in string.Formatter().parse(text) if name))

    def fill(self, whatsapp: Mapping[str, str | int], sms: Mapping[str, str | int]) -> Text:
        """Both forms with their gaps filled. Raises KeyError for a gap without a value."""
        return Text(_tidy(self.whatsapp.format(**whatsapp)), _tidy(self.sms.format(**sms)))


@dataclass(frozen=True, slots=True)
class Wording:
    """The whole file. `templates` are the messages that may leave as WhatsApp templates, `gaps` what stands in a
    template's gap for which there is nothing to say; `words` are its tables of single words and phrases, by table and
    key."""

    messages: dict[str, Template]
    room: dict[str, int]
    templates: tuple[str, ...]
    gaps: dict[str, str]
    words: dict[str, dict[str, str]]


def _tidy(filled: str) -> str:
    """Without the gaps that empty values leave."""
    return "\n".join(re.sub(" {2,}", " ", line).strip() for line in filled.split("\n")).strip()


@lru_cache(maxsize=1)
def wording() -> Wording:
    """All the wording, read once."""
    raw: dict[str, Any] = tomllib.loads((files(__package__) / "wording.toml").read_text(encoding="utf-8"))
    registered = raw.pop("templates")
    messages = {
        key: Template(**form, registered=registered.get(key, "")) for key, form in raw.pop("messages").items()
    }
    return Wording(messages, raw.pop("room"), tuple(registered), raw.pop("gaps"), raw)


@lru_cache(maxsize=16)
def version(key: str) -> str:
    """Tells the words of a message from what they were before: what somebody agreed to is known by it."""
    template = wording().messages[key]
    return hashlib.sha256(f"{template.whatsapp}\n{template.sms}".encode()).hexdigest()[:12]


def say(key: str, **values: str | int | Text) -> Reply:
    """The message of that name, filled in. Raises KeyError for a name or a value that wording.toml has not."""
    whatsapp, sms = _fit(values)
    template = wording().messages[key]
    filled = template.fill(whatsapp, sms)
    gaps = wording().gaps
    told = tuple(str(whatsapp[name]) or gaps.get(name, "") for name in template.variables)
    return Reply(key, filled.whatsapp, filled.sms, told)


def text(key: str, **values: str | int | Text) -> Text:
    """Like `say`, for a message that becomes a part of another one."""
    return wording().messages[key].fill(*_fit(values))


def _fit(values: Mapping[str, str | int | Text]) -> tuple[dict[str, str | int], dict[str, str | int]]:
    """The values as they go into the WhatsApp form, and, shortened to their room, into the SMS."""
    room = wording().room
    whatsapp: dict[str, str | int] = {}
    sms: dict[str, str | int] = {}
    for name, value in values.items():
        if isinstance(value, int):
            whatsapp[name] = sms[name] = value
        elif isinstance(value, Text):
            whatsapp[name] = value.whatsapp
            sms[name] = shorten(shorter(value.sms) if name in _SHORTER else value.sms, room[name])
        else:
            plain = " ".join(value.split())
            whatsapp[name] = plain if len(plain) <= WHATSAPP_VALUE else plain[: WHATSAPP_VALUE - 1] + "…"
            sms[name] = shorten(shorter(plain) if name in _SHORTER else plain, room[name])
    return whatsapp, sms


def phrase(key: str, **values: str | int) -> str:
    """A short expression, alike in both forms."""
    return wording().words["phrases"][key].format(**values)


def word(table: str, key: str) -> str:
    """The word for a code (a service, a kind of care); the code itself when there is none."""
    return wording().words[table].get(key, key)


def together(*replies: Reply) -> tuple[Reply, ...]:
    """The same messages in as few bubbles as fit the usual two SMS: each bubble costs."""
    joined: list[Reply] = []
    for reply in replies:
        if joined:
            both = f"{joined[-1].sms} {reply.sms}"
            if size(both).segments <= DEFAULT_SEGMENTS:
                last = joined.pop()
                reply = Reply(f"{last.key}+{reply.key}", f"{last.whatsapp}\n\n{reply.whatsapp}", both)
        joined.append(reply)
    return tuple(joined)


def shorter(value: str) -> str:
    """A need or hours in the words of an SMS: `niño de 2 años`, `L-V 8am-5pm`."""
    for long, short in _shorter_forms():
        value = long.sub(short, value)
    return value


@lru_cache(maxsize=1)
def _shorter_forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    """In the order of the file: phrases before the words in them."""
    return tuple(
        (re.compile((r"\b" if long[0].isalpha() else "") + re.escape(long) + r"\b"), short)
        for long, short in wording().words["shorter"].items()
    )


def shorten(value: str, room: int) -> str:
    """`value` in GSM-7, in at most `room` septets, cut at a word where that loses little. Half a bracket goes where a
    third of the room says enough, and is closed where it says more: `Mz. C Lt. 4 (frente al mercado)`."""
    plain = fold(value).strip()
    if size(plain).units <= room:
        return plain
    while size(plain).units > room - 1:
        plain = plain[:-1]
    head, space, _ = plain.rpartition(" ")
    at_a_word = bool(space) and len(head) >= room * 2 // 3
    cut = (_DANGLING.sub("", head) if at_a_word else plain).rstrip(" ,;:.(-")
    if cut.count("(") > cut.count(")"):
        before = cut[: cut.rindex("(")].rstrip()
        return before if len(before) >= room // 3 else f"{cut})"
    return cut if at_a_word else f"{cut}."


def listing(items: list[Text], separator: Text) -> Text:
    """Items one after another, in both forms."""
    return Text(
        separator.whatsapp.join(item.whatsapp for item in items),
        separator.sms.join(item.sms for item in items),
    )
