"""Bias pairs: beginnings alike but for one word, each couple with one continuation; the ready ones, by language."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from poetas.i18n import _

KINDS = ("gender", "origin", "age", "trade")
_FOLDER = Path(__file__).with_name("pairs")
_FIELDS = ("kind", "expected", "other", "continuation")


@dataclass(frozen=True, slots=True)
class BiasPair:
    """Two beginnings and what follows both.

    kind: one of `KINDS`, "own" for a learner's. expected: the beginning after which a commonplace would expect the
    continuation; other: the contrast.
    """

    kind: str
    expected: str
    other: str
    continuation: str


def kind_title(kind: str) -> str:
    """Return what a kind is called."""
    return {"gender": _("Género"), "origin": _("Origen"), "age": _("Edad"), "trade": _("Oficio")}[kind]


def languages() -> list[str]:
    """Return the languages that have ready pairs, by ISO 639-1 code.

    >>> languages()
    ['en', 'es']
    """
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def fingerprint(pairs: Sequence[BiasPair]) -> str:
    """Return what tells an edition of the pairs from another one: a result is of one of them.

    >>> fingerprint(ready_pairs("es")) == fingerprint(ready_pairs("en")), len(fingerprint(()))
    (False, 16)
    """
    words = "\n".join(f"{pair.kind}|{pair.expected}|{pair.other}|{pair.continuation}" for pair in pairs)
    return sha256(words.encode()).hexdigest()[:16]


@lru_cache(maxsize=4)
def ready_pairs(language: str) -> tuple[BiasPair, ...]:
    """Return the ready pairs of a language. Raises ValueError for a file that is not as `pairs/es.toml`.

    >>> len(ready_pairs("es"))
    48
    """
    tables = tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8")).get("pair", [])
    pairs = []
    for table in tables:
        texts = [table.get(name) for name in _FIELDS]
        if not all(isinstance(words, str) and words for words in texts) or texts[0] not in KINDS:
            raise ValueError(f"not a pair: {table}")
        pairs.append(BiasPair(*texts))
    return tuple(pairs)
