"""The network: a BERT encoder in Keras 3 with one head for the intent and one for the tags.

Written in `keras.ops` alone, so that it trains on any Keras backend; the project exports it from TensorFlow.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from nlp.places.marks import Mark
from nlp.training.base import Base, Sizes


class Embeddings(layers.Layer):
    """Sum of word, position and mark embeddings, normalised. Marks say which pieces are names of places; they stand
    where BERT has its token types."""

    def __init__(self, sizes: Sizes, dropout: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.word = layers.Embedding(sizes.vocabulary, sizes.hidden, name="word")
        self.position = layers.Embedding(sizes.positions, sizes.hidden, name="position")
        self.mark = layers.Embedding(len(Mark), sizes.hidden, embeddings_initializer="zeros", name="mark")
        self.norm = layers.LayerNormalization(epsilon=sizes.epsilon, name="norm")
        self.dropout = layers.Dropout(dropout)
        self.hidden = sizes.hidden

    def build(self, shape: Any) -> None:
        self.word.build(shape)
        self.position.build(shape)
        self.mark.build(shape)
        self.norm.build((*shape, self.hidden))
        self.built = True

    def call(self, ids: Any, marks: Any, training: bool | None = None) -> Any:
        places = ops.arange(ops.shape(ids)[1])
        x = self.word(ids) + self.position(places)[None] + self.mark(marks)
        return self.dropout(self.norm(x), training=training)


class Block(layers.Layer):
    """One layer of BERT: self-attention, then feed-forward, each added to its input and normalised after."""

    def __init__(self, sizes: Sizes, dropout: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.heads, self.width = sizes.heads, sizes.hidden // sizes.heads
        self.hidden, self.feed_forward = sizes.hidden, sizes.feed_forward
        self.query, self.key, self.value, self.output_ = (
            layers.Dense(sizes.hidden, name=name) for name in ("query", "key", "value", "output")
        )
        self.attention_norm = layers.LayerNormalization(epsilon=sizes.epsilon, name="attention_norm")
        self.expand = layers.Dense(sizes.feed_forward, name="expand")
        self.contract = layers.Dense(sizes.hidden, name="contract")
        self.norm = layers.LayerNormalization(epsilon=sizes.epsilon, name="norm")
        self.dropout = layers.Dropout(dropout)

    def build(self, shape: Any, bias_shape: Any = None) -> None:
        for dense in (self.query, self.key, self.value, self.output_, self.expand):
            dense.build(shape)
        self.contract.build((*shape[:-1], self.feed_forward))
        self.attention_norm.build(shape)
        self.norm.build(shape)
        self.built = True

    def _split(self, x: Any) -> Any:
        """(batch, length, hidden) to (batch, heads, length, width)."""
        length = ops.shape(x)[1]
        return ops.transpose(ops.reshape(x, (-1, length, self.heads, self.width)), (0, 2, 1, 3))

    def attend(self, x: Any, bias: Any, training: bool | None = None) -> Any:
        """The states after self-attention."""
        length = ops.shape(x)[1]
        query = self._split(self.query(x) * self.width**-0.5)
        scores = ops.matmul(query, ops.transpose(self._split(self.key(x)), (0, 1, 3, 2))) + bias
        mixed = ops.matmul(ops.softmax(scores), self._split(self.value(x)))
        mixed = ops.reshape(ops.transpose(mixed, (0, 2, 1, 3)), (-1, length, self.hidden))
        return self.attention_norm(x + self.dropout(self.output_(mixed), training=training))

    def widen(self, x: Any) -> Any:
        """The feed-forward neurons, (batch, length, feed_forward)."""
        return ops.gelu(self.expand(x), approximate=False)

    def narrow(self, x: Any, wide: Any, training: bool | None = None) -> Any:
        """The states with what the neurons say."""
        return self.norm(x + self.dropout(self.contract(wide), training=training))

    def call(self, x: Any, bias: Any, training: bool | None = None) -> Any:
        x = self.attend(x, bias, training=training)
        return self.narrow(x, self.widen(x), training=training)


class Reader(keras.Model):
    """ids and marks, both (batch, length), to {"intent": (batch, intents), "tags": (batch, length, tags)}, both before
    softmax."""

    def __init__(
        self, sizes: Sizes, intents: int, tags: int, dropout: float = 0.1, head_dropout: float = 0.2
    ) -> None:
        super().__init__(name="reader")
        self.sizes = sizes
        self.embeddings = Embeddings(sizes, dropout, name="embeddings")
        self.blocks = [Block(sizes, dropout, name=f"block{i}") for i in range(sizes.layers)]
        self.head_dropout = layers.Dropout(head_dropout)
        self.intent = layers.Dense(intents, dtype="float32", name="intent")
        self.tags = layers.Dense(tags, dtype="float32", name="tags")
        self.build((None, None))

    def build(self, shape: Any) -> None:
        hidden = (None, None, self.sizes.hidden)
        self.embeddings.build(shape)
        for block in self.blocks:
            block.build(hidden)
        self.intent.build((None, 2 * self.sizes.hidden))
        self.tags.build(hidden)
        self.built = True

    def attention_bias(self, ids: Any) -> Any:
        """What keeps attention off the padding."""
        present = ops.cast(ops.not_equal(ids, self.sizes.pad), self.compute_dtype)
        return (present[:, None, None, :] - 1.0) * 1e4

    def hidden_states(self, ids: Any, marks: Any, training: bool | None = None) -> Any:
        """The last layer's states, (batch, length, hidden)."""
        bias = self.attention_bias(ids)
        x = self.embeddings(ids, marks, training=training)
        for block in self.blocks:
            x = block(x, bias, training=training)
        return x

    def mean_state(self, ids: Any, states: Any) -> Any:
        """The mean of the states of the pieces that are no padding: the embedding that E5 was trained for."""
        present = ops.cast(ops.not_equal(ids, self.sizes.pad), self.compute_dtype)[:, :, None]
        return ops.sum(states * present, axis=1) / ops.sum(present, axis=1)

    def call(self, message: Any, training: bool | None = None) -> dict[str, Any]:
        ids, marks = message
        states = self.hidden_states(ids, marks, training=training)
        summary = ops.concatenate((states[:, 0], self.mean_state(ids, states)), axis=-1)
        return {
            "intent": self.intent(self.head_dropout(summary, training=training)),
            "tags": self.tags(self.head_dropout(states, training=training)),
        }


def start_from(reader: Reader, base: Base, words_only: bool = False) -> None:
    """Give the encoder the pretrained weights, or only those of its words; the heads keep their random start."""
    weights = base.weights
    words = weights["emb.word"] + weights["emb.type"][0]
    reader.embeddings.word.set_weights([words])
    if words_only:
        return
    reader.embeddings.position.set_weights([weights["emb.pos"][: reader.sizes.positions]])
    reader.embeddings.norm.set_weights([weights["emb.ln.w"], weights["emb.ln.b"]])
    for i, block in enumerate(reader.blocks):
        parts = {
            "q": block.query, "k": block.key, "v": block.value, "ao": block.output_, "aln": block.attention_norm,
            "fi": block.expand, "fo": block.contract, "oln": block.norm,
        }  # fmt: skip
        for ours, layer in parts.items():
            layer.set_weights([np.asarray(weights[f"l{i}.{ours}.{kind}"]) for kind in "wb"])


class Trainee(Reader):
    """A Reader with its loss: intent and tags, label smoothing on the intent, ignored tags below zero."""

    smoothing = 0.0
    tag_weight = 1.0

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        weight = y["weight"]
        intents = y_pred["intent"].shape[-1]
        wanted = ops.one_hot(y["intent"], intents)
        wanted = wanted * (1 - self.smoothing) + self.smoothing / intents
        intent = keras.losses.categorical_crossentropy(wanted, y_pred["intent"], from_logits=True)
        counted = ops.cast(y["tags"] >= 0, "float32") * weight[:, None]
        tags = keras.losses.sparse_categorical_crossentropy(
            ops.maximum(y["tags"], 0), y_pred["tags"], from_logits=True
        )
        tag_loss = ops.sum(tags * counted) / ops.maximum(ops.sum(counted), 1.0)
        return ops.sum(intent * weight) / ops.sum(weight) + self.tag_weight * tag_loss
