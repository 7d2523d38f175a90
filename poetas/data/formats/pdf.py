"""Reader of PDF: paragraphs by the gaps between lines; a PDF of scanned pages is refused."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from pathlib import Path

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from poetas.data.errors import FileProtected, FileUnreadable, ScannedPdf
from poetas.data.formats.base import Hints, RawTable, ReadingNotice
from poetas.data.formats.paragraphs import text_table
from poetas.data.formats.pdf_layout import all_blocks, rejoin, without_margins
from poetas.data.pipeline.limits import Limits
from poetas.i18n import _, ngettext, number

LETTERS_A_PAGE = 10  # fewer than this is a page number on a photograph of text
A_PARAGRAPH = 200
# What pypdf raises for a malformed file or page; the last is for an unknown filter.
_BROKEN = (
    PyPdfError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    ZeroDivisionError,
    NotImplementedError,
)
_LETTER = re.compile(r"[^\W\d_]")


def read(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read the text of a PDF. Raises FileUnreadable, FileProtected, ScannedPdf."""
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of oddities that it then reads
    with path.open("rb") as source:
        if b"%PDF-" not in source.read(1024):
            raise FileUnreadable(path.name, why=_("Se llama PDF, pero por dentro no lo es."))
    try:
        pages, total, failed = _pages(path, limits)
    except DependencyError as error:  # its cipher needs a library that is not installed
        raise FileProtected(path.name) from error
    except _BROKEN as error:
        raise FileUnreadable(path.name, detail=f"{type(error).__name__}: {error}") from error
    letters = sum(len(_LETTER.findall(page)) for page in pages)
    if letters < min(A_PARAGRAPH, LETTERS_A_PAGE * max(1, len(pages))):
        raise ScannedPdf(path.name, total)
    blocks = rejoin(all_blocks(without_margins([page.split("\n") for page in pages])))
    table = text_table("\n\n".join(blocks), hints.division, limits)
    read_pages = ngettext("{n} página", "{n} páginas", len(pages)).format(n=number(len(pages)))
    pieces = table.what or str

    def what(count: int) -> str:
        return _("{pieces} en {pages}").format(pieces=pieces(count), pages=read_pages)

    return replace(table, what=what, notices=_notices(total - len(pages) - failed, failed))


def _pages(path: Path, limits: Limits) -> tuple[list[str], int, int]:
    reader = PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):  # many are locked against printing alone, with an empty password
        raise FileProtected(path.name)
    pages: list[str] = []
    failed = 0
    characters, drawing = limits.characters, limits.drawn_bytes
    total = len(reader.pages)
    for page in reader.pages[: limits.pages]:
        if drawing < 0:
            break
        drawn = limits.page_bytes + 1  # the cost of a page that cannot be unpacked
        try:
            drawn = _drawn(page)
            # A page beyond the limit is a map, or kilobytes that unpack to minutes of work.
            text = page.extract_text(extraction_mode="layout") if drawn <= limits.page_bytes else None
        except DependencyError:
            if reader.is_encrypted:
                raise
            text = None  # this page alone has a filter whose library is not installed
        except _BROKEN:
            text = None
        drawing -= drawn
        if text is None:
            failed += 1
            continue
        characters -= len(text)
        if characters < 0:
            break
        pages.append(text)
    if failed and not pages:
        raise FileUnreadable(path.name)
    return pages, total, failed


def _drawn(page: PageObject) -> int:
    """Bytes of the instructions that draw a page, unpacked and not yet parsed."""
    contents = page.get_contents()
    return len(contents.get_data()) if contents is not None else 0


def _notices(left: int, failed: int) -> tuple[ReadingNotice, ...]:
    notices: list[ReadingNotice] = []
    if left > 0:
        phrase = ngettext(
            "El PDF es muy largo: quedó {n} página sin leer.",
            "El PDF es muy largo: quedaron {n} páginas sin leer.",
            left,
        )
        notices.append(ReadingNotice("pages-cut", phrase.format(n=number(left))))
    if failed:
        phrase = ngettext("No pude leer {n} página.", "No pude leer {n} páginas.", failed)
        notices.append(ReadingNotice("pages-failed", phrase.format(n=number(failed))))
    return tuple(notices)
