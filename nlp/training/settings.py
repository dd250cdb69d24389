"""The training configuration: a TOML file, checked against these fields."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

SHIPPED_ROUNDS = tuple(Path(__file__).parent / name for name in ("first.toml", "second.toml", "third.toml"))
"""The rounds in which the shipped model is trained, in order."""


class ConfigError(ValueError):
    """A training configuration that cannot be used: says the file, the field and why."""


@dataclass(frozen=True, slots=True)
class BaseSettings:
    name: str
    layers: int
    go_on_from: str
    keep_layers: int
    keep_feed_forward: int


@dataclass(frozen=True, slots=True)
class DataSettings:
    reader: str
    train: list[str]
    dev: list[str]
    test: list[str]
    barred: list[str]
    held_out: float
    grammar_rows: int
    grammar_weight: float
    noise_share: float
    noise_strength: float
    places: bool


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    seed: int
    precision: str
    epochs: int
    batch: int
    rate: float
    warmup: float
    layer_decay: float
    head_factor: float
    weight_decay: float
    smoothing: float
    word_dropout: float
    mark_dropout: float
    dropout: float
    head_dropout: float
    freeze_words: bool
    tag_weight: float
    transition_weight: float


@dataclass(frozen=True, slots=True)
class OutputSettings:
    bundle: str
    report: str
    version: str


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it, as the file has it."""

    base: BaseSettings
    data: DataSettings
    training: TrainingSettings
    output: OutputSettings


def read_settings(path: Path) -> Settings:
    """Read a configuration; one that `extends` another says only what differs. Raises ConfigError that names the file
    and the field."""
    raw = _read(path)
    return Settings(
        base=_section(path, raw, "base", BaseSettings),
        data=_section(path, raw, "data", DataSettings),
        training=_section(path, raw, "training", TrainingSettings),
        output=_section(path, raw, "output", OutputSettings),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    if "extends" not in raw:
        return raw
    extended = _read(path.parent / raw.pop("extends"))
    return {name: extended.get(name, {}) | raw.get(name, {}) for name in extended | raw}


def _section(path: Path, raw: dict[str, Any], name: str, kind: Any) -> Any:
    section = raw.get(name, {})
    wanted = {f.name for f in fields(kind)}
    if wrong := sorted(wanted ^ set(section)):
        missing = [f for f in wrong if f in wanted]
        unknown = [f for f in wrong if f not in wanted]
        raise ConfigError(
            f"{path}: [{name}] lacks {missing or 'nothing'}, and does not know {unknown or 'nothing else'}"
        )
    return kind(**section)
