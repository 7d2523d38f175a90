"""HTML previews of data: table, card of text and summary, notices, figures; everything in them is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from poetas.evaluation.verse_detection import is_verse
from poetas.i18n import _, ngettext, number
from poetas.util.excerpt import shortened
from widgets.core.html import tag, text

CELL, CARD = 110, 280  # characters shown of a cell and of a text in a card
BEFORE = 340  # characters before the cut that fit on a phone together with it
LINE_START = '<i class="line-start"></i>'  # before a line of verse
_TAG_OR_BREAK = re.compile(r"(<[^<>]*>|\n)")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")  # Hebrew, Arabic: their lines begin elsewhere


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], caption: str, *, longest: int = CELL) -> str:
    """Draw rows under their columns' names; a wide table scrolls in its own box."""
    head = "".join(tag("th", text(shortened(name, 40)), scope="col") for name in columns)
    body = "".join(tag("tr", "".join(tag("td", lines(shortened(cell, longest))) for cell in row)) for row in rows)
    drawn = tag("table", tag("caption", text(caption)) + tag("thead", tag("tr", head)) + tag("tbody", body))
    return tag("div", drawn, class_="scroll", tabindex="0", role="region", aria_label=caption)


def lines(words: str) -> str:
    r"""Escape a text and keep its line breaks, which verse needs.

    >>> lines("Un río & otro,\nque pasa.")
    'Un río &amp; otro,<br><i class="line-start"></i>que pasa.'
    """
    return broken(text(words), verse=is_hung(words))


def is_hung(words: str) -> bool:
    """Tell whether a text is verse, whose lines hang where a narrow card breaks them: what goes on is indented."""
    return is_verse([words]) and not _RIGHT_TO_LEFT.search(words)


def continued(beginning: str, words: str) -> str:
    """Draw the beginning of a text and what a model wrote after it, as one text."""
    drawn = text(beginning) + tag("span", text(words), class_="written")
    return broken(drawn, verse=is_hung(beginning) or is_hung(beginning + words))


def broken(drawn: str, *, verse: bool) -> str:
    r"""Break the HTML of a paragraph where its text has line breaks; lines of verse are hung by the style sheet.

    A line begins outside the elements that go on in it, which are closed and opened again: their background would
    be painted where the line stands before it is hung, and on an empty line.

    >>> broken('<mark class="copied">uno\ndos</mark>', verse=True)
    '<mark class="copied">uno</mark><br><i class="line-start"></i><mark class="copied">dos</mark>'
    """
    begin = ["<br>", LINE_START] if verse else ["<br>"]
    pieces: list[str] = []
    around: list[str] = []  # the tags of the elements that a piece of text stands in
    opened = 0  # how many of them are in what was drawn
    for piece in filter(None, _TAG_OR_BREAK.split(drawn)):
        if piece == "\n":
            pieces += [*map(_end, around[:opened][::-1]), *begin]
            opened = 0
        elif piece.startswith("</"):
            if opened == len(around):
                pieces.append(piece)
                opened -= 1
            around.pop()
        elif piece.startswith("<"):
            around.append(piece)
        else:
            pieces += [*around[opened:], piece]
            opened = len(around)
    return "".join(pieces)


def _end(opening: str) -> str:
    return f"</{opening[1:-1].split(maxsplit=1)[0]}>"


def pair(words: str, summary: str | None) -> str:
    """Draw one text, and its summary where there is one, as a card."""
    inner = tag("p", text(_("Texto")), class_="poetas-pair-label")
    inner += tag("p", lines(shortened(words, CARD)) or _empty(), class_="serif")
    if summary is not None:
        inner += tag("p", text(_("Resumen")), class_="poetas-pair-label")
        inner += tag("p", lines(shortened(summary, CARD)) or _empty(), class_="serif")
    return tag("div", inner, class_="card poetas-pair")


def xray(kept: str, lost: str, tokens: int) -> str:
    """Draw a text with its truncated part struck through, and a mark where the model stops reading."""
    head = ngettext(
        "Radiografía de un texto de {n} token: lo tachado no lo lee.",
        "Radiografía de un texto de {n} tokens: lo tachado no lo lee.",
        tokens,
    ).format(n=number(tokens))
    mark = tag("span", text(_("hasta acá lee")), class_="poetas-xray-mark")
    body = _ending(kept) + mark + broken(tag("s", text(lost), class_="cut"), verse=is_hung(kept + lost))
    drawn = tag("div", body, class_="poetas-xray serif", tabindex="0")
    return tag("div", tag("p", text(head), class_="poetas-pair-label") + drawn + _halved(kept, lost))


def _ending(kept: str) -> str:
    """Draw the end of the part that is read; the beginning of a long text is folded, so that the cut is in view."""
    start = kept.find(" ", len(kept) - BEFORE) if len(kept) > BEFORE else -1
    if start < 0:
        return lines(kept)
    fold = tag("summary", text(_("Ver el principio")))
    return tag("details", fold + lines(kept[:start])) + "… " + lines(kept[start + 1 :])


def _halved(kept: str, lost: str) -> str:
    """Say which word the cut falls into, "" where it falls between two; a word that is cut counts as lost."""
    if not kept or not lost or kept[-1].isspace() or lost[0].isspace():
        return ""
    begun, missing = kept.rsplit(maxsplit=1)[-1], lost.split(maxsplit=1)[0]
    words = _("El corte cae en medio de la palabra «{word}»: lee solo «{begun}», y la contamos como perdida.")
    if not any(letter.isalnum() for letter in missing):
        words = _("De «{word}» queda afuera el signo del final; la contamos como perdida.")
    return tag("p", text(words.format(word=begun + missing, begun=begun)), class_="soft")


def understood(name: str, sentence: str) -> str:
    """Draw the sentence about what was understood of a file."""
    words = tag("b", text(name)) + "<br>" + text(sentence)
    return tag("div", tag("p", words), class_="verdict", role="status")


def _empty() -> str:
    return tag("span", text(_("(vacío)")), class_="soft")


def notices(sentences: Iterable[str], *, kind: str = "care") -> str:
    """Draw notices as one list; "" where there are none."""
    items = [tag("li", text(sentence)) for sentence in sentences if sentence]
    if not items:
        return ""
    return tag("div", tag("ul", "".join(items)), class_=f"notice {kind} poetas-list")


def figures(values: Mapping[str, str]) -> str:
    """Draw a few figures, given as {label: value}."""
    parts = (tag("div", tag("b", text(value)) + tag("span", text(name))) for name, value in values.items())
    return tag("div", "".join(parts), class_="figs")
