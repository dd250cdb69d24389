"""Getting better in use: messages are laid out for people to label, and come back as rows to learn from.

Two piles: messages drawn at random from all that came, whatever the model made of them, so that its error rate can be
told honestly; and messages that it read unsurely, which teach the most. What people see, and what is kept of it, is
without names, numbers and addresses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from bot.dialogue.scene import SURE_ENOUGH
from bot.store import Tx, inbox, labels, looks
from bot.store.labels import Candidate, Item, Opinion, Pile, Verdict
from bot.weeks import LIMA, WEEK, begins, weeks_from
from nlp.labelling import Labelled, rows_of, rows_to_label, shown
from nlp.training.rows import same_message

LOOK = "to_label"

SAMPLE_A_WEEK = 100
"""About so many messages of a week are drawn: an error rate of 5 % is told to about 4 points, in an hour's work."""
UNSURE_A_WEEK = 200
UNSURE_BELOW = SURE_ENOUGH
"""What the dialogue itself does not dare to act on."""
TWICE = 0.2
"""The share that a second person labels, to see whether people agree."""
OVERLAP = timedelta(days=1)
"""A look begins so long before the last: what waited for its answer until then was not read yet."""
FIRST_LOOK = timedelta(days=30)
AT_ONCE = 500


def lay_out(tx: Tx, now: datetime, random: Random) -> int:
    """Lay messages that came since the last look on the piles. How many. Run twice, it lays none out twice."""
    last = looks.last(tx, LOOK)
    since = max(min(last, now) - OVERLAP, now - FIRST_LOOK) if last else now - FIRST_LOOK
    laid = 0
    for week in weeks_from(since, now):
        first, end = begins(week), min(begins(week + WEEK), now)
        chance = share(tx, first, end)
        drawn = labels.candidates(
            tx, Pile.SAMPLE, max(first, since), end, below=0.0, share=chance, limit=AT_ONCE
        )
        laid += _lay(tx, drawn, random, sampled=True)
        room = UNSURE_A_WEEK - labels.count_since(tx, Pile.UNSURE, first)
        if room > 0:
            unsure = labels.candidates(
                tx, Pile.UNSURE, max(first, since), end, below=UNSURE_BELOW, share=0.0, limit=room
            )
            laid += _lay(tx, _new(tx, unsure), random, sampled=False)
    looks.looked(tx, LOOK, now)
    return laid


def share(tx: Tx, week_begins: datetime, until: datetime) -> float:
    """The chance, 0 to 1, that a message of this week is drawn: the same for each, since it comes from the week before.
    In a first week it sinks while messages come, so that a great day does not fill the pile."""
    expected = max(labels.volume(tx, week_begins - WEEK, week_begins), labels.volume(tx, week_begins, until))
    return min(1.0, SAMPLE_A_WEEK / expected) if expected else 1.0


def _new(tx: Tx, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Without those whose words lie there already: `???` says no more the tenth time."""
    seen = {same_message(text) for text in labels.waiting_texts(tx, Pile.UNSURE)}
    kept = []
    for candidate in candidates:
        key = same_message(candidate.parse.text)
        if key not in seen:
            seen.add(key)
            kept.append(candidate)
    return kept


def _lay(tx: Tx, candidates: Iterable[Candidate], random: Random, *, sampled: bool) -> int:
    laid = 0
    for candidate in candidates:
        seen = shown(candidate.parse, random, labels.names_around(tx, candidate.contact_id))
        if seen.text:
            wanted = 2 if random.random() < TWICE else 1
            labels.add(tx, candidate, seen, sampled=sampled, wanted=wanted)
            laid += 1
    return laid


def settled(opinions: Iterable[Opinion]) -> Opinion | None:
    """What most people say of a message, where more than half of them say the same; None where none does."""
    told = list(opinions)
    counts = Counter(opinion.meaning for opinion in told)
    for opinion in told:
        if 2 * counts[opinion.meaning] > len(told):
            return opinion
    return None


def labelled_rows(tx: Tx, now: datetime) -> str:
    """What people labelled, as a file of training rows: messages of which most say the same, each once."""
    return rows_of(
        (one for item, said in labels.labelled(tx) if (one := _as_labelled(item, said)) is not None),
        f"labelled in use, taken out on {now.astimezone(LIMA).date()}",
    )


def _as_labelled(item: Item, said: tuple[Opinion, ...]) -> Labelled | None:
    meant = settled(said)
    if meant is None or meant.verdict is not Verdict.LABELLED or meant.intent is None:
        return None
    return Labelled(type(item.shown)(item.shown.text, meant.spans), meant.intent)


def unsure_rows(
    tx: Tx, below: float, since: datetime, limit: int, now: datetime, random: Random
) -> tuple[str, int]:
    """Messages that were read with a confidence below `below` since then, as rows with the model's own reading; and how
    many there were."""
    unsure = inbox.unsure(tx, below, since, limit)
    names = [labels.names_around(tx, contact_id) if contact_id else set() for contact_id, _ in unsure]
    rows = rows_to_label((parse for _, parse in unsure), now.astimezone(LIMA).date(), random, names)
    return rows, len(unsure)
