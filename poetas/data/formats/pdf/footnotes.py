"""Footnotes of a PDF page: its lines in; the lines without them, and the text of each note, out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from poetas.data.formats.pdf.line_breaks import joined
from poetas.data.formats.pdf.page_lines import PageLine

SMALLER = 0.93  # of the text's size: notes and running heads
NOTE = re.compile(r"(?:([⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(\d{1,3})(?=[.) ])|([*†‡§]+))[.)]?\s*")
_MARK = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[*†‡§]+")
_NOTE_LINES = 6  # lines as large as the text that one note may have


def without_footnotes(page: Sequence[PageLine], size: float) -> tuple[list[PageLine], list[str]]:
    """Take the notes at the foot of each column out, and their numbers out of the text."""
    lines, notes = list(page), []
    for column in sorted({line.column for line in page}):
        inside = [line for line in lines if line.column == column]
        start = _first_note(inside, lines, size)
        if start is None:
            continue
        foot = inside[start:]
        lines = [line for line in lines if not any(line is other for other in foot)]
        for note in _each(foot):
            number = NOTE.match(note[0].text)
            notes.append(joined([replace(note[0], text=note[0].text[number.end() if number else 0 :]), *note[1:]]))
            lines = _without_mark(lines, (number[1] or number[3] or _raised(number[2])) if number else "")
    return lines, [note for note in notes if note]


def _first_note(column: Sequence[PageLine], page: Sequence[PageLine], size: float) -> int | None:
    """Where the notes of a column begin: at its foot, each with a raised number, or with a mark that the text has."""
    marks = {mark for line in page for mark in _MARK.findall(line.text[1:])}
    first, since = None, 0
    for index in range(len(column) - 1, 0, -1):
        line, match = column[index], NOTE.match(column[index].text)
        small = line.size <= SMALLER * size
        mark = match and (match[1] or match[3] or _raised(match[2]))
        since += not small
        if mark and ((small and match and match[1]) or (mark in marks and (small or (match and match[1])))):
            first, since = index, 0
        elif since > _NOTE_LINES:
            break
    return first


def _each(lines: Sequence[PageLine]) -> Iterator[list[PageLine]]:
    note: list[PageLine] = []
    for line in lines:
        if note and NOTE.match(line.text):
            yield note
            note = []
        note.append(line)
    if note:
        yield note


def _raised(number: str) -> str:
    return number.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _without_mark(lines: Sequence[PageLine], mark: str) -> list[PageLine]:
    """The lines without the mark that sends to a note."""
    for index, line in enumerate(lines):
        for match in _MARK.finditer(line.text, 1):
            if match[0] == mark:
                text = line.text[: match.start()] + line.text[match.end() :]
                return [*lines[:index], replace(line, text=text), *lines[index + 1 :]]
    return list(lines)
