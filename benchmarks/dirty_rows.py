"""Rows as people's files have them: broken letters, marks of web pages, personal data, near-duplicates, references.

The words are those of the sample ``noticias``, each followed by one that follows it there. Of 20 rows two have all
letters with accents broken, two are HTML, one has a document's number and one an address of e-mail, one is nearly
equal to an earlier row, and one is an earlier text with another summary; the others are clean.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from html import escape
from itertools import pairwise
from random import Random

from benchmarks.browser import ROOT

CHARACTERS = 1_250  # of a text
_SUMMARY_WORDS = 25
_EVERY = 20  # rows, of which each kind of fault has its own
_BROKEN, _MARKED, _DOCUMENT, _ADDRESS, _TWIN, _REFERENCE = {0, 10}, {1, 11}, 2, 3, 4, 5


def dirty_rows(count: int, seed: int = 3) -> Iterator[tuple[str, str]]:
    """Yield texts and their summaries."""
    rng = Random(seed)  # noqa: S311 - texts of a benchmark
    followers = _followers()
    openers = [word for word in followers if word.istitle()]
    texts: list[str] = []
    for row in range(count):
        text, place = _text(followers, openers, rng), row % _EVERY
        if place == _TWIN and texts:
            words = rng.choice(texts).split(" ")
            words[rng.randrange(len(words))] = "distinto"
            text = " ".join(words)
        elif place == _REFERENCE and texts:
            text = rng.choice(texts)
        texts = [*texts[-200:], text]
        begin = rng.randrange(0, len(text.split()) - _SUMMARY_WORDS)
        summary = " ".join(text.split()[begin : begin + _SUMMARY_WORDS])
        yield _damaged(text, place, row), _damaged(summary, place, row) if place in _BROKEN else summary


def _damaged(text: str, place: int, row: int) -> str:
    if place in _BROKEN:
        return text.encode("utf-8").decode("latin-1")
    if place in _MARKED:
        paragraphs = escape(text).replace("á", "&aacute;").replace("\n", "</p>\n<p class='nota'>")
        return f"<p>{paragraphs}</p><br/><a href='https://example.org/{row}'>seguir</a>"
    if place == _DOCUMENT:
        return f"{text} Firma Ana Paz, DNI {20 + row % 20}.{row % 1000:03}.{row * 7 % 1000:03}."
    return f"{text} Escribile a ana.paz{row}@correo.com.ar." if place == _ADDRESS else text


def _followers() -> dict[str, list[str]]:
    """Return, for each word of the sample, those that follow it."""
    known: dict[str, list[str]] = defaultdict(list)
    with (ROOT / "data" / "samples" / "noticias" / "noticias.csv").open(encoding="utf-8-sig", newline="") as file:
        for cells in csv.reader(file):
            words = max(cells, key=len).split()
            for word, following in pairwise(words):
                known[word].append(following)
    return known


def _walk(followers: dict[str, list[str]], openers: list[str], rng: Random) -> Iterator[str]:
    word = rng.choice(openers)
    while True:
        yield word
        word = rng.choice(followers.get(word) or openers)


def _text(followers: dict[str, list[str]], openers: list[str], rng: Random) -> str:
    parts: list[str] = []
    length = 0
    for word in _walk(followers, openers, rng):
        parts.append(word + ("\n" if word.endswith(".") and not rng.randrange(4) else " "))
        length += len(parts[-1])
        if length >= CHARACTERS:
            return "".join(parts).strip()
    raise AssertionError  # a walk has no end
