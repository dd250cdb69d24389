"""Reads a message with the trained model, on LiteRT and one thread: its intent, how sure, its labelled spans."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nlp.features import (
    NO_PLACES,
    Features,
    Span,
    best_tags,
    encode,
    moves_of,
    spans_of,
    tag_names,
)
from nlp.model_bundle import GRAMS, INPUTS, MODEL, SHIPPED, TOKENIZER, BundleError, Metadata, read_metadata
from nlp.ngrams import GramReader
from nlp.places.marks import PlaceMarks
from nlp.places.names import Names
from nlp.schema import SCHEMA_VERSION, Intent, SlotName

OUTPUTS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model sees in a message: a chance for each intent, calibrated, and the spans in order."""

    chances: dict[str, float]
    spans: tuple[Span, ...]

    @property
    def intent(self) -> str:
        """The likeliest intent."""
        return max(self.chances, key=self.chances.__getitem__)


class Tagger:
    """The model and its tokenizer. Safe to share between threads; survives a fork."""

    def __init__(self, folder: Path, metadata: Metadata, places: PlaceMarks) -> None:
        self.metadata = metadata
        self.places = places
        self._model = folder / MODEL
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._grams = GramReader.load(folder / GRAMS)
        self._lock = Lock()
        transitions = np.array(metadata.transitions, np.float32)
        self._moves = moves_of(len(tag_names(metadata.slots)), transitions)
        self._interpreter = Interpreter(model_path=str(self._model), num_threads=1)
        if len(self._interpreter.get_output_details()) != OUTPUTS:
            raise ValueError(f"it must give intents, tags and a place among meanings: {OUTPUTS} outputs")
        inputs = self._interpreter.get_input_details()
        self._inputs = [next(d["index"] for d in inputs if name in d["name"]) for name in INPUTS]
        self._outputs = _outputs_of(self._interpreter, len(metadata.intents))
        self._length = 0

    @classmethod
    def load(cls, folder: Path = SHIPPED, places: PlaceMarks | None = None) -> Tagger:
        """The model in `folder`, checked against the schema of the code; `places` marks names of places (the shipped
        ones). Raises BundleError."""
        intents, slots = tuple(i.value for i in Intent), tuple(s.value for s in SlotName)
        return cls.load_for(folder, intents, slots, places or PlaceMarks.of(Names.load()))

    @classmethod
    def load_for(
        cls,
        folder: Path,
        intents: tuple[str, ...],
        slots: tuple[str, ...],
        places: PlaceMarks = NO_PLACES,
    ) -> Tagger:
        """The model in `folder`, which must have been trained for these labels. Raises BundleError."""
        metadata = read_metadata(folder, SCHEMA_VERSION, intents, slots)
        try:
            return cls(folder, metadata, places)
        except (ValueError, RuntimeError, KeyError, OSError, StopIteration) as error:
            raise BundleError(f"the model in {folder} cannot be loaded: {error}") from error

    def read(self, text: str) -> Reading:
        """Read one message, of any content and length; of one too long for the model the end is not read."""
        features = encode(self._tokenizer, text, self.metadata.longest, self.places)
        intent, tags, _ = self._run(features)
        scores = intent / self.metadata.temperature + self.metadata.gram_weight * self._grams.scores(text)
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        spans = spans_of(features, best_tags(tags[features.firsts], self._moves), self.metadata.slots)
        named = zip(self.metadata.intents, chances.tolist(), strict=True)
        return Reading(dict(named), tuple(spans))

    def embed(self, text: str) -> NDArray[np.float32]:
        """Where a text lies among meanings: texts about the same thing lie in like directions."""
        return self._run(encode(self._tokenizer, text, self.metadata.longest))[2]

    def _run(
        self, features: Features
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """The scores of the intents, and of the tags of each piece; where the text lies among meanings.

        A message of another length than the one before costs a resize, under half a millisecond; an interpreter for
        each length would cost 40 MB, for it packs the weights anew.
        """
        with self._lock:
            interpreter, length = self._interpreter, len(features.ids)
            if length != self._length:
                self._length = 0
                for entry in self._inputs:
                    interpreter.resize_tensor_input(entry, [length])
                interpreter.allocate_tensors()
                self._length = length
            for entry, values in zip(self._inputs, (features.ids, features.marks), strict=True):
                interpreter.set_tensor(entry, np.array(values, np.int32))
            interpreter.invoke()
            intent, tags, meaning = (interpreter.get_tensor(entry) for entry in self._outputs)
        return intent, tags, meaning


def _outputs_of(interpreter: Interpreter, intents: int) -> tuple[int, int, int]:
    """The entries of intents, tags and meaning among the outputs, told by their shapes."""
    outputs = {d["index"]: tuple(d["shape"]) for d in interpreter.get_output_details()}
    intent = next(entry for entry, shape in outputs.items() if shape == (intents,))
    tags = next(entry for entry, shape in outputs.items() if len(shape) == 2)
    meaning = next(entry for entry in outputs if entry not in (intent, tags))
    return intent, tags, meaning
