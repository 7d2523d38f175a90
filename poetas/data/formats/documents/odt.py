"""Reader of LibreOffice documents (ODT): the paragraphs, or the table that holds most of the text.

`odfpy` 1.4.1 is not used: it was last published in 2020, and builds Python objects of every element, without limits.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from lxml import etree

from poetas.data.errors import FileUnreadable
from poetas.data.formats.base import Hints, RawTable
from poetas.data.formats.documents.document_table import finish_document
from poetas.data.formats.documents.document_text import DocumentText
from poetas.data.formats.documents.odt_body import OdtBody
from poetas.data.formats.documents.odt_styles import OdtStyles
from poetas.data.formats.ods import refuse_encrypted
from poetas.data.formats.xml_guard import refuse_entities
from poetas.data.formats.xml_limits import LimitedStream, XmlLimit
from poetas.data.formats.zip_guard import opened
from poetas.data.pipeline.limits import Limits
from poetas.i18n import _

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_BODY, _TEXT = f"{{{_NAMES}office:1.0}}body", f"{{{_NAMES}office:1.0}}text"
_STYLE = f"{{{_NAMES}style:1.0}}"
_HEADERS = {f"{_STYLE}{kind}{side}" for kind in ("header", "footer") for side in ("", "-left", "-first")}


def read(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read a document. Raises FileEmpty, FileUnreadable, FileProtected, FileTooLarge, TooManyPieces, ArchiveUnsafe."""
    return finish_document(gather(path, limits), hints, limits, path.name)


def gather(path: Path, limits: Limits) -> DocumentText:
    """Gather the text of a document. Raises as `read` does, except FileEmpty."""
    document = DocumentText(limits)
    with opened(path, limits) as archive:
        refuse_encrypted(archive, path.name)
        refuse_entities(archive, path.name)
        xml_limit = XmlLimit(path.name, limits.text_marks)
        try:
            content = _parsed(archive, "content.xml", xml_limit)
            styles = _parsed(archive, "styles.xml", xml_limit) if "styles.xml" in archive.namelist() else None
        except etree.XMLSyntaxError as error:
            raise FileUnreadable(path.name, detail=str(error)) from error
    body = content.find(_BODY)
    text = None if body is None else body.find(_TEXT)
    if text is None:
        raise FileUnreadable(path.name, why=_("Por dentro no es un documento de texto."))
    roots = [content] if styles is None else [styles, content]
    OdtBody(OdtStyles(roots), document, limits).blocks(text)
    if styles is not None:
        _leave_headers(styles, document)
    return document


def _parsed(archive: zipfile.ZipFile, part: str, xml_limit: XmlLimit) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    with archive.open(part) as source:
        return etree.parse(LimitedStream(source, xml_limit), parser).getroot()


def _leave_headers(styles: Any, document: DocumentText) -> None:
    """Count the headers and footers of the pages that hold letters (a page number is a field without any)."""
    for element in styles.iter(*_HEADERS):
        if any(character.isalpha() for text in element.itertext() for character in text):
            document.omissions.add("header")
