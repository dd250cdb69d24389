"""Trains the model and writes the bundle: `python -m nlp.training.train [CONFIG.toml …]`.

Each epoch sees every hand-written message, some retyped with noise, and fresh composed ones. The epoch that does best
on the messages of `dev`, which no training message equals, is kept, calibrated on them and exported.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import keras
import numpy as np
from numpy.typing import NDArray

from nlp.features import LONGEST, NO_PLACES, encode
from nlp.model_bundle import Metadata
from nlp.ngrams import GramReader
from nlp.places.marks import PlaceMarks
from nlp.places.names import Names
from nlp.schema import SCHEMA_VERSION
from nlp.training.base import Base, Sizes, load_base
from nlp.training.batches import Batcher
from nlp.training.encoder import Trainee, start_from
from nlp.training.examples import Example
from nlp.training.export import write_bundle
from nlp.training.grams import best_weights, scores_of, train_grams
from nlp.training.mixture import ROOT, Mixture, read_mixture, retyped
from nlp.training.optimizer import make_optimizer
from nlp.training.predictions import decided_by, learn_transitions, predict
from nlp.training.report import write_report
from nlp.training.scores import Guess, Scores, score, standard_slot_f1
from nlp.training.settings import SHIPPED_ROUNDS, ConfigError, Settings, read_settings
from nlp.training.shrinking import shrink

WEIGHTS = "weights.npz"
LONGEST_LEARNT = 128
"""The most pieces of a message that is learnt from; the few longer ones lose their end, to spare memory."""
WATCHED, LONGEST_WATCHED = 512, 48
"""Messages, and pieces of each, by which it is judged what a network can spare."""


def train(settings: Settings) -> Scores:
    """Train, choose, calibrate, export, report; comes back with the scores on the messages chosen by."""
    keras.utils.set_random_seed(settings.training.seed)
    random = Random(settings.training.seed)  # noqa: S311
    mixture = read_mixture(settings.data, random)
    places = PlaceMarks.of(Names.load()) if settings.data.places else NO_PLACES
    base = load_base(
        settings.base.name, mixture.words(random), ROOT / "build" / "base", settings.base.layers, places
    )
    print(
        f"{len(mixture.train)} messages to learn, {len(mixture.dev)} to choose by, "
        f"{base.sizes.vocabulary} pieces",
        flush=True,
    )
    model = build(settings, mixture, base)
    transitions = learn_transitions(
        base.tokenizer, mixture.labels, mixture.train, settings.training.transition_weight
    )
    history = fit(model, settings, mixture, base, transitions, random)

    by_grams = learn_grams(settings, mixture, random)
    read, raw = predict(model, base, mixture.labels, mixture.dev, transitions)
    wanted = np.array([mixture.labels.intents.index(e.intent) for e in mixture.dev])
    temperature, gram_weight = best_weights(raw, scores_of(by_grams, mixture.dev), wanted)

    def decide(
        examples: Sequence[Example], guesses: Sequence[Guess], raw: NDArray[np.float32]
    ) -> list[Guess]:
        joined = raw / temperature + gram_weight * scores_of(by_grams, examples)
        return decided_by(joined, mixture.labels, guesses)

    guesses = decide(mixture.dev, read, raw)
    scores = score(mixture.dev, guesses)
    metadata = describe(settings, mixture, base, model.sizes, transitions, temperature, gram_weight, scores)
    write_bundle(ROOT / settings.output.bundle, model, base.tokenizer, by_grams, metadata)
    history.append(f"chosen by, the network alone: {score(mixture.dev, read).summary()}")
    history.append(f"chosen by, with the grams: {scores.summary()}")
    if mixture.test:
        unseen = decide(mixture.test, *predict(model, base, mixture.labels, mixture.test, transitions))
        history.append(
            f"never seen: {score(mixture.test, unseen).summary()}, "
            f"slot F1 by seqeval {standard_slot_f1(mixture.test, unseen):.4f}"
        )
    write_report(ROOT / settings.output.report, history, scores, mixture.dev, guesses)
    save_weights(model, ROOT / settings.output.report / WEIGHTS)
    print("\n".join(history[settings.training.epochs :]))
    print(f"bundle in {settings.output.bundle}, report in {settings.output.report}")
    return scores


def learn_grams(settings: Settings, mixture: Mixture, random: Random) -> GramReader:
    """The reader of grams, from the hand-written messages and each once more as another would type it."""
    strength = settings.data.noise_strength
    again = [retyped(e, random, strength) for e in mixture.train] if settings.data.noise_share else []
    return train_grams([*mixture.train, *again], mixture.labels.intents, settings.training.seed)


def build(settings: Settings, mixture: Mixture, base: Base) -> Trainee:
    """The network ready to train: pretrained or trained before, made smaller where that is wanted."""
    knobs = settings.training
    kept = read_weights(ROOT / settings.base.go_on_from) if settings.base.go_on_from else {}
    began = sizes_of(kept, base.sizes)
    model = _network(settings, mixture, began)
    start_from(model, base, words_only=bool(kept))
    model.embeddings.word.trainable = not knobs.freeze_words
    if kept:
        take_weights(model, kept, settings.base.go_on_from)
    sizes = replace(
        began,
        layers=min(began.layers, settings.base.keep_layers),
        feed_forward=min(began.feed_forward, settings.base.keep_feed_forward),
    )
    if sizes != began:
        large, model = model, _network(settings, mixture, sizes)
        shrink(large, model, _some_ids(mixture, base))
        model.embeddings.word.trainable = not knobs.freeze_words
    steps = knobs.epochs * -(-mixture.epoch_size // knobs.batch)
    model.compile(
        optimizer=make_optimizer(
            model, steps, knobs.rate, knobs.warmup, knobs.layer_decay, knobs.head_factor, knobs.weight_decay
        ),
        jit_compile=False,
    )
    return model


def _network(settings: Settings, mixture: Mixture, sizes: Sizes) -> Trainee:
    knobs, labels = settings.training, mixture.labels
    usual = keras.config.dtype_policy()
    keras.config.set_dtype_policy(knobs.precision)
    try:
        model = Trainee(
            sizes, len(labels.intents), 1 + 2 * len(labels.slots), knobs.dropout, knobs.head_dropout
        )
    finally:
        keras.config.set_dtype_policy(usual)
    model.smoothing, model.tag_weight = knobs.smoothing, knobs.tag_weight
    return model


def _some_ids(mixture: Mixture, base: Base) -> NDArray[np.int32]:
    """Messages to see by what matters in a network: every so many of those to learn, padded."""
    length = min(LONGEST_WATCHED, base.sizes.positions)
    chosen = mixture.train[:: max(1, len(mixture.train) // WATCHED)][:WATCHED]
    pieces = [encode(base.tokenizer, example.text, length).ids for example in chosen]
    ids = np.full((len(pieces), length), base.sizes.pad, np.int32)
    for row, found in zip(ids, pieces, strict=True):
        row[: len(found)] = found
    return ids


def fit(
    model: Trainee,
    settings: Settings,
    mixture: Mixture,
    base: Base,
    transitions: NDArray[np.float32],
    random: Random,
) -> list[str]:
    """Train for the epochs set and leave the model with the weights of the best; a line for each epoch."""
    knobs, tokenizer = settings.training, base.tokenizer
    mask = tokenizer.token_to_id("<mask>") or tokenizer.token_to_id("[MASK]") or base.sizes.pad
    longest = min(LONGEST_LEARNT, base.sizes.positions)
    batcher = Batcher(tokenizer, mixture.labels, base.sizes.pad, knobs.batch, mask, longest, base.places)
    history: list[str] = []
    best: tuple[float, list[NDArray[np.float32]]] = (-1.0, [])
    for epoch in range(1, knobs.epochs + 1):
        started = time.monotonic()
        examples, weights = mixture.epoch(random)
        batches = batcher.batches(examples, weights, random, knobs.word_dropout, knobs.mark_dropout)
        losses = [float(model.train_on_batch(seen, wanted)) for seen, wanted in batches]
        scores = score(mixture.dev, predict(model, base, mixture.labels, mixture.dev, transitions)[0])
        took = time.monotonic() - started
        history.append(f"epoch {epoch}: loss {np.mean(losses):.3f}, {took:.0f} s; {scores.summary()}")
        print(history[-1], flush=True)
        reached = scores.intent_accuracy + scores.spans.f1 + scores.exact_rate
        if reached > best[0]:
            best = reached, model.get_weights()
    model.set_weights(best[1])
    return history


def save_weights(model: Trainee, path: Path) -> None:
    """Keep what was trained, in 32 bits: a later training can go on from it."""
    np.savez_compressed(path, **{v.path: v.numpy() for v in model.trainable_variables})


def read_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """What an earlier training kept, by name. Raises ConfigError where there is nothing."""
    try:
        return dict(np.load(path))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: no weights of an earlier training ({error})") from error


def sizes_of(kept: Mapping[str, NDArray[np.float32]], base: Sizes) -> Sizes:
    """The sizes of the network that was kept, which may be smaller than the base; without one, the base's."""
    neurons = [array.shape[-1] for name, array in kept.items() if name.endswith("expand/bias")]
    return replace(base, layers=len(neurons), feed_forward=neurons[0]) if neurons else base


def take_weights(model: Trainee, kept: Mapping[str, NDArray[np.float32]], path: str) -> None:
    """Fill the network with what was kept. Frozen word embeddings are not in it, so that the vocabulary may have grown.

    Raises ConfigError, which names `path`, where the weights are of another network.
    """
    wanted = {v.path: tuple(v.shape) for v in model.trainable_variables}
    if wrong := [p for p, shape in wanted.items() if p not in kept or kept[p].shape != shape]:
        raise ConfigError(
            f"{path}: weights of another network; {wrong[0]} and {len(wrong) - 1} more do not fit"
        )
    for variable in model.trainable_variables:
        variable.assign(kept[variable.path])


def describe(
    settings: Settings,
    mixture: Mixture,
    base: Base,
    sizes: Sizes,
    transitions: NDArray[np.float32],
    temperature: float,
    gram_weight: float,
    scores: Scores,
) -> Metadata:
    """The metadata of the model that was trained."""
    return Metadata(
        model_version=settings.output.version,
        schema_version=SCHEMA_VERSION,
        base=base.name,
        intents=mixture.labels.intents,
        slots=mixture.labels.slots,
        layers=sizes.layers,
        feed_forward=sizes.feed_forward,
        longest=min(LONGEST, base.sizes.positions),
        temperature=round(temperature, 4),
        gram_weight=round(gram_weight, 4),
        transitions=tuple(tuple(round(x, 3) for x in row) for row in transitions.tolist()),
        data_hash=mixture.digest(),
        figures={
            "messages": scores.count,
            "intent_accuracy": round(scores.intent_accuracy, 4),
            "slot_f1": round(scores.spans.f1, 4),
            "calibration_error": round(scores.calibration_error, 4),
        },
    )


def main(arguments: Sequence[str]) -> int:
    """Train by the configurations named, one after the other, or by those of the shipped model."""
    for path in map(Path, arguments) if arguments else SHIPPED_ROUNDS:
        train(read_settings(path))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
