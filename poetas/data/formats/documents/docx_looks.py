"""Looks of Word text: marks of styles, paragraphs and runs in; the look of a paragraph's first line out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from docx.oxml.ns import qn

from poetas.data.formats.documents.docx_runs import RUN, TEXT
from poetas.data.formats.documents.line_looks import BOLD, CENTRED, PLAIN_LOOK, FirstLine, Look, with_size

_MARKS, _VALUE, _OWN_STYLE = qn("w:rPr"), qn("w:val"), qn("w:rStyle")
_WORDS = {qn("w:b"): BOLD, qn("w:i"): "italic", qn("w:u"): "underlined"}
_SIZE, _PLACE = qn("w:sz"), qn("w:jc")
_BREAK, _RETURN = qn("w:br"), qn("w:cr")
_OFF = {"0", "false", "off", "none"}
_LONGEST = 200  # letters of a line whose look is asked for


def with_marks(look: Look, marks: Any | None) -> Look:
    """A look, changed by the marks of letters (``w:rPr``)."""
    for mark in () if marks is None else marks:
        value = mark.get(_VALUE, "1")
        if mark.tag == _SIZE:
            look = with_size(look, value)
        elif (word := _WORDS.get(mark.tag)) is not None:
            look = look - {word} if value in _OFF else look | {word}
    return look


def with_place(look: Look, properties: Any) -> Look:
    """A look, changed by where a paragraph's properties (``w:pPr``) place its lines."""
    place = properties.find(_PLACE)
    if place is None:
        return look
    return look | {CENTRED} if place.get(_VALUE) == "center" else look - {CENTRED}


def first_line_look(paragraph: Any, text: str, look: Look, of_style: Callable[[str], Look]) -> Look:
    """What a paragraph's first line has that its others have not; nothing where it is too long for a title.

    text: of the paragraph. look: of its style and its properties. of_style: the look of a style of letters.
    """
    if not text.strip() or len(text.partition("\n")[0]) > _LONGEST:
        return PLAIN_LOOK
    line, several = FirstLine(), "\n" in text
    for letters, marks in _stretches(paragraph, several=several):
        line.add(letters, look if marks is None else with_marks(look | _named(marks, of_style), marks))
        if not several and line.plain:  # as most
            break
    return line.take()


def _stretches(paragraph: Any, *, several: bool) -> Iterator[tuple[str, Any | None]]:
    """The runs' pieces of text, line breaks among them, and the marks of their letters."""
    for run in paragraph.iter(RUN):
        if not several:
            if any((piece.text or "").strip() for piece in run.iterchildren(TEXT)):
                yield "a", run.find(_MARKS)
            continue
        for piece in run:
            if piece.tag == TEXT and (piece.text or "").strip():
                yield "a", run.find(_MARKS)
            elif piece.tag in {_BREAK, _RETURN}:
                yield "\n", None


def _named(marks: Any, of_style: Callable[[str], Look]) -> Look:
    named = marks.find(_OWN_STYLE)
    return PLAIN_LOOK if named is None else of_style(named.get(_VALUE, ""))
