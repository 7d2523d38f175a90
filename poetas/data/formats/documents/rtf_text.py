r"""Text of an RTF document: tokens in; paragraphs, tables and what is left out gathered."""

from __future__ import annotations

from collections.abc import Iterable

from poetas.data.formats.documents.document_text import NEW_PAGE, DocumentText
from poetas.data.formats.documents.line_looks import PLAIN_LOOK
from poetas.data.formats.documents.rtf_flow import WORDS, RtfFlow
from poetas.data.formats.documents.rtf_groups import BOXES, COUNTED, HEADERS, SHOWN, Group
from poetas.data.formats.documents.rtf_header import FONTS, STYLES, RtfHeader
from poetas.data.formats.documents.rtf_tokens import BYTES, CLOSE, OPEN, SYMBOL, SYMBOLS, RtfToken

_SIGNS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "column": "\n", "page": NEW_PAGE, "nestcell": "\n",
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
    "emspace": "\N{EM SPACE}", "enspace": "\N{EN SPACE}", "qmspace": "\N{FOUR-PER-EM SPACE}",
}  # fmt: skip
_CHARSETS = {"mac", "pc", "pca", "ansicpg"}
_PRIVATE = range(0xE000, 0xF900)  # codes whose meaning only the font knows
_NOT_LETTERS = bytes(range(0x41))  # as in a page number
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"


class RtfText:
    """Gathers the text of a document. complete: whether its first group was closed."""

    def __init__(self, document: DocumentText) -> None:
        self.complete = False
        self._omissions = document.omissions
        self._flow = RtfFlow(document)
        self._outer: list[RtfFlow] = []  # around a text box
        self._groups = [Group()]
        self._header = RtfHeader()
        self._fallback = 0  # characters that are still to be passed over
        self._letters = False  # in a header or footer

    def read(self, tokens: Iterable[RtfToken]) -> None:
        """Read a document."""
        for token in tokens:
            if token.kind == BYTES:
                self._bytes(token.data)
            elif token.kind == OPEN:
                self._fallback = 0
                self._groups.append(self._groups[-1].inner())
            elif token.kind == CLOSE:
                self._end_group()
                self.complete = len(self._groups) == 1
            elif self._fallback:
                self._fallback -= 1
            else:
                self._word(token.name, token.number)
        while len(self._groups) > 1:
            self._end_group()
        self._flow.end()

    def _end_group(self) -> None:
        self._fallback = 0
        if len(self._groups) == 1:
            return
        group = self._groups.pop()
        if group.destination == STYLES and not group.begins:
            self._header.end_style()
        elif group.begins and group.destination in HEADERS:
            self._omissions.add("header", count=self._letters)
            self._letters = False
        elif group.begins and group.destination in BOXES and not group.left and self._outer:
            self._flow.end()
            box, self._flow = self._flow.document, self._outer.pop()
            self._flow.boxes.append(box)

    def _bytes(self, data: bytes) -> None:
        skipped = min(self._fallback, len(data))
        self._fallback -= skipped
        data = data[skipped:]
        group = self._groups[-1]
        group.fresh = False
        if group.left:
            if group.destination in HEADERS:
                self._letters = self._letters or data.translate(None, _NOT_LETTERS) != b""
            elif group.destination == STYLES:
                self._header.name.add_bytes(data, self._header.codec)
        elif data and group.hidden:
            self._omissions.add("hidden-word", count=len(data.split()))
        elif data and not group.deleted:
            if not data.isspace():
                self._flow.show(group.look)
            codec = self._header.codec_of(group.font)
            if codec == SYMBOLS:
                self._omissions.add("symbol", count=len(data))
                self._flow.characters.add(_UNKNOWN * len(data))
            else:
                self._flow.characters.add_bytes(data, codec)

    def _word(self, name: str, number: int | None) -> None:
        group = self._groups[-1]
        if name == "*":
            group.starred = group.fresh
        elif group.fresh and group.enter(name):
            self._begin(name, group)
        elif name == "u":
            self._unicode((number or 0) % 0x10000, group)
        elif name == "uc":
            group.fallback = max(0, number or 0)
        elif group.left:
            if group.destination in {FONTS, STYLES}:
                self._header.word(group.destination, name, number or 0)
        elif name in _SIGNS or name.startswith(SYMBOL):
            if not group.deleted and not group.hidden:
                self._flow.characters.add(_SIGNS.get(name, name.removeprefix(SYMBOL)))
        elif name in WORDS:
            self._flow.word(name, number, self._header.styles)
        else:
            self._formatting(name, number, group)

    def _begin(self, name: str, group: Group) -> None:
        """Begin a destination."""
        if name in COUNTED and not self._groups[-2].left:
            self._omissions.add(COUNTED[name])
        elif name in BOXES and not group.left:
            self._outer.append(self._flow)
            self._flow = RtfFlow(DocumentText(self._flow.document.limits, self._omissions))

    def _unicode(self, code: int, group: Group) -> None:
        self._fallback = group.fallback
        if group.left:
            self._letters = self._letters or group.destination in HEADERS
        elif group.hidden:
            return
        elif code in _PRIVATE:
            self._omissions.add("symbol")
            self._flow.characters.add(_UNKNOWN)
        elif code and not group.deleted:
            self._flow.show(group.look)
            self._flow.characters.add(chr(code))

    def _formatting(self, name: str, number: int | None, group: Group) -> None:
        """Read a property of characters, the end of a paragraph, or what the document says of its fonts."""
        on = number != 0
        if name == "par":
            if not group.deleted:  # else it goes on in the next one
                self._flow.end_paragraph()
        elif name == "f":
            group.font = number or 0
        elif name == "plain":
            group.font, group.deleted, group.revised = None, False, False
            group.look, group.hidden = PLAIN_LOOK, False
        elif name in SHOWN:
            group.show(name, number)
        elif name == "deleted":
            self._omissions.add("deletion", count=on and not group.deleted)
            group.deleted = on
        elif name == "revised":
            self._omissions.add("insertion", count=on and not group.revised)
            group.revised = on
        elif name == "deff":
            self._header.font = number or 0
        elif name in _CHARSETS:
            self._header.charset(name, number or 0)
