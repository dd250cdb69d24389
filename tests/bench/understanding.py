"""How long it takes to understand a message, beside the same network in LiteRT fp32 and in TensorFlow."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from ai_edge_litert.interpreter import Interpreter

from nlp.features import encode
from nlp.model_bundle import FILES, SHIPPED
from nlp.parser import Parser
from tests.bench.measure import measure, show

MESSAGES = {
    8: ["no, es en ate", "no es en ate pues"],
    16: [
        "quien puede cuidar a mi hijita en las tardes por ate",
        "busco guarderia en villa el salvador para bebe de 8 meses",
        "la señora no vino hoy ni contesta el celular, que hago",
    ],
    32: [
        "señorita entro a trabajar el lunes y no tengo quien cuide a mi hijita de 2 años, vivo por collique, "
        "hasta 300 al mes",
    ],
}
"""By the number of pieces they come to, the two that begin and end a message included."""

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ROUNDS = 150


def bench() -> None:
    before = _resident_mb()
    parser = Parser.load()
    parses = {n: _parses(parser, n) for n in MESSAGES}
    ours = {
        n: measure(f"whole parse, {_lengths(parser, n)} pieces", calls, ROUNDS) for n, calls in parses.items()
    }
    # Before TensorFlow is in the process: its threads and memory slow down everything beside it.
    taggers = {
        n: measure("  of which tokenise, model, decode", _readings(parser, n), ROUNDS) for n in MESSAGES
    }
    networks = {n: measure("  of which the network", _networks(parser, n), ROUNDS) for n in MESSAGES}
    size = sum((SHIPPED / name).stat().st_size for name in FILES) / 1e6
    resident, added = _resident_mb(), _resident_mb() - before
    print(
        f"\nUnderstanding: {resident:.0f} MB resident, {added:.0f} of them parser, places and model; model and "
        f"tokenizer are {size:.1f} MB; from a process's start to its first parse {_first_parse_s():.2f} s"
    )
    reader = _same_network(parser)
    with tempfile.TemporaryDirectory() as folder:
        full = _litert_fp32(reader, Path(folder))
        for pieces, whole in ours.items():
            ids = _ids(parser, pieces)
            fp32 = measure("LiteRT fp32, network alone", [lambda ids=ids: full(ids)], 40)
            compiled = measure("TensorFlow, network alone, as a graph", [_tensorflow(reader, ids)], 40)
            called = measure("TensorFlow, network alone, called as Keras does", [_called(reader, ids)], 20)
            parts = [taggers[pieces], networks[pieces]]
            show(f"A message of {pieces} pieces, one thread", whole, [*parts, fp32, compiled, called])
            show("  the network alone", networks[pieces], [fp32, compiled, called])


def _first_parse_s() -> float:
    """The median of some processes that start, parse one message and end."""
    parse = "from nlp.parser import Parser; Parser.load().parse('busco cuna en comas')"
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", parse], check=True, capture_output=True)
        taken.append(time.perf_counter() - start)
    return float(np.median(taken))


def _lengths(parser: Parser, pieces: int) -> str:
    """How long the messages really are, shortest to longest."""
    found = sorted({len(encode(parser.tagger._tokenizer, text).ids) for text in MESSAGES[pieces]})
    return f"{found[0]}" if len(found) == 1 else f"{found[0]}–{found[-1]}"


def _parses(parser: Parser, pieces: int) -> list[Callable[[], object]]:
    return [lambda text=text: parser.parse(text, NOW) for text in MESSAGES[pieces]]


def _readings(parser: Parser, pieces: int) -> list[Callable[[], object]]:
    return [lambda text=text: parser.tagger.read(text) for text in MESSAGES[pieces]]


def _networks(parser: Parser, pieces: int) -> list[Callable[[], object]]:
    tagger = parser.tagger
    features = [encode(tagger._tokenizer, text, places=tagger.places) for text in MESSAGES[pieces]]
    return [lambda one=one: tagger._run(one) for one in features]


def _ids(parser: Parser, pieces: int) -> Any:
    """The first message of that length, cut or stretched to it."""
    found = encode(parser.tagger._tokenizer, MESSAGES[pieces][0]).ids
    return np.array((found * 2)[:pieces], np.int32)


def _same_network(parser: Parser) -> Any:
    """The network in Keras, untrained: its speed does not depend on its weights."""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import tensorflow as tf

    from nlp.training.base import load_base
    from nlp.training.encoder import Reader

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    metadata = parser.tagger.metadata
    base = load_base(metadata.base, (), Path("build/base")).sizes
    sizes = replace(base, layers=metadata.layers, feed_forward=metadata.feed_forward)
    return Reader(sizes, len(metadata.intents), 1 + 2 * len(metadata.slots))


def _litert_fp32(reader: Any, folder: Path) -> Callable[[Any], None]:
    from nlp.training.export import to_litert

    path = folder / "fp32.tflite"
    path.write_bytes(to_litert(reader, quantised=False))
    interpreters: dict[int, Interpreter] = {}

    def run(ids: Any) -> None:
        if len(ids) not in interpreters:
            made = Interpreter(model_path=str(path), num_threads=1)
            for entry in made.get_input_details():
                made.resize_tensor_input(entry["index"], [len(ids)])
            made.allocate_tensors()
            interpreters[len(ids)] = made
        interpreter = interpreters[len(ids)]
        for entry in interpreter.get_input_details():
            interpreter.set_tensor(entry["index"], ids if "ids" in entry["name"] else np.zeros_like(ids))
        interpreter.invoke()

    return run


def _tensorflow(reader: Any, ids: Any) -> Callable[[], object]:
    import tensorflow as tf

    call = tf.function(lambda x: reader(x, training=False))
    message = tf.constant(ids[None]), tf.zeros_like(ids[None])
    return lambda: call(message)["intent"].numpy()


def _called(reader: Any, ids: Any) -> Callable[[], object]:
    """The way a Keras model is used where nobody traces it first."""
    import tensorflow as tf

    message = tf.constant(ids[None]), tf.zeros_like(ids[None])
    return lambda: reader(message, training=False)["intent"].numpy()


def _resident_mb() -> float:
    return float(psutil.Process().memory_info().rss / 2**20)


if __name__ == "__main__":
    bench()
