"""Lines of a Markdown text: the text in, lines with its headings and without its front matter out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from poetas.data.formats.documents.line_looks import BOLD, Look, titles_by_look
from poetas.data.formats.running_text import Line, PlainLines

LONGEST_FRONT_MATTER = 60  # lines
_HEADING = re.compile(r" {0,3}#{1,6}\s+(?P<title>.*?)\s*#*\s*")
_MARKED = re.compile(r" {0,3}(?P<sign>\*{1,3}|_{1,3})(?P<text>[^\s*_](?:[^*_]{0,198}[^\s*_])?)(?P=sign)\s*")
_LOOKS = {1: "italic", 2: BOLD, 3: BOLD}  # by the signs before and after the text
_LONGEST_HEADING = 300
MANY = 200_000


def markdown_lines(text: str) -> Sequence[Line]:
    r"""The lines of a text; ``#`` makes a heading. A very long text is taken as plain.

    >>> [(line.text, line.heading) for line in markdown_lines("---\ntags: a\n---\n# La casa\nuno  \ndos")]
    [('La casa', True), ('uno', False), ('dos', False)]
    >>> poems = markdown_lines("**Siesta**\nuno\ndos\n\n**Río**\ntres\nseis\n")
    >>> [line.text for line in poems if line.heading]
    ['Siesta', 'Río']
    """
    plain = PlainLines(text)
    if len(plain) > MANY:
        return plain
    lines = list(plain)
    return _with_titles([_line(line) for line in lines[_front_matter(lines) :]])


def _with_titles(lines: list[Line]) -> list[Line]:
    """Make titles, without their signs, of the lines that are bold or in italics where titles are."""
    shown = [replace(line, paragraph=True) for line in lines]
    looks: dict[int, Look] = {}
    for index, line in enumerate(lines):
        if (marked := _MARKED.fullmatch(line.text)) is not None:
            shown[index] = replace(shown[index], text=marked["text"])
            looks[index] = frozenset({_LOOKS[len(marked["sign"])]})
    for index in titles_by_look(shown, looks):
        lines[index] = replace(shown[index], heading=True, paragraph=False)
    return lines


def _front_matter(lines: Sequence[Line]) -> int:
    """Lines of the settings that note-taking programs write at the top between ``---``."""
    if lines[0].text.strip() != "---":
        return 0
    end = next((i for i, line in enumerate(lines[1:LONGEST_FRONT_MATTER], 1) if line.text.strip() == "---"), 0)
    settings = all(":" in line.text or line.text.startswith((" ", "-", "#")) for line in lines[1:end] if line.text)
    return end + 1 if end > 1 and settings else 0


def _line(line: Line) -> Line:
    heading = _HEADING.fullmatch(line.text) if len(line.text) <= _LONGEST_HEADING else None
    if heading and heading["title"]:
        return Line(heading["title"], heading=True, page=line.page)
    # Two blanks, or a backslash, at its end keep a line apart from the next.
    return Line(line.text.rstrip().removesuffix("\\"), page=line.page)
