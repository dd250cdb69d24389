"""From the trained network to the bundle that is served: LiteRT, weights in 8 bits, and the metadata beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from nlp.model_bundle import GRAMS, INPUTS, MODEL, TOKENIZER, Metadata, write_metadata
from nlp.ngrams import GramReader
from nlp.training.encoder import Block, Reader

SOME = 0.95
"""What is the same twice is stored once, so that a file may be a little smaller than its weights."""


EMBEDDED_AFTER = 4
"""The block whose states, averaged, are a text's place among meanings. Fine-tuning turns the last blocks to intents and
slots: of 0 to 12, found by these queries (tests/bot/test_learning_search.py), 1 to 6 do alike and 8 and later worse."""


class ExportError(RuntimeError):
    """The converter made a file that does not hold the network."""


def to_litert(reader: Reader, quantised: bool = True) -> bytes:
    """The network as a LiteRT model: ids and marks of shape (length,), any length, to the scores of intents (intents,)
    and of tags (length, tags), and the text's place among meanings (hidden,).

    Raises ExportError when the result is too small to hold the weights.
    """
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_concrete_functions([serving(reader).get_concrete_function()])
    if quantised:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    made: bytes = converter.convert()
    weights = sum(int(np.prod(v.shape)) for v in reader.weights)
    if len(made) < weights * (1 if quantised else 4) * SOME:
        raise ExportError(
            f"the LiteRT file has {len(made)} bytes for {weights} weights: the weights are not in it"
        )
    return made


def serving(reader: Reader) -> Any:
    """What `reader` computes, as a TensorFlow function for one message without padding.

    Written for the runtime: matrices of two dimensions, so that each bias is part of its multiplication; query, key and
    value in one; no arithmetic on shapes; weights as constants, which the converter leaves out of a Keras 3 model
    otherwise, without a word. The whole network is then one piece to LiteRT's XNNPACK instead of a hundred.
    """
    import tensorflow as tf

    weights: dict[Any, list[Any]] = {id(layer): layer.get_weights() for layer in reader._flatten_layers()}

    def dense(x: Any, layer: Any) -> Any:
        kernel, bias = weights[id(layer)]
        return tf.matmul(x, tf.constant(kernel)) + tf.constant(bias)

    def norm(x: Any, layer: Any) -> Any:
        scale, shift = weights[id(layer)]
        centred = x - tf.reduce_mean(x, -1, keepdims=True)
        variance = tf.reduce_mean(centred * centred, -1, keepdims=True)
        return centred * tf.math.rsqrt(variance + layer.epsilon) * tf.constant(scale) + tf.constant(shift)

    def attention(x: Any, block: Block) -> Any:
        parts = [weights[id(layer)] for layer in (block.query, block.key, block.value)]
        shrunk = np.concatenate([np.full(block.hidden, block.width**-0.5), np.ones(2 * block.hidden)])
        kernel = np.concatenate([kernel for kernel, _ in parts], axis=1) * shrunk
        bias = np.concatenate([bias for _, bias in parts]) * shrunk
        joined = tf.matmul(x, tf.constant(kernel, tf.float32)) + tf.constant(bias, tf.float32)
        by_head = tf.transpose(tf.reshape(joined, (-1, 3 * block.heads, block.width)), (1, 0, 2))
        query, key, value = tf.split(by_head, 3)
        mixed = tf.matmul(tf.nn.softmax(tf.matmul(query, key, transpose_b=True)), value)
        return tf.reshape(tf.transpose(mixed, (1, 0, 2)), (-1, block.hidden))

    def run(x: Any, block: Block) -> Any:
        x = norm(x + dense(attention(x, block), block.output_), block.attention_norm)
        wide = tf.nn.gelu(dense(x, block.expand), approximate=False)
        return norm(x + dense(wide, block.contract), block.norm)

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.int32, name=name) for name in INPUTS])
    def serve(ids: Any, marks: Any) -> Any:
        embeddings = reader.embeddings
        words, places, named = (
            weights[id(table)][0] for table in (embeddings.word, embeddings.position, embeddings.mark)
        )
        x = tf.gather(tf.constant(words), ids) + tf.constant(places)[: tf.shape(ids)[0]]
        x = x + tf.gather(tf.constant(named), marks)
        x = norm(x, reader.embeddings.norm)
        early = reader.blocks[:EMBEDDED_AFTER]
        for block in early:
            x = run(x, block)
        meaning = tf.reduce_mean(x, 0)
        for block in reader.blocks[len(early) :]:
            x = run(x, block)
        summary = tf.concat((x[:1], tf.reduce_mean(x, 0, keepdims=True)), -1)
        return tf.reshape(dense(summary, reader.intent), (-1,)), dense(x, reader.tags), meaning

    return serve


def write_bundle(
    folder: Path, reader: Reader, tokenizer: Tokenizer, by_grams: GramReader, metadata: Metadata
) -> None:
    """Write the network, the tokenizer, the reader of grams and the metadata into `folder`, replacing what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL).write_bytes(to_litert(reader))
    tokenizer.save(str(folder / TOKENIZER), pretty=False)
    by_grams.save(folder / GRAMS)
    write_metadata(folder, metadata)
