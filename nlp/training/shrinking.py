"""A trained network made smaller: the layers and feed-forward neurons that change least what comes out are left out.

A layer's influence is how far it turns the states that pass through it (the measure of Men et al. 2024, "ShortGPT",
https://arxiv.org/abs/2403.03853). A neuron's is how much its output varies, times the length of its column in the
matrix that follows; its mean goes into that matrix's bias. What was lost is learnt again by training on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from keras import ops
from numpy.typing import NDArray

from nlp.training.encoder import Block, Reader


@dataclass(frozen=True, slots=True)
class BlockStatistics:
    """Of one block, over some messages: how far it turns the states (0 to 1), and its neurons' mean and variance."""

    turn: float
    mean: NDArray[np.float32]
    variance: NDArray[np.float32]


def shrink(large: Reader, small: Reader, ids: NDArray[np.int32]) -> None:
    """Fill a network that has fewer layers, or fewer feed-forward neurons in each, with what matters most in the
    large one for messages `ids`, padded (messages, length). All else is the same in both."""
    statistics = _watch(large, ids)
    kept = sorted(sorted(range(len(statistics)), key=lambda i: -statistics[i].turn)[: len(small.blocks)])
    for name in ("embeddings", "intent", "tags"):
        getattr(small, name).set_weights(getattr(large, name).get_weights())
    for block, i in zip(small.blocks, kept, strict=True):
        _fill(block, large.blocks[i], statistics[i])


def _watch(model: Reader, ids: NDArray[np.int32]) -> list[BlockStatistics]:
    present = np.asarray(ids != model.sizes.pad)
    bias = model.attention_bias(ids)
    x = model.embeddings(ids, np.zeros_like(ids))
    found = []
    for block in model.blocks:
        attended = block.attend(x, bias)
        wide = _array(block.widen(attended))[present]
        after = block.narrow(attended, block.widen(attended))
        found.append(
            BlockStatistics(_turn(_array(x)[present], _array(after)[present]), wide.mean(0), wide.var(0))
        )
        x = after
    return found


def _turn(before: NDArray[np.float32], after: NDArray[np.float32]) -> float:
    lengths = np.linalg.norm(before, axis=-1) * np.linalg.norm(after, axis=-1)
    return float(1 - ((before * after).sum(-1) / lengths).mean())


def _fill(small: Block, large: Block, statistics: BlockStatistics) -> None:
    same = ("query", "key", "value", "output_", "attention_norm", "norm")
    for name in same:
        getattr(small, name).set_weights(getattr(large, name).get_weights())
    (into, into_bias), (out, out_bias) = large.expand.get_weights(), large.contract.get_weights()
    matters = statistics.variance * (out**2).sum(axis=1)
    kept = np.sort(np.argsort(-matters)[: small.feed_forward])
    lost = np.setdiff1d(np.arange(len(matters)), kept)
    small.expand.set_weights([into[:, kept], into_bias[kept]])
    small.contract.set_weights([out[kept], out_bias + statistics.mean[lost] @ out[lost]])


def _array(x: Any) -> NDArray[np.float32]:
    return np.asarray(ops.convert_to_numpy(ops.cast(x, "float32")))
