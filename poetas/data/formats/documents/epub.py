"""Reader of electronic books (EPUB): the documents of its spine in reading order, each on a new page.

`EbookLib` is not used: its licence (AGPL 3) is not ours, and it holds the whole book, pictures too, in memory.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path, PurePosixPath

from poetas.data.errors import FileTooLarge
from poetas.data.formats.base import Hints, RawTable
from poetas.data.formats.documents.document_table import finish_document
from poetas.data.formats.documents.document_text import DocumentText
from poetas.data.formats.documents.epub_package import Chapter, chapters
from poetas.data.formats.documents.html_page import as_html, decode_markup
from poetas.data.formats.documents.html_text import HtmlText, read_markup
from poetas.data.formats.documents.style_sheets import MOST, styles_of
from poetas.data.formats.xml_limits import XmlLimit
from poetas.data.formats.zip_guard import opened
from poetas.data.pipeline.limits import Limits

_BEGINNING = 4_096
_TYPE = re.compile(r"""<(?:body|section|div)\b[^>]{0,500}\bepub:type\s*=\s*["']([^"'>]{1,200})""", re.IGNORECASE)
_TYPES = {
    "cover": "cover", "titlepage": "cover", "halftitlepage": "cover", "halftitle": "cover",
    "toc": "contents-page", "landmarks": "contents-page", "index": "contents-page",
    "copyright-page": "licence-page", "colophon": "licence-page", "imprint": "licence-page",
}  # fmt: skip
_COVER_NAME = re.compile(r"(?:^|[^a-z])(cover|portada|portadilla|tapa|cubierta|title-?page|half-?title)(?:[^a-z]|$)")
_MOST_COVER_WORDS, _MOST_LICENCE_WORDS = 80, 500
_OWNED = re.compile(r"©|\(c\) ?\d{4}|copyright|\bderechos\b|\blicen[cs]", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"\bISBN\b|derechos reservados|rights reserved|dep[óo]sito legal|queda hecho el dep|prohibida la reproducci"
    r"|creative commons|project gutenberg|e-?book",
    re.IGNORECASE,
)
_SHARE_OF_LINKS, _FEWEST_LINES = 0.6, 3


def read(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read a book.

    Raises FileEmpty, FileUnreadable, FileProtected, BookLocked, FileTooLarge, TooManyPieces, ArchiveUnsafe.
    """
    return finish_document(gather(path, limits), hints, limits, path.name)


def gather(path: Path, limits: Limits) -> DocumentText:
    """Gather the text of a book. Raises as `read` does, except FileEmpty."""
    book = DocumentText(limits)
    with opened(path, limits) as archive:
        xml_limit = XmlLimit(path.name, limits.markup_marks)
        size = 0
        members = set(archive.namelist())
        styles = styles_of(_sheets(archive))
        for chapter in chapters(archive, path.name, xml_limit):
            place = PurePosixPath(chapter.member).name
            if chapter.role or chapter.member not in members:
                book.omissions.add(chapter.role or "chapter", place)
                continue
            size += archive.getinfo(chapter.member).file_size
            if size > limits.markup_bytes:
                raise FileTooLarge(path.name, actual=size, limit=limits.markup_bytes, unpacked=True)
            text, role = _chapter(archive, chapter, path.name, limits, xml_limit, styles)
            if role:
                book.omissions.add(role, place)
            else:
                book.page()
                book.extend(text)
                book.omissions.merge(text.omissions)
    return book


def _sheets(archive: zipfile.ZipFile) -> Iterator[str]:
    """The book's style sheets; those that are larger than any is are passed over."""
    for member in archive.infolist():
        if member.filename.lower().endswith(".css") and member.file_size <= MOST:
            yield archive.read(member).decode("utf-8", "replace")


def _chapter(
    archive: zipfile.ZipFile,
    chapter: Chapter,
    name: str,
    limits: Limits,
    xml_limit: XmlLimit,
    styles: Mapping[str, str],
) -> tuple[DocumentText, str]:
    """A chapter's text, and why it is left out ("" if it is not)."""
    text = DocumentText(limits)
    data = archive.read(chapter.member)
    if not data.strip():
        return text, ""
    markup = decode_markup(data, name).text
    page = read_markup(as_html(markup), text, xml_limit, styles)
    outermost = islice(_TYPE.finditer(markup[:_BEGINNING]), 2)  # the body's type may only be "frontmatter"
    types = [kind for match in outermost for kind in match[1].lower().split()]
    return text, next((_TYPES[kind] for kind in types if kind in _TYPES), "") or _guessed(chapter, page, text)


def _guessed(chapter: Chapter, page: HtmlText, text: DocumentText) -> str:
    """Tell a cover, a list of contents or a page of rights by its name, its links and its words."""
    if page.linked > _SHARE_OF_LINKS * page.words and len(text.lines) >= _FEWEST_LINES:
        return "contents-page"
    if (
        page.words
        and page.words <= _MOST_COVER_WORDS
        and _COVER_NAME.search(PurePosixPath(chapter.member).stem.lower())
    ):
        return "cover"
    if page.words <= _MOST_LICENCE_WORDS:
        written = " ".join(line.text for line in text.flat())
        if _OWNED.search(written) and _PUBLISHED.search(written):
            return "licence-page"
    return ""
