"""Judges the parser on labelled messages: `python -m nlp.training.evaluate FILE… [--report FOLDER]`.

The files are hand-written rows with values (`data/WRITING.md`); a header `# now:` is when their messages were sent. A
frame is right when the intent, all spans and all values are, with nothing spurious.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from nlp.features import Span
from nlp.parser import Parser
from nlp.schema import Intent, Parse
from nlp.training.examples import Example, files_of, from_row
from nlp.training.page import render
from nlp.training.report import errors, reliability, table, tables
from nlp.training.rows import Row, RowError, read_all
from nlp.training.scores import Guess, Scores, calibration_bins, score, thresholds


@dataclass(slots=True)
class ValueCount:
    """Normal forms of spans that were found: how many, how many right."""

    found: int = 0
    right: int = 0


@dataclass(slots=True)
class Evaluation:
    """The figures of the parser on some messages."""

    scores: Scores
    frames: int = 0
    values: ValueCount = field(default_factory=ValueCount)
    values_by_slot: dict[str, ValueCount] = field(default_factory=dict)
    wrong_values: list[str] = field(default_factory=list)
    missed_emergencies: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)

    @property
    def frame_rate(self) -> float:
        return self.frames / max(1, self.scores.count)

    @property
    def value_accuracy(self) -> float:
        """The share of right values among the spans found that have one; 1 where there are none."""
        return self.values.right / self.values.found if self.values.found else 1.0

    def figures(self) -> list[str]:
        """The fields of one row of the table of kinds."""
        s = self.scores
        shares = (s.intent_accuracy, s.spans.f1, self.value_accuracy, self.frame_rate, s.calibration_error)
        return [str(s.count), *(f"{share:.3f}" for share in shares), str(len(self.missed_emergencies))]


@dataclass(frozen=True, slots=True)
class Report:
    """An evaluation to read, and its figures."""

    markdown: str
    html: str
    evaluation: Evaluation


def guess_of(parse: Parse) -> Guess:
    """The parse as the scorer takes it."""
    spans = tuple(Span(s.slot.value, s.start, s.end) for s in parse.slots)
    return Guess(parse.intent.value, parse.confidence, spans)


def judge(rows: Sequence[Row], parses: Sequence[Parse]) -> Evaluation:
    """Compare what the parser said with what the rows say. Values count where the row states them."""
    examples = [from_row(row) for row in rows]
    evaluation = Evaluation(score(examples, [guess_of(p) for p in parses]))
    for row, parse in zip(rows, parses, strict=True):
        said = {(s.slot, s.start, s.end): s for s in parse.slots}
        right = row.intent == parse.intent and len(said) == len(row.slots)
        for number, slot in enumerate(row.slots):
            found = said.get((slot.slot, slot.start, slot.end))
            right = right and found is not None
            if found is None or number not in row.valued:
                continue
            count = evaluation.values_by_slot.setdefault(slot.slot.value, ValueCount())
            agrees = found.value == slot.value
            right = right and agrees
            for tally in (evaluation.values, count):
                tally.found += 1
                tally.right += agrees
            if not agrees:
                evaluation.wrong_values.append(
                    f"[{slot.text}]({slot.slot.value}): {found.value}, should be {slot.value}, in {row.text!r}"
                )
        evaluation.frames += right
        if row.intent is Intent.EMERGENCY and parse.intent is not Intent.EMERGENCY:
            evaluation.missed_emergencies.append(f"{row.text!r} read as {parse.intent.value}")
        if parse.intent is Intent.EMERGENCY and row.intent is not Intent.EMERGENCY:
            evaluation.false_alarms.append(f"{row.text!r} is {row.intent.value}")
    return evaluation


def sent_at(row: Row) -> datetime | None:
    """When the row's message was sent, by its file's header."""
    return datetime.fromisoformat(row.meta["now"]) if "now" in row.meta else None


def evaluate(parser: Parser, rows: Sequence[Row]) -> Report:
    """Parse the messages and judge what was said of them."""
    parses = [parser.parse(row.text, sent_at(row)) for row in rows]
    whole = judge(rows, parses)
    examples = [from_row(row) for row in rows]
    guesses = [guess_of(p) for p in parses]
    kinds: dict[str, list[str]] = {}
    for kind in sorted({row.meta.get("kind", "anyone") for row in rows}):
        part = [i for i, row in enumerate(rows) if row.meta.get("kind", "anyone") == kind]
        kinds[kind] = judge([rows[i] for i in part], [parses[i] for i in part]).figures()
    kinds["all"] = whole.figures()
    lists = {
        "Emergencies missed": whole.missed_emergencies,
        "False alarms": whole.false_alarms,
        "Wrong values": whole.wrong_values,
        "Errors": errors(examples, guesses),
    }
    sure = [g.confidence for g in guesses]
    right = [e.intent == g.intent for e, g in zip(examples, guesses, strict=True)]
    asked = thresholds(sure, right)
    title = f"Evaluation of the model {parser.tagger.metadata.model_version}"
    html = render(title, kinds, whole.scores, calibration_bins(sure, right), asked, lists)
    return Report(_markdown(title, kinds, whole, examples, guesses, asked, lists), html, whole)


def _markdown(
    title: str,
    kinds: dict[str, list[str]],
    whole: Evaluation,
    examples: Sequence[Example],
    guesses: Sequence[Guess],
    asked: Sequence[Sequence[str]],
    lists: dict[str, list[str]],
) -> str:
    heads = [
        "kind",
        "messages",
        "intent",
        "slot F1",
        "values",
        "frames",
        "calibration error",
        "emergencies missed",
    ]
    lines = [f"# {title}", "", *table(heads, [[kind, *figures] for kind, figures in kinds.items()])]
    lines += ["", *tables(whole.scores), "", "## Values", ""]
    counts = [[slot, str(c.found), str(c.right)] for slot, c in sorted(whole.values_by_slot.items())]
    lines += [*table(["slot", "found", "right"], counts), "", *reliability(examples, guesses)]
    lines += ["", "## If one asks below a confidence", ""]
    lines += table(
        ["below", "asked about", "right among the others", "wrong acted on", "right asked about"], asked
    )
    for heading, listed in lists.items():
        lines += ["", f"## {heading}", "", *(f"- {line}" for line in listed or ["none"])]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Print the report of the files named; `--report` also writes `evaluation.md` and `evaluation.html`."""
    options = argparse.ArgumentParser(description="Judge the parser on labelled messages.")
    options.add_argument("files", nargs="+", type=Path)
    options.add_argument("--bundle", type=Path, help="the model to judge (the shipped one)")
    options.add_argument("--report", type=Path, help="a folder to write evaluation.md and evaluation.html to")
    chosen = options.parse_args(arguments)
    try:
        rows = read_all(f for path in chosen.files for f in files_of(path))
    except (RowError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    report = evaluate(Parser.load(chosen.bundle), rows)
    print(report.markdown)
    if chosen.report:
        chosen.report.mkdir(parents=True, exist_ok=True)
        (chosen.report / "evaluation.md").write_text(report.markdown, encoding="utf-8")
        (chosen.report / "evaluation.html").write_text(report.html, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
