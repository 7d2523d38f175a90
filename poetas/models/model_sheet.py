"""Model sheet: what the files of a model on this machine say about it, and what they leave out.

Everything is read as untrusted input: a number that is none, or a card that cannot be read, is absent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from poetas.models.model_store import Record, record_of
from poetas.util.files import read_json

CARDS = ("README.md", "README.upstream.md")  # as the Hub and the wheels call the card that came with a model
LARGEST = 1_000_000  # bytes of a card that are read
_FRONT = 200_000  # characters in which a card's front matter has to end
_MOST = 10**12
_KEYS = ("base_model", "datasets", "co2_eq_emissions", "model-index")


@dataclass(frozen=True, slots=True)
class ModelSheet:
    """What a model's folder says.

    record: description, origin, licence. layers, width, vocabulary, window (tokens that it can read at once): 0 where
    the configuration does not say. files: bytes by name. card: keys of the front matter of the card that came with it,
    with their values. has_card: whether one came.
    """

    record: Record
    layers: int = 0
    width: int = 0
    vocabulary: int = 0
    window: int = 0
    files: Mapping[str, int] = field(default_factory=dict)
    card: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    has_card: bool = False


def read_sheet(folder: Path) -> ModelSheet | None:
    """Read a model's folder; None where it is incomplete."""
    record = record_of(folder)
    if record is None:
        return None
    config = _config(folder)
    source = _card(folder)
    return ModelSheet(
        record,
        layers=_count(config, "num_hidden_layers", "num_layers"),
        width=_count(config, "hidden_size", "d_model"),
        vocabulary=_count(config, "vocab_size"),
        window=_count(config, "max_position_embeddings"),
        files={path.name: path.stat().st_size for path in sorted(folder.iterdir()) if path.is_file()},
        card=front_matter(source),
        has_card=bool(source),
    )


def front_matter(card: str) -> dict[str, tuple[str, ...]]:
    r"""Return the values of the known keys of a card's front matter (YAML), one or several a key.

    Only the two ways in which the Hub writes lists are read; no YAML parser meets a stranger's file.

    >>> front_matter("---\nlicense: mit\ndatasets:\n- a/b\n- c\nbase_model: d/e\n---\n# Hola")
    {'datasets': ('a/b', 'c'), 'base_model': ('d/e',)}
    >>> front_matter("# Hola\n---\ndatasets: x")
    {}
    """
    match = re.match(r"---[ \t]*\n(.*?)\n---", card[:_FRONT], re.DOTALL)
    values: dict[str, list[str]] = {}
    key = ""
    for line in match[1].splitlines() if match else ():
        if named := re.match(r"([\w-]+):\s*(.*)$", line):
            key = named[1] if named[1] in _KEYS else ""
            words = [word.strip(" \"'") for word in named[2].strip("[] ").split(",")]
            if key:
                values[key] = [word for word in words if word]
        elif key and (item := re.match(r"\s*-\s+(.+)$", line)):
            values[key].append(item[1].strip(" \"'"))
        elif key and line[:1].isspace() and not values[key]:
            values[key] = [line.strip()]
    return {name: tuple(words) for name, words in values.items()}


def _config(folder: Path) -> Mapping[str, Any]:
    try:
        config = read_json(folder / "config.json")
    except (OSError, ValueError):
        return {}
    if not isinstance(config, dict):
        return {}
    inner = config.get("text_config")  # models that also see images keep their text model's figures apart
    return {**config, **inner} if isinstance(inner, dict) else config


def _count(config: Mapping[str, Any], *names: str) -> int:
    for name in names:
        value = config.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _MOST:
            return value
    return 0


def _card(folder: Path) -> str:
    for name in CARDS:
        try:
            with (folder / name).open(encoding="utf-8", errors="replace") as file:
                return file.read(LARGEST)
        except OSError:
            continue
    return ""
