"""AdamW with warm-up, decay, and a learning rate that shrinks from the heads down to the embeddings."""

from __future__ import annotations

import re
from typing import Any

import keras
from keras import ops

_HEADS = ("intent", "tags")


def layer_factor(path: str, layers: int, decay: float, heads: float) -> float:
    """How much of the learning rate a variable gets: `heads` for the heads, 1 for the last block, then `decay` times
    less for each block below, and for the embeddings once more."""
    if any(f"/{head}/" in f"/{path}" for head in _HEADS):
        return heads
    block = re.search(r"block(\d+)", path)
    depth = layers - 1 - int(block[1]) if block else layers
    return float(decay**depth)


class LayerwiseAdamW(keras.optimizers.AdamW):
    """AdamW whose step for each variable is scaled by that variable's factor; norms and biases are not decayed."""

    def __init__(self, factors: dict[str, float], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.factors = factors
        self.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])

    def build(self, variables: Any) -> None:
        super().build(variables)
        self.factor_at = [self.factors[variable.path] for variable in variables]

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        factor = ops.cast(self.factor_at[self._get_variable_index(variable)], variable.dtype)
        super().update_step(gradient, variable, ops.cast(learning_rate, variable.dtype) * factor)


def make_optimizer(
    model: Any,
    steps: int,
    rate: float,
    warmup: float,
    layer_decay: float,
    head_factor: float,
    weight_decay: float,
) -> LayerwiseAdamW:
    """The optimizer for `steps` batches, of which the share `warmup` climbs to `rate` and the rest falls to zero."""
    layers = model.sizes.layers
    factors = {
        v.path: layer_factor(v.path, layers, layer_decay, head_factor) for v in model.trainable_variables
    }
    climb = max(1, round(steps * warmup))
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0, decay_steps=max(1, steps - climb), warmup_target=rate, warmup_steps=climb
    )
    return LayerwiseAdamW(
        factors, learning_rate=schedule, weight_decay=weight_decay, global_clipnorm=1.0, beta_2=0.98
    )
