r"""Reader of RTF documents: the paragraphs, or the table that holds most of the text.

`striprtf` 0.0.35 is not used: it takes what tracked changes deleted for text, leaves text boxes and notes without a
sign, and writes page breaks, line breaks and ends of paragraphs alike.
"""

from __future__ import annotations

from pathlib import Path

from poetas.data.errors import FileUnreadable, NotText, TooManyPieces
from poetas.data.formats.base import Hints, RawTable
from poetas.data.formats.documents.document_table import finish_document
from poetas.data.formats.documents.document_text import DocumentText
from poetas.data.formats.documents.rtf_text import RtfText
from poetas.data.formats.documents.rtf_tokens import tokens
from poetas.data.formats.signature import really
from poetas.data.pipeline.limits import Limits
from poetas.i18n import _

_BEGINNING = b"{\\rtf"
_UTF8_MARK = b"\xef\xbb\xbf"


def read(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read a document. Raises FileEmpty, FileUnreadable, NotText, TooManyPieces."""
    return finish_document(gather(path, limits), hints, limits, path.name)


def gather(path: Path, limits: Limits) -> DocumentText:
    """Gather the text of a document. Raises as `read` does, except FileEmpty."""
    data = path.read_bytes().removeprefix(_UTF8_MARK).lstrip()
    if not data.startswith(_BEGINNING):
        if kind := really(data[:16]):
            raise NotText(path.name, really=kind)
        raise FileUnreadable(path.name, why=_("Por dentro no es un documento RTF."))
    if data.count(b"\\") + data.count(b"{") > limits.marks:
        raise TooManyPieces(path.name, limits.marks)
    document = DocumentText(limits)
    text = RtfText(document)
    text.read(tokens(data))
    if not text.complete:
        document.omissions.add("cut-end")
    return document
