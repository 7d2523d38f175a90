"""Lines of a Markdown text: the text in, lines with its headings and without its front matter out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from poetas.data.formats.running_text import Line, PlainLines

LONGEST_FRONT_MATTER = 60  # lines
_HEADING = re.compile(r" {0,3}#{1,6}\s+(?P<title>.*?)\s*#*\s*")
_LONGEST_HEADING = 300
MANY = 200_000


def markdown_lines(text: str) -> Sequence[Line]:
    r"""The lines of a text; ``#`` makes a heading. A very long text is taken as plain.

    >>> [(line.text, line.heading) for line in markdown_lines("---\ntags: a\n---\n# La casa\nuno  \ndos")]
    [('La casa', True), ('uno', False), ('dos', False)]
    """
    plain = PlainLines(text)
    if len(plain) > MANY:
        return plain
    lines = list(plain)
    return [_line(line) for line in lines[_front_matter(lines) :]]


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
