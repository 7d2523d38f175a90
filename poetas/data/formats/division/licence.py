"""Licence of a public-domain book: lines in, those of the book alone and how many were around it out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from poetas.data.formats.running_text import Line, PlainLines

HEAD = 2_000  # lines in which the licence before the book ends
_START_WORDS = r"START|COMIENZO|COMIENZA|INICIO|EMPIEZA|D[ÉE]BUT|ANFANG|BEGINN?|INIZIO|IN[ÍI]CIO|COME[ÇC]O|INICI"
_END_WORDS = r"END|FIN|FINAL|FINALIZA|TERMINA|ENDE|FINE|FIM"
_BOOK = r"(?:GUTENBERG|E-?BOOK|E-?TEXT|LIBRO|LIVRE|BUCH|LLIBRE|LIVRO|SMALL PRINT)"
_START = re.compile(rf"\s*\*{{2,}}\s*(?:{_START_WORDS})\b.*{_BOOK}|\s*\*END[* ].*SMALL PRINT", re.IGNORECASE)
_END = re.compile(
    rf"\s*\*{{2,}}\s*(?:{_END_WORDS})\b.*{_BOOK}|\s*(?:{_END_WORDS})\s+(?:OF|DE|DEL|DES|DU|DO|DI|VON)\b.*"
    r"PROJECT\s+GUTENBERG|\s*(?:FIN|FINAL)\s+DEL?\s+PROYECTO\s+GUTENBERG",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"\s*(?:\[?transcriber'?s note|produced by|e-?text prepared by|this (?:e-?book|etext) was (?:produced|prepared)"
    r"|producido por|produit par|nota del transcriptor|credits?:)",
    re.IGNORECASE,
)
_MARKER_LINES = 4  # a long title wraps
_CREDIT_LINES = 40


@dataclass(frozen=True, slots=True)
class Licence:
    """Lines of a file before its book (`before`) and after it (`after`), counted without blank ones."""

    before: int
    after: int


def without_licence(lines: Sequence[Line]) -> tuple[Sequence[Line], Licence | None]:
    r"""Leave out what is before the START marker of a book and after its END marker, where there are any.

    >>> book = PlainLines("Antes\n*** START OF THIS EBOOK X ***\nUno.\n*** END OF THIS EBOOK ***\nDespués.")
    >>> kept, licence = without_licence(book); [line.text for line in kept], licence
    (['Uno.'], Licence(before=2, after=2))
    """
    head = list(islice(_texts(lines), HEAD))
    start = next((index for index, text in enumerate(head) if _START.match(text)), None)
    if start is None and not any("gutenberg" in text.lower() for text in head):
        return lines, None
    first = 0 if start is None else _after_credits(head, _after_marker(head, start))
    last = next((index for index, text in enumerate(_texts(lines)) if index >= first and _END.match(text)), None)
    if first == 0 and last is None:
        return lines, None
    texts = list(_texts(lines))
    kept = texts[first:last]
    if not any(text.strip() for text in kept):
        return lines, None
    before, after = (sum(bool(text.strip()) for text in part) for part in (texts[:first], texts[last or len(texts) :]))
    rest: Sequence[Line] = PlainLines("\n".join(kept)) if isinstance(lines, PlainLines) else lines[first:last]
    return rest, Licence(before, after)


def _texts(lines: Sequence[Line]) -> Iterator[str]:
    return lines.texts() if isinstance(lines, PlainLines) else (line.text for line in lines)


def _after_marker(head: Sequence[str], start: int) -> int:
    for index in range(start, min(len(head), start + _MARKER_LINES)):
        if head[index].rstrip().endswith("*"):
            return index + 1
    return start + 1


def _after_credits(head: Sequence[str], start: int) -> int:
    """The line after the paragraph that says who typed the book, where it is the first one."""
    index = next((index for index in range(start, len(head)) if head[index].strip()), start)
    if index >= len(head) or not _CREDIT.match(head[index]):
        return start
    end = next((index for index in range(index, len(head)) if not head[index].strip()), len(head))
    return end if end - index <= _CREDIT_LINES else start
