"""Trains the reader of grams (`nlp/ngrams.py`) and finds how much it should count beside the network."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.ngrams import BUCKETS, GramReader, grams
from nlp.training.examples import Example
from nlp.training.predictions import softmax

ROUNDS = 12
STRENGTH = 5e-6
"""Of the L2 penalty."""
UNSEEN = -10.0
"""The score of an intent that no message has."""


def train_grams(examples: Sequence[Example], intents: Sequence[str], seed: int) -> GramReader:
    """One logistic regression for each intent, by stochastic gradient descent (scikit-learn)."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import SGDClassifier

    found = [grams(example.text) for example in examples]
    starts = np.cumsum([0, *(len(buckets) for buckets, _ in found)])
    matrix = csr_matrix(
        (np.concatenate([w for _, w in found]), np.concatenate([b for b, _ in found]), starts),
        shape=(len(found), BUCKETS),
    )
    wanted = np.array([intents.index(example.intent) for example in examples])
    model = SGDClassifier(loss="log_loss", alpha=STRENGTH, max_iter=ROUNDS, tol=None, random_state=seed)
    model.fit(matrix, wanted)
    weights, bias = np.zeros((BUCKETS, len(intents)), np.float32), np.full(len(intents), UNSEEN, np.float32)
    if len(model.classes_) == 2:  # scikit-learn then keeps one row, for the second against the first
        bias[model.classes_[0]] = 0
        weights[:, model.classes_[1]], bias[model.classes_[1]] = model.coef_[0], model.intercept_[0]
    else:
        weights[:, model.classes_], bias[model.classes_] = model.coef_.T, model.intercept_
    return GramReader.quantised(weights, bias)


def scores_of(reader: GramReader, examples: Sequence[Example]) -> NDArray[np.float32]:
    """The reader's scores of each example, (examples, intents)."""
    return np.array([reader.scores(example.text) for example in examples], np.float32)


def best_weights(
    network: NDArray[np.float32], by_grams: NDArray[np.float32], wanted: NDArray[np.int64]
) -> tuple[float, float]:
    """The temperature of the network's scores and the weight of the grams' that make the right intents likeliest."""
    rows = np.arange(len(wanted))
    tried = (
        (-np.log(softmax(network / t + w * by_grams)[rows, wanted] + 1e-9).mean(), t, w)
        for t in np.geomspace(0.5, 4.0, 40)
        for w in np.linspace(0.0, 2.0, 41)
    )
    _, temperature, weight = min(tried)
    return float(temperature), float(weight)
