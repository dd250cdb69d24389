"""The report of an evaluation, in Markdown: figures, confusions, and every error to read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nlp.features import Span
from nlp.training.examples import Example
from nlp.training.scores import Guess, Scores, calibration_bins


def write_report(
    folder: Path,
    history: Sequence[str],
    scores: Scores,
    examples: Sequence[Example],
    guesses: Sequence[Guess],
) -> None:
    """Write `report.md` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = [
        "# Training report",
        *history,
        "",
        scores.summary(),
        "",
        *tables(scores),
        "",
        *reliability(examples, guesses),
    ]
    parts += ["", "## Errors", "", *(f"- {line}" for line in errors(examples, guesses))]
    (folder / "report.md").write_text("\n".join(parts) + "\n", encoding="utf-8")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table in Markdown."""
    return [f"| {' | '.join(line)} |" for line in (heads, ["---"] * len(heads), *rows)]


def tables(scores: Scores) -> list[str]:
    """Per intent: how many, recall, precision, what it was taken for; per slot: F1 and counts."""
    lines = [
        "## Intents",
        "",
        "| intent | messages | recall | precision | taken for |",
        "|---|---|---|---|---|",
    ]
    for intent in sorted({wanted for wanted, _ in scores.confusion}):
        row = {said: n for (wanted, said), n in scores.confusion.items() if wanted == intent}
        column = sum(n for (_, said), n in scores.confusion.items() if said == intent)
        right, total = row.get(intent, 0), sum(row.values())
        wrong = ", ".join(
            f"{said} {n}" for said, n in sorted(row.items(), key=lambda r: -r[1]) if said != intent
        )
        precision = f"{right / column:.2f}" if column else "–"
        lines.append(f"| {intent} | {total} | {right / total:.2f} | {precision} | {wrong} |")
    lines += ["", "## Slots", "", "| slot | F1 | right | spurious | missed |", "|---|---|---|---|---|"]
    for slot, tally in sorted(scores.by_slot.items()):
        lines.append(f"| {slot} | {tally.f1:.2f} | {tally.right} | {tally.spurious} | {tally.missed} |")
    return lines


def reliability(examples: Sequence[Example], guesses: Sequence[Guess]) -> list[str]:
    """The reliability table: in each tenth of confidence, how sure the model was and how often it was right."""
    right = [e.intent == g.intent for e, g in zip(examples, guesses, strict=True)]
    lines = ["## Confidence", "", "| confidence | messages | mean | right |", "|---|---|---|---|"]
    for at, (count, mean, share) in enumerate(calibration_bins([g.confidence for g in guesses], right)):
        if count:
            lines.append(
                f"| {at / 10:.1f}–{(at + 1) / 10:.1f} | {count} | {mean:.2f} | {share:.2f} {'█' * round(share * 20)} |"
            )
    return lines


def errors(examples: Sequence[Example], guesses: Sequence[Guess]) -> list[str]:
    """One line for each message that was read wrong in any way."""
    lines = []
    for example, guess in zip(examples, guesses, strict=True):
        if example.intent == guess.intent and set(example.spans) == set(guess.spans):
            continue
        parts = [repr(example.text)]
        if example.intent != guess.intent:
            parts.append(f"**{example.intent} → {guess.intent}** ({guess.confidence:.2f})")
        wanted, said = set(example.spans), set(guess.spans)
        parts += [f"missed {shown(example.text, wanted - said)}"] if wanted - said else []
        parts += [f"said {shown(example.text, said - wanted)}"] if said - wanted else []
        lines.append("; ".join(parts))
    return lines


def shown(text: str, spans: set[Span]) -> str:
    """Spans as `[their words](label)`."""
    return ", ".join(f"[{text[s.start : s.end]}]({s.label})" for s in sorted(spans, key=lambda s: s.start))
