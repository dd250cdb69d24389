"""Labelled messages, one a line, as people write them by hand.

    intent<TAB>message with [span](slot) or [span](slot=JSON value)

    find_childcare	busco [guarderia](care_type) en [comas](location) de [2 añitos](child_age={"months": 24})

A line that starts with `#` is a comment; a header `# key: value` before the first message (writer, kind, theme) is the
provenance of every row of the file. `python -m nlp.training.rows FILE…` checks files and prints what is in them.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nlp.schema import Intent, Slot, SlotName

_SPAN = re.compile(r"\[(?P<text>[^\[\]]+)\]\((?P<slot>[a-z_]+)(?:=(?P<value>[^)]*))?\)")
_HEADER = re.compile(r"#\s*(?P<key>[a-z_]+):\s*(?P<value>.+)")
_MISSING = object()


class RowError(ValueError):
    """A row that cannot be used: says file, line and reason."""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled message. A slot carries a value only where `valued` has its index; `origin` is its file and line."""

    text: str
    intent: Intent
    slots: tuple[Slot, ...]
    origin: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    valued: frozenset[int] = frozenset()


def parse_line(line: str, origin: str = "", meta: dict[str, str] | None = None) -> Row:
    """Read one line of the format above. Raises RowError."""

    def refuse(reason: str) -> RowError:
        return RowError(f"{origin}: {reason}")

    intent_name, tab, marked = line.rstrip("\n").partition("\t")
    if not tab:
        raise refuse("no tab between intent and message")
    try:
        intent = Intent(intent_name.strip())
    except ValueError:
        raise refuse(f"unknown intent {intent_name.strip()!r}") from None
    text, at = "", 0
    slots: list[Slot] = []
    valued: set[int] = set()
    for match in _SPAN.finditer(marked):
        text += marked[at : match.start()]
        span = match["text"]
        if span != span.strip():
            raise refuse(f"span [{span}] begins or ends with a space")
        try:
            name = SlotName(match["slot"])
        except ValueError:
            raise refuse(f"unknown slot {match['slot']!r}") from None
        value = _MISSING
        if match["value"] is not None:
            try:
                value = json.loads(match["value"])
            except ValueError:
                raise refuse(f"the value of [{span}] is not JSON: {match['value']}") from None
            valued.add(len(slots))
        slots.append(Slot(name, span, len(text), len(text) + len(span), None if value is _MISSING else value))
        text += span
        at = match.end()
    text += marked[at:]
    if re.search(r"[\[\]]", text):
        raise refuse("a bracket is left over: write [span](slot)")
    if not text.strip():
        raise refuse("the message is empty")
    if text != text.strip():
        raise refuse("the message begins or ends with a space")
    for slot in slots:
        before, after = text[: slot.start][-1:], text[slot.end :][:1]
        if (before.isalpha() and slot.text[0].isalpha()) or (after.isalpha() and slot.text[-1].isalpha()):
            raise refuse(f"the span [{slot.text}] cuts a word in two")
    return Row(text, intent, tuple(slots), origin, meta or {}, frozenset(valued))


def lines_of(path: Path) -> list[str]:
    """The lines of a text file. Raises RowError that names the file where it cannot be read, or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise RowError(f"{path}: not in UTF-8 (byte {error.start}): save it as UTF-8") from error
    except OSError as error:
        raise RowError(f"{path}: cannot be read ({error.strerror})") from error


def read_file(path: Path) -> Iterator[Row | RowError]:
    """Every row of a file in order; a line that is wrong, or a file that cannot be read, comes as its RowError."""
    meta: dict[str, str] = {}
    try:
        lines = lines_of(path)
    except RowError as error:
        yield error
        return
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if line.startswith("#"):
            if header := _HEADER.fullmatch(line.strip()):
                meta[header["key"]] = header["value"]
            continue
        try:
            yield parse_line(line, f"{path}:{number}", dict(meta))
        except RowError as error:
            yield error


def same_message(text: str) -> str:
    """The key under which two messages are the same: case, accents, punctuation and spaces do not count."""
    bare = unicodedata.normalize("NFKD", text.lower())
    return " ".join(re.findall(r"\w+", "".join(c for c in bare if not unicodedata.combining(c)))) or text


def read_all(paths: Iterable[Path]) -> list[Row]:
    """All rows of the files, refusing wrong lines and repeated messages. Raises RowError that lists every fault."""
    rows: list[Row] = []
    faults: list[str] = []
    seen: dict[str, str] = {}
    for path in paths:
        for row in read_file(path):
            if isinstance(row, RowError):
                faults.append(str(row))
            elif (key := same_message(row.text)) in seen:
                faults.append(f"{row.origin}: the same message as {seen[key]}")
            else:
                seen[key] = row.origin
                rows.append(row)
    if faults:
        raise RowError("\n".join(faults))
    return rows


def main(arguments: list[str]) -> int:
    """Check files; print the faults, then how many rows of each intent and slot there are."""
    paths = [
        p for a in arguments for p in (sorted(Path(a).rglob("*.txt")) if Path(a).is_dir() else [Path(a)])
    ]
    try:
        rows = read_all(paths)
    except RowError as error:
        print(error)
        return 1
    intents = Counter(row.intent.value for row in rows)
    slots = Counter(slot.slot.value for row in rows for slot in row.slots)
    print(f"{len(rows)} messages in {len(paths)} files, no fault")
    print("intents:", ", ".join(f"{name} {n}" for name, n in intents.most_common()))
    print("slots:", ", ".join(f"{name} {n}" for name, n in slots.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
