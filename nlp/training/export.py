"""From the trained network to the bundle that is served: LiteRT, weights in 8 bits, and the metadata beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from nlp.model_bundle import MODEL, TOKENIZER, Metadata, write_metadata
from nlp.training.encoder import Reader

LENGTHS = (16, 32, 48, 64, 96, 128, 192, 256, 384, 512)


SOME = 0.95
"""What is the same twice is stored once, so that a file may be a little smaller than its weights."""


class ExportError(RuntimeError):
    """The converter made a file that does not hold the network."""


def to_litert(reader: Reader, quantised: bool = True) -> bytes:
    """The network as a LiteRT model that takes ids of shape (1, length), any length.

    The variables are frozen into constants first: the converter leaves a Keras 3 model's weights out otherwise,
    without a word. Raises ExportError when the result is too small to hold them.
    """
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    @tf.function(input_signature=[tf.TensorSpec((1, None), tf.int32, name="ids")])
    def serve(ids: Any) -> Any:
        outputs = reader(ids, training=False)
        return outputs["intent"], outputs["tags"]

    frozen = convert_variables_to_constants_v2(serve.get_concrete_function())
    converter = tf.lite.TFLiteConverter.from_concrete_functions([frozen])
    if quantised:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    made: bytes = converter.convert()
    weights = sum(int(np.prod(v.shape)) for v in reader.weights)
    if len(made) < weights * (1 if quantised else 4) * SOME:
        raise ExportError(
            f"the LiteRT file has {len(made)} bytes for {weights} weights: the weights are not in it"
        )
    return made


def write_bundle(folder: Path, reader: Reader, tokenizer: Tokenizer, metadata: Metadata) -> None:
    """Write the model, the tokenizer and the metadata into `folder`, replacing what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL).write_bytes(to_litert(reader))
    tokenizer.save(str(folder / TOKENIZER), pretty=False)
    write_metadata(folder, metadata)
