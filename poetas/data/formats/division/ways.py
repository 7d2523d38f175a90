"""Ways of dividing running text: lines in, an iterator of texts out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from poetas.data.formats.running_text import Line, PlainLines


def texts_of(lines: Sequence[Line]) -> Iterator[str]:
    """The lines' texts, without making a `Line` of each where there is none yet."""
    return lines.texts() if isinstance(lines, PlainLines) else (line.text for line in lines)


def blocks(lines: Sequence[Line]) -> Iterator[str]:
    """Stanzas or paragraphs, between blank lines."""
    block: list[str] = []
    for text in texts_of(lines):
        if text.strip():
            block.append(text)
        elif block:
            yield "\n".join(block).strip()
            block = []
    if block:
        yield "\n".join(block).strip()


def single_lines(lines: Sequence[Line]) -> Iterator[str]:
    """Each line that is not blank."""
    return (text for line in texts_of(lines) if (text := line.strip()))


def whole(lines: Sequence[Line]) -> Iterator[str]:
    """All lines as one text, where there is any."""
    if text := "\n".join(texts_of(lines)).strip():
        yield text.replace("\f", "")


WAYS: dict[str, Callable[[Sequence[Line]], Iterator[str]]] = {"blocks": blocks, "lines": single_lines, "whole": whole}


def likeliest(lines: Sequence[Line]) -> str:
    """The way that gives more than one text: at blank lines, else at each line."""
    gap = False
    for number, text in enumerate(texts_of(lines)):
        if not text.strip():
            gap = gap or number > 0
        elif gap and number:
            return "blocks"
    return "lines" if len(list(islice(single_lines(lines), 2))) > 1 else "whole"
