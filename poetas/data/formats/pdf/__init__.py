"""Reader of PDF: a path in, the text of its pages as lines in the order of reading out; scanned pages are refused.

pypdf parses the file, because it bounds what hostile files unpack to, and its fonts keep the code of each glyph; where
each glyph stands is worked out in `content_stream`. Compared on 156 pages of prose, two manuals and the cases of the
tests (seconds of processor for the 156 pages on a busy machine, 2026-11): this reader 7, pdfminer.six 18 (with its
layout analysis), pdfplumber 38, PDFium through pypdfium2 5 (places of letters alone). PDFium does not give the code of
a letter, so that ligatures without a name are lost, and joins words that are placed one by one; pdfminer.six took
800 MB for a stream of 400 kB that unpacks to 400 MB, and did not end within a minute on a map of 16 million codes.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import DictionaryObject, IndirectObject

from poetas.data.errors import FileProtected, FileUnreadable, ScannedPdf
from poetas.data.formats.base import Hints, RawTable
from poetas.data.formats.division import text_table
from poetas.data.formats.pdf.account import PdfAccount, left_out, notices
from poetas.data.formats.pdf.content_stream import PageInterpreter
from poetas.data.formats.pdf.fonts import PdfFont, UnreadableFont
from poetas.data.formats.pdf.letters import Ligatures
from poetas.data.formats.pdf.margins import Margins, without_margins
from poetas.data.formats.pdf.page_layout import running_text
from poetas.data.formats.pdf.page_text import PageText, page_text
from poetas.data.formats.running_text import Line
from poetas.data.pipeline.limits import Limits
from poetas.i18n import _, ngettext, number

LETTERS_A_PAGE = 10  # fewer than this is a page number on a photograph of text
A_PARAGRAPH = 200
# What pypdf raises for a malformed file or page; NotImplementedError is for an unknown filter.
_BROKEN = (
    PyPdfError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    ArithmeticError,
    NotImplementedError,
    RecursionError,
)


@dataclass(slots=True)
class PdfText:
    """The text of a PDF and what is known of its reading."""

    lines: list[Line]
    margins: Margins
    account: PdfAccount


def read(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read the text of a PDF. Raises FileUnreadable, FileProtected, ScannedPdf."""
    text = read_text(path, limits)
    table = text_table(text.lines, hints, limits)
    count = text.account.read
    read_pages = ngettext("{n} página", "{n} páginas", count).format(n=number(count))
    pieces = table.what or str

    def what(rows: int) -> str:
        return _("{pieces} en {pages}").format(pieces=pieces(rows), pages=read_pages)

    texts = [line.text for line in text.lines]
    return replace(
        table,
        what=what,
        notices=table.notices + notices(text.account, text.margins, texts),
        left_out=table.left_out + left_out(text.account, text.margins),
    )


def lines(path: Path, limits: Limits) -> list[Line]:
    """The text of a PDF as lines. Raises FileUnreadable, FileProtected, ScannedPdf."""
    return read_text(path, limits).lines


def read_text(path: Path, limits: Limits) -> PdfText:
    """The text of a PDF, its margins apart. Raises FileUnreadable, FileProtected, ScannedPdf."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns of oddities that it then reads
    with path.open("rb") as source:
        if b"%PDF-" not in source.read(1024):
            raise FileUnreadable(path.name, why=_("Se llama PDF, pero por dentro no lo es."))
    pages = _Pages(limits)
    try:
        account = pages.read(path)
    except DependencyError as error:  # its cipher needs a library that is not installed
        raise FileProtected(path.name) from error
    except _BROKEN as error:
        raise FileUnreadable(path.name, detail=f"{type(error).__name__}: {error}") from error
    if sum(page.letters for page in pages.texts) < min(A_PARAGRAPH, LETTERS_A_PAGE * max(1, account.read)):
        raise ScannedPdf(path.name, account.total)
    pages.resolve_ligatures()
    margins = without_margins([page.lines for page in pages.texts])
    return PdfText(running_text(margins.pages, margins.notes), margins, account)


@dataclass(slots=True)
class _Pages:
    """Reads the pages of one file until the limits are reached."""

    limits: Limits
    texts: list[PageText] = field(default_factory=list)
    _ligatures: Ligatures = field(default_factory=Ligatures)
    _fonts: dict[int, PdfFont] = field(default_factory=dict)
    _kept: list[Any] = field(default_factory=list)

    def read(self, path: Path) -> PdfAccount:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):  # many are locked against printing alone, without a password
            raise FileProtected(path.name)
        characters, drawing, glyphs = self.limits.characters, self.limits.drawn_bytes, self.limits.drawn_glyphs
        account = PdfAccount(total=len(reader.pages))
        for index, page in enumerate(reader.pages[: self.limits.pages], start=1):
            if drawing < 0 or glyphs < 0:
                break
            interpreter = PageInterpreter(self._font, self.limits.page_bytes)
            text = None
            try:
                text = page_text(interpreter.run(page))
            except DependencyError:
                if reader.is_encrypted:
                    raise
            except _BROKEN:  # this page alone, or a map, or kilobytes that unpack to minutes of work
                pass
            # A page that cannot be unpacked costs as much as the largest.
            drawing -= interpreter.drawn if text is not None else max(interpreter.drawn, self.limits.page_bytes + 1)
            glyphs -= len(interpreter.glyphs)
            if text is None:
                account.failed.append(index)
                continue
            characters -= sum(len(line.text) + 1 for line in text.lines)
            if characters < 0:
                break
            self.texts.append(text)
            account.add(index, text, images=interpreter.images)
        if account.failed and not self.texts:
            raise FileUnreadable(path.name)
        return account

    def resolve_ligatures(self) -> None:
        lines = [line for page in self.texts for line in page.lines]
        whole = self._ligatures.resolve([line.text for line in lines])
        for line, text in zip(lines, whole, strict=True):
            line.text = text
        for line in lines:
            line.parts = tuple(self._ligatures.resolve(list(line.parts)))

    def _font(self, resource: Any) -> PdfFont:
        key = resource.idnum if isinstance(resource, IndirectObject) else -id(resource)
        if key not in self._fonts:
            self._kept.append(resource)  # an address is free for another object as soon as its own is gone
            try:
                font = resource.get_object()
                if not isinstance(font, DictionaryObject):
                    raise TypeError
                self._fonts[key] = PdfFont(font, len(self._fonts), self._ligatures)
            except DependencyError:
                raise
            except _BROKEN:
                self._fonts[key] = UnreadableFont()
        return self._fonts[key]
