"""What a text is about, as a direction: the served model's own, before it turns to intents and slots."""

from __future__ import annotations

import numpy as np

from nlp.model_bundle import MODEL
from nlp.tagger import Tagger


class Meaning:
    """Places texts among meanings. `model` names the model: the directions of two models cannot be compared."""

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger
        self.model = tagger.metadata.files[MODEL][:16]

    def of(self, *texts: str) -> list[float]:
        """The direction that lies between those of the texts, of length 1."""
        each = np.array([self._tagger.embed(text) for text in texts])
        each /= np.linalg.norm(each, axis=1, keepdims=True)
        middle = each.mean(axis=0)
        found: list[float] = (middle / np.linalg.norm(middle)).tolist()
        return found
