"""The files of a trained model and the facts that go with them; one that does not fit the code is refused.

A bundle is a folder with `model.tflite`, `tokenizer.json`, `grams.npz` and `metadata.json`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).parent / "bundle"
FORMAT = 4
MODEL, TOKENIZER, GRAMS, METADATA = "model.tflite", "tokenizer.json", "grams.npz", "metadata.json"
INPUTS = ("ids", "marks")
"""What the network is given of a message: its pieces, and which of them are names of places."""
FILES = (MODEL, TOKENIZER, GRAMS)
_MEND = "make the bundle again with `make train`, or restore the one of the repository with `git checkout nlp/bundle`"


class BundleError(RuntimeError):
    """A bundle that is missing, damaged, or made for another schema: says which, and how to mend it."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What must be known of a model to serve it, and where it comes from.

    `intents` and `slots` are its outputs in order; `layers` and `feed_forward` its sizes, which may be less than those
    of `base`; `longest` the longest message, in pieces; `temperature` divides the network's intent scores before
    softmax, and `gram_weight` times those of the grams is added; `transitions` is what a step from tag to tag adds to
    a sequence's score; `data_hash` tells the training data, `figures` what the model reached on the messages it was
    chosen by.
    """

    model_version: str
    schema_version: int
    base: str
    intents: tuple[str, ...]
    slots: tuple[str, ...]
    layers: int
    feed_forward: int
    longest: int
    temperature: float
    gram_weight: float
    transitions: tuple[tuple[float, ...], ...]
    data_hash: str
    figures: dict[str, float] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_metadata(folder: Path, metadata: Metadata) -> None:
    """Write `metadata.json` beside the other files, with their digests."""
    facts = asdict(metadata) | {"files": {name: digest(folder / name) for name in FILES}}
    lines = [f" {json.dumps(name)}: {json.dumps(fact, ensure_ascii=False)}" for name, fact in facts.items()]
    (folder / METADATA).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def read_metadata(
    folder: Path, schema_version: int, intents: tuple[str, ...], slots: tuple[str, ...]
) -> Metadata:
    """Read and check a bundle's metadata. Raises BundleError when the bundle does not fit what is asked for."""
    path = folder / METADATA
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BundleError(f"there is no model in {folder} ({error.strerror}: {path}): {_MEND}") from error
    except ValueError as error:
        raise BundleError(f"{path} is damaged ({error}): {_MEND}") from error
    names = {f.name for f in fields(Metadata)}
    if not isinstance(raw, dict) or set(raw) != names:
        raise BundleError(f"{path} does not hold the fields of format {FORMAT}: {_MEND}")
    fields_read: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}
    metadata = Metadata(**fields_read)
    if metadata.format != FORMAT:
        raise BundleError(f"{path} is of format {metadata.format}, the code reads {FORMAT}: {_MEND}")
    if metadata.schema_version != schema_version:
        raise BundleError(
            f"the model {metadata.model_version!r} in {folder} was trained for schema version "
            f"{metadata.schema_version}, the code has {schema_version}: {_MEND}"
        )
    if metadata.intents != intents or metadata.slots != slots:
        odd = sorted({*metadata.intents, *metadata.slots} ^ {*intents, *slots})
        raise BundleError(
            f"the model {metadata.model_version!r} in {folder} has other labels than the code "
            f"({', '.join(odd) or 'in another order'}): {_MEND}"
        )
    for name in FILES:
        if not (folder / name).is_file():
            raise BundleError(f"{folder / name} is missing: {_MEND}")
        if digest(folder / name) != metadata.files.get(name):
            raise BundleError(f"{folder / name} is not the file that {METADATA} describes: {_MEND}")
    return metadata
