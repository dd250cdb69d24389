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
from nlp.training.report import errors, reliability, tables
from nlp.training.rows import Row, RowError, read_all
from nlp.training.scores import Guess, Scores, score


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

    def line(self, name: str) -> str:
        """One row of the table of kinds."""
        s = self.scores
        return (
            f"| {name} | {s.count} | {s.intent_accuracy:.3f} | {s.spans.f1:.3f} | {self.value_accuracy:.3f} "
            f"| {self.frame_rate:.3f} | {s.calibration_error:.3f} | {len(self.missed_emergencies)} |"
        )


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
                    f"- [{slot.text}]({slot.slot.value}): {found.value}, should be {slot.value}, in {row.text!r}"
                )
        evaluation.frames += right
        if row.intent is Intent.EMERGENCY and parse.intent is not Intent.EMERGENCY:
            evaluation.missed_emergencies.append(f"- {row.text!r} read as {parse.intent.value}")
        if parse.intent is Intent.EMERGENCY and row.intent is not Intent.EMERGENCY:
            evaluation.false_alarms.append(f"- {row.text!r} is {row.intent.value}")
    return evaluation


def sent_at(row: Row) -> datetime | None:
    """When the row's message was sent, by its file's header."""
    return datetime.fromisoformat(row.meta["now"]) if "now" in row.meta else None


def evaluate(parser: Parser, rows: Sequence[Row]) -> tuple[str, Evaluation]:
    """Parse and judge; comes back with the report in Markdown and the figures."""
    parses = [parser.parse(row.text, sent_at(row)) for row in rows]
    whole = judge(rows, parses)
    lines = [
        f"# Evaluation of the model {parser.tagger.metadata.model_version}",
        "",
        "| kind | messages | intent | slot F1 | values | frames | calibration error | emergencies missed |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for kind in sorted({row.meta.get("kind", "anyone") for row in rows}):
        part = [i for i, row in enumerate(rows) if row.meta.get("kind", "anyone") == kind]
        lines.append(judge([rows[i] for i in part], [parses[i] for i in part]).line(kind))
    lines += [whole.line("**all**"), "", *tables(whole.scores), "", "## Values", ""]
    lines += ["| slot | found | right |", "|---|---|---|"]
    lines += [f"| {slot} | {c.found} | {c.right} |" for slot, c in sorted(whole.values_by_slot.items())]
    examples: list[Example] = [from_row(row) for row in rows]
    guesses = [guess_of(p) for p in parses]
    lines += ["", *reliability(examples, guesses)]
    lines += ["", "## Emergencies missed", "", *(whole.missed_emergencies or ["none"])]
    lines += ["", "## False alarms", "", *(whole.false_alarms or ["none"])]
    lines += ["", "## Wrong values", "", *(whole.wrong_values or ["none"])]
    lines += ["", "## Errors", "", *errors(examples, guesses)]
    return "\n".join(lines) + "\n", whole


def main(arguments: Sequence[str]) -> int:
    """Print the report of the files named; with `--report` also write it to `evaluation.md` in that folder."""
    options = argparse.ArgumentParser(description="Judge the parser on labelled messages.")
    options.add_argument("files", nargs="+", type=Path)
    options.add_argument("--bundle", type=Path, help="the model to judge (the shipped one)")
    options.add_argument("--report", type=Path, help="a folder to write evaluation.md to")
    chosen = options.parse_args(arguments)
    try:
        rows = read_all(f for path in chosen.files for f in files_of(path))
    except (RowError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    report, _ = evaluate(Parser.load(chosen.bundle), rows)
    print(report)
    if chosen.report:
        chosen.report.mkdir(parents=True, exist_ok=True)
        (chosen.report / "evaluation.md").write_text(report, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
