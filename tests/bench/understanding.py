"""How long it takes to understand a message, beside the same network in LiteRT fp32 and in TensorFlow."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from ai_edge_litert.interpreter import Interpreter

from nlp.features import encode
from nlp.parser import Parser
from tests.bench.measure import measure, show

MESSAGES = {
    8: ["busco cuna en comas", "dnd ay internet x ayacucho", "no, es en ate"],
    16: [
        "busco una guarderia en villa el salvador para bebe de 8 meses",
        "quien me puede cuidar a mi hijita en las tardes por canto grande",
    ],
    32: [
        "señorita entro a trabajar el lunes a la fabrica y no tengo con quien dejar a mi hijita de 2 añitos, "
        "vivo por collique",
    ],
}
"""By the number of pieces they come to, about."""

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ROUNDS = 150


def bench() -> None:
    before = _resident_mb()
    parser = Parser.load()
    parses = {n: _parses(parser, n) for n in MESSAGES}
    ours = {n: measure(f"whole parse, {n} pieces", calls, ROUNDS) for n, calls in parses.items()}
    # Before TensorFlow is in the process: its threads and memory slow down everything beside it.
    taggers = {
        n: measure("  of which tokenise, model, decode", _readings(parser, n), ROUNDS) for n in MESSAGES
    }
    print(
        f"\nUnderstanding: parser, places and model take {_resident_mb() - before:.0f} MB "
        f"in a process of {before:.0f} MB"
    )
    reader = _same_network(parser)
    with tempfile.TemporaryDirectory() as folder:
        full = _litert_fp32(reader, Path(folder))
        for pieces, calls in ours.items():
            ids = _ids(parser, pieces)
            fp32 = measure("LiteRT fp32, network alone", [lambda ids=ids: full(ids)], 40)
            tensorflow = measure("TensorFlow, network alone", [_tensorflow(reader, ids)], 40)
            show(f"A message of {pieces} pieces, one thread", calls, [taggers[pieces], fp32, tensorflow])


def _parses(parser: Parser, pieces: int) -> list[Callable[[], object]]:
    return [lambda text=text: parser.parse(text, NOW) for text in MESSAGES[pieces]]


def _readings(parser: Parser, pieces: int) -> list[Callable[[], object]]:
    return [lambda text=text: parser.tagger.read(text) for text in MESSAGES[pieces]]


def _ids(parser: Parser, pieces: int) -> Any:
    found = encode(parser.tagger._tokenizer, MESSAGES[pieces][0]).ids[:pieces]
    return np.array([found + [parser.tagger.metadata.pad] * (pieces - len(found))], np.int32)


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
    sizes = load_base(metadata.base, (), Path("build/base")).sizes
    return Reader(sizes, len(metadata.intents), 1 + 2 * len(metadata.slots))


def _litert_fp32(reader: Any, folder: Path) -> Callable[[Any], None]:
    from nlp.training.export import to_litert

    path = folder / "fp32.tflite"
    path.write_bytes(to_litert(reader, quantised=False))
    interpreters: dict[int, Interpreter] = {}

    def run(ids: Any) -> None:
        if ids.shape[1] not in interpreters:
            made = Interpreter(model_path=str(path), num_threads=1)
            made.resize_tensor_input(made.get_input_details()[0]["index"], list(ids.shape))
            made.allocate_tensors()
            interpreters[ids.shape[1]] = made
        interpreter = interpreters[ids.shape[1]]
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], ids)
        interpreter.invoke()

    return run


def _tensorflow(reader: Any, ids: Any) -> Callable[[], object]:
    import tensorflow as tf

    call = tf.function(lambda x: reader(x, training=False))
    tensor = tf.constant(ids)
    return lambda: call(tensor)["intent"].numpy()


def _resident_mb() -> float:
    return float(psutil.Process().memory_info().rss / 2**20)
