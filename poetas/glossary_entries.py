"""The glossary: one entry a term, with an everyday comparison, read from ``glossary.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from poetas.i18n import _
from poetas.util.text_normalize import strip_accents


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """One term. title: the word as it is written; meaning: one or two sentences; comparison: from daily life."""

    title: str
    meaning: str
    comparison: str


@lru_cache(maxsize=1)
def _raw() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(Path(__file__).with_name("glossary.toml").read_text("utf-8"))


def terms() -> list[str]:
    """Return the terms' identifiers in the order of an index: «época» comes before «error»."""
    return sorted(_raw(), key=lambda term: strip_accents(_raw()[term]["title"]).casefold())


def get(term: str) -> GlossaryEntry:
    """Return an entry, translated. Raises KeyError for an unknown term.

    >>> get("token").title
    'token'
    """
    raw = _raw()[term]
    return GlossaryEntry(_(raw["title"]), _(raw["meaning"]), _(raw.get("comparison", "")))
