"""Text of a Word paragraph: its inline XML in, pieces of text and the text boxes that hang on it out."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, TypeAlias

from docx.oxml.ns import qn

from poetas.data.formats.documents.document_text import NEW_PAGE, Omissions

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VML = "{urn:schemas-microsoft-com:vml}"

RUN, CONTROL, CONTENT = qn("w:r"), qn("w:sdt"), qn("w:sdtContent")
# What only surrounds text: links, tracked insertions, marks of other programs, direction of writing.
CONTAINERS = {
    qn(f"w:{name}")
    for name in ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "dir", "bdo", "sdtContent")
} | {f"{_W14}conflictIns"}
REMOVED = {qn("w:del"), qn("w:moveFrom"), f"{_W14}conflictDel"}
_ADDED = {qn("w:ins"), qn("w:moveTo"), f"{_W14}conflictIns"}
ALTERNATES = {f"{_COMPATIBILITY}AlternateContent"}
_CHOICE, _FALLBACK = f"{_COMPATIBILITY}Choice", f"{_COMPATIBILITY}Fallback"
_FORMULA, _FORMULA_TEXT = {f"{_MATH}oMath", f"{_MATH}oMathPara"}, f"{_MATH}t"
_RUBY, _RUBY_BASE = qn("w:ruby"), qn("w:rubyBase")
TEXT, _BREAK, _TYPE, _SYMBOL = qn("w:t"), qn("w:br"), qn("w:type"), qn("w:sym")
_SIGNS = {
    qn("w:tab"): "\t", qn("w:ptab"): "\t", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-",
}  # fmt: skip
_CHARACTER = qn("w:char")
_DRAWN = {qn("w:drawing"), qn("w:pict"), qn("w:object")}
_BOX, _DRAWN_LETTERS = qn("w:txbxContent"), f"{_VML}textpath"
_DRAWN_PARAGRAPH, _DRAWN_TEXT = qn("a:p"), qn("a:t")
_REFERENCES = {
    qn("w:footnoteReference"): "note", qn("w:endnoteReference"): "note", qn("w:commentReference"): "comment",
}  # fmt: skip
_UNKNOWN = {"Co", "Cs", "Cc", "Cn"}  # private, halves, controls, unassigned
_CONTROL_PROPERTIES, _PLACEHOLDER = qn("w:sdtPr"), qn("w:showingPlcHdr")

_HIDDEN, _VALUE, _OFF = f"{qn('w:rPr')}/{qn('w:vanish')}", qn("w:val"), {"0", "false", "off"}

_Reader: TypeAlias = Callable[[Any, Any], None]


class DocxRuns:
    """Gathers the text of one paragraph.

    parts: its pieces. boxes: the contents of its text boxes, as XML, or as text where they are drawn letters.
    deletions: how many tracked deletions were left.
    """

    def __init__(self, omissions: Omissions) -> None:
        self.parts: list[str] = []
        self.boxes: list[Any] = []
        self.deletions = 0
        self._omissions = omissions

    def gather(self, element: Any) -> None:
        """Gather what is in a paragraph, or in what surrounds runs."""
        for child in element:
            if (read := self._inline.get(child.tag)) is not None:
                read(self, child)

    def _container(self, element: Any) -> None:
        self._omissions.add("insertion", count=element.tag in _ADDED and len(element) > 0)
        self.gather(element)

    def _removed(self, element: Any) -> None:
        if len(element):
            self.deletions += 1
            self._omissions.add("deletion")

    def _formula(self, element: Any) -> None:
        self.parts += (piece.text or "" for piece in element.iter(_FORMULA_TEXT))

    def _inline_alternatives(self, element: Any) -> None:
        for inner in self.alternatives(element):
            self.gather(inner)

    @staticmethod
    def alternatives(element: Any) -> Iterator[Any]:
        """The one version that is read of content that is there for newer and for older programs."""
        choice, fallback = element.find(_CHOICE), element.find(_FALLBACK)
        if choice is None or (fallback is not None and not _has_text(choice)):
            choice = fallback
        if choice is not None:
            yield choice

    def _control(self, control: Any) -> None:
        properties, content = control.find(_CONTROL_PROPERTIES), control.find(CONTENT)
        if properties is not None and properties.find(_PLACEHOLDER) is not None:
            self._omissions.add("placeholder")
        elif content is not None:
            self.gather(content)

    def _run(self, run: Any) -> None:
        if is_hidden(run):
            words = sum(len((piece.text or "").split()) for piece in run.iter(TEXT))
            self._omissions.add("hidden-word", count=words)
            return
        for piece in run:
            if (read := self._pieces.get(piece.tag)) is not None:
                read(self, piece)

    def _text(self, piece: Any) -> None:
        self.parts.append((piece.text or "").replace("\n", " "))

    def _sign(self, piece: Any) -> None:
        self.parts.append(_SIGNS[piece.tag])

    def _break(self, piece: Any) -> None:
        self.parts.append(NEW_PAGE if piece.get(_TYPE) == "page" else "\n")

    def _reference(self, piece: Any) -> None:
        self._omissions.add(_REFERENCES[piece.tag])

    def _piece_alternatives(self, piece: Any) -> None:
        for inner in self.alternatives(piece):
            self._run(inner)

    def _ruby(self, piece: Any) -> None:
        if (base := piece.find(_RUBY_BASE)) is not None:
            self.gather(base)

    def _symbol(self, piece: Any) -> None:
        """A character by its number, which only its font may know."""
        try:
            sign = chr(int(piece.get(_CHARACTER, ""), 16))
        except (ValueError, OverflowError):
            return
        if unicodedata.category(sign) in _UNKNOWN:
            self._omissions.add("symbol")
            sign = "\N{REPLACEMENT CHARACTER}"
        self.parts.append(sign)

    def _drawn(self, element: Any) -> None:
        """Look for text boxes in a drawing; a box in a box belongs to the outer one."""
        for child in element:
            if child.tag == _BOX:
                self.boxes.append(child)
            elif child.tag in ALTERNATES:
                for inner in self.alternatives(child):
                    self._drawn(inner)
            elif child.tag == _DRAWN_LETTERS and child.get("string", "").strip():
                self.boxes.append(child.get("string"))
            elif child.tag == _DRAWN_PARAGRAPH:
                self.boxes.append("".join(piece.text or "" for piece in child.iter(_DRAWN_TEXT)))
            else:
                self._drawn(child)

    # Readers by tag.
    _inline: ClassVar[Mapping[str, _Reader]] = {
        RUN: _run,
        CONTROL: _control,
        **dict.fromkeys(CONTAINERS, _container),
        **dict.fromkeys(REMOVED, _removed),
        **dict.fromkeys(_FORMULA, _formula),
        **dict.fromkeys(ALTERNATES, _inline_alternatives),
    }
    _pieces: ClassVar[Mapping[str, _Reader]] = {
        TEXT: _text,
        _BREAK: _break,
        _SYMBOL: _symbol,
        _RUBY: _ruby,
        **dict.fromkeys(_SIGNS, _sign),
        **dict.fromkeys(_REFERENCES, _reference),
        **dict.fromkeys(_DRAWN, _drawn),
        **dict.fromkeys(ALTERNATES, _piece_alternatives),
    }


def is_hidden(run: Any) -> bool:
    """Whether Word does not show a run's text."""
    mark = run.find(_HIDDEN)
    return mark is not None and mark.get(_VALUE, "1") not in _OFF


def _has_text(element: Any) -> bool:
    return any(piece.text for tag in (TEXT, _DRAWN_TEXT) for piece in element.iter(tag))
