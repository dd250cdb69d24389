"""Trains the model and writes the bundle: `python -m nlp.training.train [CONFIG.toml]`.

Each epoch sees every hand-written message, half of them retyped with noise, and fresh composed ones. The epoch that
does best on the messages of `dev`, which no training message equals, is kept, calibrated on them and exported.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

import keras
import numpy as np
from numpy.typing import NDArray

from nlp.features import best_tags, encode, spans_of
from nlp.model_bundle import Metadata
from nlp.schema import SCHEMA_VERSION
from nlp.training.base import Base, load_base
from nlp.training.batches import Batcher
from nlp.training.encoder import Reader, Trainee, start_from
from nlp.training.examples import (
    AYLLU,
    Example,
    Labels,
    files_of,
    from_row,
    labels_of,
    messages_of,
    read_rows,
    read_schuster,
)
from nlp.training.export import LENGTHS, write_bundle
from nlp.training.grammar import Grammar, sample_rows
from nlp.training.noise import Typist
from nlp.training.optimizer import make_optimizer
from nlp.training.report import write_report
from nlp.training.rows import same_message
from nlp.training.scores import Guess, Scores, score
from nlp.training.settings import DEFAULT, DataSettings, Settings, read_settings

ROOT = Path(__file__).parents[2]


class DataError(RuntimeError):
    """There is nothing to train on: says where it was looked for."""


def read_data(data: DataSettings, seed: int) -> tuple[Labels, list[Example], list[Example]]:
    """The label set, what is trained on, and what the epoch is chosen by. Raises RowError or DataError."""
    paths = [[f for p in part for f in files_of(ROOT / p)] for part in (data.train, data.dev, data.barred)]
    if data.reader == "schuster":
        train, dev = ([e for f in part for e in read_schuster(f)] for part in paths[:2])
        return labels_of(train), train, dev
    train = [from_row(row) for row in read_rows(paths[0], barred_messages(data))]
    dev = [from_row(row) for row in read_rows(paths[1])]
    if not train:
        raise DataError(f"no labelled messages in {', '.join(data.train)}")
    if not dev:
        train, dev = _hold_out_files(train, data.held_out_files, Random(seed))
    return AYLLU, train, dev


def barred_messages(data: DataSettings) -> frozenset[str]:
    """The messages that nothing is trained on, as keys."""
    return messages_of(f for p in data.barred for f in files_of(ROOT / p))


def _hold_out_files(
    examples: list[Example], share: float, random: Random
) -> tuple[list[Example], list[Example]]:
    files = sorted({e.origin.rsplit(":", 1)[0] for e in examples})
    held = set(random.sample(files, max(1, round(len(files) * share))))
    is_held = [e.origin.rsplit(":", 1)[0] in held for e in examples]
    kept = [e for e, h in zip(examples, is_held, strict=True) if not h]
    return kept, [e for e, h in zip(examples, is_held, strict=True) if h]


def retyped(example: Example, random: Random, strength: float) -> Example:
    """The example as another person would type it."""
    text, spans = Typist(random, strength).type(example.text, example.spans)
    return Example(text, example.intent, spans, example.origin, example.meta)


def epoch_of(
    train: Sequence[Example],
    grammar: Grammar | None,
    data: DataSettings,
    barred: frozenset[str],
    random: Random,
) -> tuple[list[Example], list[float]]:
    """What one epoch sees, and the weight of each."""
    mixed = [
        retyped(e, random, data.noise_strength) if random.random() < data.noise_share else e for e in train
    ]
    weights = [1.0] * len(mixed)
    if grammar and data.grammar_rows:
        rows = sample_rows(grammar, data.grammar_rows, random, {})
        composed = [from_row(row) for row in rows if same_message(row.text) not in barred]
        mixed += [retyped(e, random, 1.0) if random.random() < 0.8 else e for e in composed]
        weights += [data.grammar_weight] * len(composed)
    return mixed, weights


def words_of(examples: Sequence[Example], grammar: Grammar | None, random: Random) -> set[str]:
    """The words that the vocabulary must cover besides the frequent ones."""
    composed = [r.text for r in sample_rows(grammar, 20_000, random, {})] if grammar else []
    return {w for text in (*(e.text for e in examples), *composed) for w in text.lower().split()}


def predict(
    reader: Reader,
    base: Base,
    labels: Labels,
    examples: Sequence[Example],
    temperature: float = 1.0,
    size: int = 32,
) -> tuple[list[Guess], NDArray[np.float32]]:
    """What the network says of each example, and its raw intent scores."""
    features = [encode(base.tokenizer, e.text, base.sizes.positions) for e in examples]
    first = base.tokenizer.encode("").ids[0]
    order = sorted(range(len(examples)), key=lambda i: len(features[i].ids))
    guesses: dict[int, Guess] = {}
    raw = np.zeros((len(examples), len(labels.intents)), np.float32)
    for at in range(0, len(order), size):
        chunk = order[at : at + size]
        length = max(len(features[i].ids) for i in chunk)
        ids = np.full((size, length), base.sizes.pad, np.int32)
        ids[:, 0] = first
        for row, i in enumerate(chunk):
            ids[row, : len(features[i].ids)] = features[i].ids
        outputs = reader.predict_on_batch(ids)
        for row, i in enumerate(chunk):
            raw[i] = outputs["intent"][row]
            chances = softmax(raw[i] / temperature)
            tags = best_tags(np.asarray(outputs["tags"][row])[features[i].firsts])
            best = int(chances.argmax())
            spans = tuple(spans_of(features[i], tags, labels.slots))
            guesses[i] = Guess(labels.intents[best], float(chances[best]), spans)
    return [guesses[i] for i in range(len(examples))], raw


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Along the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def best_temperature(raw: NDArray[np.float32], wanted: NDArray[np.int64]) -> float:
    """The temperature that makes the right intents likeliest."""
    candidates = np.geomspace(0.3, 4.0, 80)
    loss = [-np.log(softmax(raw / t)[np.arange(len(raw)), wanted] + 1e-9).mean() for t in candidates]
    return float(candidates[int(np.argmin(loss))])


def train(settings: Settings) -> Scores:
    """Train, choose, calibrate, export, report; comes back with the scores on the messages chosen by."""
    knobs, data = settings.training, settings.data
    keras.utils.set_random_seed(knobs.seed)
    random = Random(knobs.seed)
    labels, examples, dev = read_data(data, knobs.seed)
    grammar = Grammar.load() if data.reader == "ayllu" else None
    barred = barred_messages(data) if grammar else frozenset()
    base = load_base(
        settings.base.name,
        words_of(examples, grammar, Random(0)),
        ROOT / "build" / "base",
        settings.base.layers,
    )
    print(
        f"{len(examples)} messages to learn, {len(dev)} to choose by, {base.sizes.vocabulary} pieces",
        flush=True,
    )

    model = Trainee(
        base.sizes, len(labels.intents), 1 + 2 * len(labels.slots), knobs.dropout, knobs.head_dropout
    )
    start_from(model, base)
    model.smoothing, model.tag_weight = knobs.smoothing, knobs.tag_weight
    model.embeddings.word.trainable = not knobs.freeze_words
    rows = len(examples) + (data.grammar_rows if grammar else 0)
    steps = knobs.epochs * -(-rows // knobs.batch)
    model.compile(
        optimizer=make_optimizer(
            model, steps, knobs.rate, knobs.warmup, knobs.layer_decay, knobs.head_factor, knobs.weight_decay
        ),
        jit_compile=False,
    )
    tokenizer = base.tokenizer
    mask = tokenizer.token_to_id("<mask>") or tokenizer.token_to_id("[MASK]") or base.sizes.pad
    batcher = Batcher(tokenizer, labels, base.sizes.pad, knobs.batch, mask)
    history: list[str] = []
    best: tuple[float, list[NDArray[np.float32]]] | None = None
    for epoch in range(knobs.epochs):
        started, losses = time.monotonic(), []
        mixed, weights = epoch_of(examples, grammar, data, barred, random)
        for ids, wanted in batcher.batches(mixed, weights, random, knobs.word_dropout):
            losses.append(float(model.train_on_batch(ids, wanted)))
        scores = score(dev, predict(model, base, labels, dev)[0])
        reached = scores.intent_accuracy + scores.spans.f1 + scores.exact_rate
        history.append(
            f"epoch {epoch + 1}: loss {np.mean(losses):.3f}, {time.monotonic() - started:.0f} s; {scores.summary()}"
        )
        print(history[-1], flush=True)
        if best is None or reached > best[0]:
            best = reached, model.get_weights()
    if best:
        model.set_weights(best[1])

    _, raw = predict(model, base, labels, dev)
    temperature = best_temperature(raw, np.array([labels.intents.index(e.intent) for e in dev]))
    guesses, _ = predict(model, base, labels, dev, temperature)
    scores = score(dev, guesses)
    metadata = Metadata(
        model_version=settings.output.version,
        schema_version=SCHEMA_VERSION,
        base=base.name,
        intents=labels.intents,
        slots=labels.slots,
        lengths=tuple(n for n in LENGTHS if n <= base.sizes.positions),
        pad=base.sizes.pad,
        temperature=round(temperature, 4),
        data_hash=hash_of(examples),
        figures={
            "messages": scores.count,
            "intent_accuracy": round(scores.intent_accuracy, 4),
            "slot_f1": round(scores.spans.f1, 4),
            "calibration_error": round(scores.calibration_error, 4),
        },
    )
    write_bundle(ROOT / settings.output.bundle, model, tokenizer, metadata)
    write_report(ROOT / settings.output.report, history, scores, dev, guesses)
    print(f"{scores.summary()}\nbundle in {settings.output.bundle}, report in {settings.output.report}")
    return scores


def hash_of(examples: Sequence[Example]) -> str:
    """A digest of the hand-written messages and their labels, whatever their order."""
    lines = sorted(f"{e.intent}\t{e.text}\t{[(s.label, s.start, s.end) for s in e.spans]}" for e in examples)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def main(arguments: Sequence[str]) -> int:
    """Train by the configuration file named, or the shipped one."""
    train(read_settings(Path(arguments[0]) if arguments else DEFAULT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
