"""Division of running text into rows: lines in, a one-column table out, by a way that can be named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from poetas.data.formats.base import Hints, RawTable
from poetas.data.formats.division.contents_list import without_contents
from poetas.data.formats.division.division_words import Nature, in_words, said
from poetas.data.formats.division.licence import without_licence
from poetas.data.formats.division.outline import Outline, outline
from poetas.data.formats.division.oversized_texts import OversizedTexts
from poetas.data.formats.division.text_layout import Layout
from poetas.data.formats.division.ways import WAYS, Divider
from poetas.data.formats.running_text import Line, text_column
from poetas.data.pipeline.limits import Limits

COUNTED = 100_000  # lines: a text with more is not divided in every way to say what each would give


def text_table(lines: Sequence[Line], hints: Hints, limits: Limits, *, encoding: str = "") -> RawTable:
    r"""A one-column table of the texts that lines make, the first of them where there are too many.

    hints.division: the way; None: the likeliest; "whole" keeps a contents list. hints.indentation: whether verse keeps
    its indentation; None: where it steps. The texts are made lazily: there may be more than the limits allow.

    >>> lines = [Line("uno"), Line("dos"), Line(""), Line("tres"), Line("cuatro")]
    >>> table = text_table(lines, Hints(), Limits()); table.rows, table.divisions["lines"]
    ([['uno\ndos'], ['tres\ncuatro']], 4)
    """
    lines, licence = without_licence(lines)
    lines, contents = (lines, 0) if hints.division == "whole" else without_contents(lines)
    seen = outline(lines)
    way = hints.division if hints.division in WAYS else seen.way
    divider = _divider(seen, hints, way)
    oversized = OversizedTexts(limits.cell_characters)
    pieces = oversized.within(WAYS[way](lines, divider))
    kept = list(islice(pieces, limits.rows))
    left = sum(1 for _piece in pieces)
    nature = Nature(
        verse=seen.profile.verse,
        paragraphs=any(line.paragraph for line in islice(lines, 100)),
        titled=divider.apart.titled,
    )
    notices, left_out = said(divider.apart, licence, contents)
    divisions, repeated = counts(lines, seen, way)
    return RawTable(
        [[piece] for piece in kept],
        [text_column()],
        encoding=encoding,
        what=in_words(way, nature),
        left=left,
        notices=oversized.notices() + notices,
        left_out=left_out,
        division=way,
        divisions=divisions,
        repeated=repeated,
        going_on=oversized.going_on,
    )


def texts_of_file(lines: Sequence[Line], hints: Hints) -> list[str]:
    """The texts of one file among others: the whole of it, unless a way is asked for."""
    lines, _licence = without_licence(lines)
    way = hints.division if hints.division in WAYS else "whole"
    divider = _divider(outline(lines), hints, way)
    return list(WAYS[way](lines, divider))


def counts(lines: Sequence[Line], seen: Outline, used: str) -> tuple[Mapping[str, int], tuple[str, ...]]:
    """How many texts each way would give, and those that give the very texts of another; none for a long text.

    A way whose sign the text lacks is not named. Of ways that give the same, ``used`` stands for all, else the first.
    """
    if len(lines) > COUNTED:
        return {}, ()
    dividers = {way: _divider(seen, Hints(), way) for way in WAYS}
    made = {way: _made(pieces(lines, dividers[way])) for way, pieces in WAYS.items()}
    totals = {way: count for way, (count, _texts) in made.items()}
    marked = totals["marks"] > 1 or seen.way == "marks"
    given = {
        "poems": seen.profile.verse,
        "titles": dividers["titles"].apart.titled > int(dividers["titles"].loose),
        "marks": marked,
        "pages": totals["pages"] > 1,
    }
    named = {way: count for way, count in totals.items() if given.get(way, True)}
    standing = {made[way]: way for way in (*reversed(named), *({used} & named.keys()))}
    return named, tuple(way for way in named if standing[made[way]] != way)


def _made(texts: Iterable[str]) -> tuple[int, int]:
    """How many texts there are, and a hash of them all, in their order."""
    count = digest = 0
    for words in texts:
        count, digest = count + 1, hash((digest, words))
    return count, digest


def _divider(seen: Outline, hints: Hints, way: str) -> Divider:
    profile = seen.profile
    indented = profile.stepped if hints.indentation is None else hints.indentation
    loose = way == "titles" and profile.verse and not profile.titled
    return Divider(profile, Layout(profile.width, indented=indented, margin=profile.margin), loose=loose)
