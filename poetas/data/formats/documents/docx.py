"""Reader of Word documents (DOCX): the paragraphs, or the table that holds most of the text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree

from poetas.data.errors import FileUnreadable
from poetas.data.formats.base import Hints, RawTable
from poetas.data.formats.documents.document_table import finish_document
from poetas.data.formats.documents.document_text import DocumentText
from poetas.data.formats.documents.docx_body import DocxBody
from poetas.data.formats.documents.docx_styles import DocxStyles
from poetas.data.formats.office_kind import why_not_read
from poetas.data.formats.xml_guard import refuse_entities
from poetas.data.formats.xml_limits import XmlLimit, unpack
from poetas.data.formats.zip_guard import opened
from poetas.data.pipeline.limits import Limits
from poetas.i18n import _

_TEXT, _DRAWN_TEXT = qn("w:t"), qn("a:t")
_EMBEDDED = {"oleObject", "package"}


def read(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read a document. Raises FileEmpty, FileUnreadable, FileProtected, FileTooLarge, TooManyPieces, ArchiveUnsafe."""
    return finish_document(gather(path, limits), hints, limits, path.name)


def gather(path: Path, limits: Limits) -> DocumentText:
    """Gather the text of a document. Raises as `read` does, except FileEmpty."""
    with opened(path, limits) as archive:
        xml_limit = XmlLimit(path.name, limits.marks)  # python-docx parses the whole document at once
        for member in refuse_entities(archive, path.name):
            unpack(archive, member, xml_limit)
        why = why_not_read(archive, _("Documento de Word (.docx)"))
    try:
        package = docx.Document(str(path))
        document = DocumentText(limits)
        DocxBody(DocxStyles(package.styles.element), document, limits).blocks(package.element.body)
        _leave_parts(package.part, document)
    except (PackageNotFoundError, KeyError, ValueError, AttributeError, TypeError) as error:
        raise FileUnreadable(path.name, why=why, detail=f"{type(error).__name__}: {error}") from error
    return document


def _leave_parts(main: Any, document: DocumentText) -> None:
    """Count the parts that belong to the document and not to its text."""
    for relation in main.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if relation.is_external:
            continue
        part = relation.target_part
        if kind in {"header", "footer"} and _has_text(part, _TEXT):
            place = _("encabezado {part}") if kind == "header" else _("pie de página {part}")
            document.omissions.add("header", place.format(part=Path(part.partname).stem))
        elif kind in _EMBEDDED or (kind == "diagramData" and _has_text(part, _DRAWN_TEXT)):
            document.omissions.add("embedded-part", Path(part.partname).name)


def _has_text(part: Any, tag: str) -> bool:
    root = part.element if hasattr(part, "element") else etree.fromstring(part.blob, _parser())
    return any((piece.text or "").strip() for piece in root.iter(tag))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
