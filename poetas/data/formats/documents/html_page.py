"""Reader of web pages (HTML, HTM, XHTML): the text that a page shows, without its menus."""

from __future__ import annotations

import codecs
import re
from html import escape
from pathlib import Path

from poetas.data.errors import FileTooLarge, FileUnreadable, NotText
from poetas.data.formats.base import Hints, RawTable
from poetas.data.formats.chat_export import messages_table
from poetas.data.formats.documents.document_table import finish_document
from poetas.data.formats.documents.document_text import DocumentText
from poetas.data.formats.documents.html_tags import ALONE
from poetas.data.formats.documents.html_text import read_markup
from poetas.data.formats.encoding_detection import Decoded, decode
from poetas.data.formats.signature import really
from poetas.data.formats.telegram_export import is_page, messages_of_page
from poetas.data.formats.xml_limits import XmlLimit
from poetas.data.pipeline.limits import Limits

_PROLOG = 4_096
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
# Browsers read these names as Windows-1252, of which they are a part.
_AS_WINDOWS = {"iso8859-1", "latin-1", "ascii", "us-ascii"}
_XML = re.compile(r"\s*<\?xml|[^>]{0,200}<!DOCTYPE[^>]{0,100}XHTML|[^>]{0,200}<html[^>]{0,500}/xhtml", re.IGNORECASE)
_CLOSED_AT_ONCE = re.compile(r"<([A-Za-z][A-Za-z0-9]{0,20})((?:\s[^<>]*)?)/>")
_CHARACTER_DATA = ("<![CDATA[", "]]>")


def read(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read a page. Raises FileEmpty, FileUnreadable, FileTooLarge, NotText, TooManyPieces."""
    if (size := path.stat().st_size) > limits.markup_bytes:
        raise FileTooLarge(path.name, actual=size, limit=limits.markup_bytes)
    decoded = decode_markup(path.read_bytes(), path.name, hints.encoding)
    markup, xml_limit = as_html(decoded.text), XmlLimit(path.name, limits.markup_marks)
    if hints.division is None and is_page(markup):
        said = messages_of_page(markup, xml_limit)
        return messages_table(lambda: said, limits, encoding=decoded.encoding)
    document = DocumentText(limits)
    read_markup(markup, document, xml_limit)
    return finish_document(document, hints, limits, path.name, decoded.encoding)


def decode_markup(data: bytes, name: str, encoding: str | None = None) -> Decoded:
    r"""Turn a page's bytes into text: by the learner's choice, its mark, what it declares, or what is detected.

    Raises NotText, FileUnreadable.

    >>> decode_markup(b'<meta charset="iso-8859-1">a\xf1o', "a.html").text
    '<meta charset="iso-8859-1">año'
    """
    marked = data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    declared = _DECLARED.search(data[:_PROLOG])
    if encoding or marked or declared is None or really(data[:16]):
        return decode(data, name, encoding)
    try:
        codec = codecs.lookup(declared[1].decode("ascii")).name
        return decode(data, name, "cp1252" if codec in _AS_WINDOWS else codec)
    except (LookupError, FileUnreadable, NotText):  # it is not what it declares
        return decode(data, name)


def as_html(markup: str) -> str:
    """Rewrite what XHTML writes otherwise than HTML: elements without content, character data.

    Read as HTML, ``<title/>`` would make the rest of the page its title.

    >>> as_html("<?xml version='1.0'?><html><title/><p>uno<br/></p>")
    "<?xml version='1.0'?><html><title></title><p>uno<br/></p>"
    """
    if not _XML.match(markup):
        return markup
    return _CLOSED_AT_ONCE.sub(
        lambda match: match[0] if match[1].lower() in ALONE else f"<{match[1]}{match[2]}></{match[1]}>",
        _escaped(markup),
    )


def _escaped(markup: str) -> str:
    """Character data as text; a regular expression would take quadratic time on what does not end."""
    opening, closing = _CHARACTER_DATA
    pieces, start = [], 0
    while (begin := markup.find(opening, start)) >= 0 and (end := markup.find(closing, begin)) >= 0:
        pieces += [markup[start:begin], escape(markup[begin + len(opening) : end])]
        start = end + len(closing)
    return "".join([*pieces, markup[start:]])
