"""Interpreter of a PDF page's instructions: a page in, the glyphs that it draws with their places out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pypdf import PageObject
from pypdf.generic import ContentStream, DictionaryObject

from poetas.data.formats.pdf.fonts import PdfFont
from poetas.data.formats.pdf.glyphs import UNIT, Glyph, Matrix, matrix_of, product
from poetas.data.formats.pdf.text_state import SETTINGS, TextState, placed

GLYPHS = 200_000  # a page of a book has some 3,000
_DEPTH = 12
_STATES = 500


class PageTooLarge(ValueError):
    """A page draws more than any page of a book does."""


FontOf: TypeAlias = Callable[[Any], "PdfFont | None"]


@dataclass(slots=True)
class PageInterpreter:
    """Reads the instructions that draw text.

    font_of: gives the font of a resource. most_bytes: of the page's instructions and of the forms that they draw.
    """

    font_of: FontOf
    most_bytes: int
    glyphs: list[Glyph] = field(default_factory=list)
    _state: TextState = field(default_factory=TextState)
    _stack: list[TextState] = field(default_factory=list)
    _tm: Matrix = UNIT
    _line: Matrix = UNIT
    _marked: list[tuple[bool, str | None, int]] = field(default_factory=list)
    drawn: int = 0
    images: int = 0
    _operators: dict[bytes, Callable[[list[Any]], None]] = field(init=False)

    def __post_init__(self) -> None:
        """Set up the table of instructions."""
        self._operators = {
            b"q": self._save, b"Q": self._restore, b"cm": self._transform, b"BT": self._begin_text, b"Td": self._move,
            b"TD": self._move_leading, b"Tm": self._place, b"T*": self._next_line, b"Tj": self._show,
            b"'": self._next_line_show, b'"': self._spaced_show, b"TJ": self._show_kerned, b"BMC": self._begin_plain,
            b"EMC": self._end,
        }  # fmt: skip

    def run(self, page: PageObject) -> list[Glyph]:
        """The glyphs of a page in the order in which they are drawn. Raises PageTooLarge, and what pypdf raises."""
        contents = page.get_contents()
        if contents is not None:
            self._draw(contents, page.get("/Resources"), 0)
        return self.glyphs

    def _draw(self, contents: ContentStream, resources: Any, depth: int) -> None:
        self.drawn += len(contents.get_data())
        if self.drawn > self.most_bytes:
            raise PageTooLarge
        resources = resources.get_object() if resources is not None else None
        if not isinstance(resources, DictionaryObject):
            resources = DictionaryObject()
        for operands, operator in contents.operations:
            try:
                self._run_one(operator, operands, resources, depth)
            except PageTooLarge:
                raise
            except (TypeError, ValueError, IndexError, KeyError, AttributeError):
                continue  # operands that are missing or of another type: the rest of the page can still be read

    def _run_one(self, operator: bytes, operands: Any, resources: DictionaryObject, depth: int) -> None:
        if (act := self._operators.get(operator)) is not None:
            act(operands)
        elif operator in SETTINGS:
            name, share = SETTINGS[operator]
            setattr(self._state, name, float(operands[-1]) * share)
        elif operator == b"Tf":
            resource = _part(resources, "/Font").get(operands[0])
            self._state.font = self.font_of(resource) if resource is not None else None
            self._state.size = float(operands[1])
        elif operator == b"Do":
            self._form(_part(resources, "/XObject"), operands[0], resources, depth)
        elif operator == b"INLINE IMAGE":  # pypdf's name for what is between BI and EI
            self.images += 1
        elif operator == b"BDC":
            self._begin(operands, resources)

    def _form(self, objects: Any, name: Any, resources: DictionaryObject, depth: int) -> None:
        form = objects[name].get_object()
        self.images += form.get("/Subtype") == "/Image"
        if form.get("/Subtype") != "/Form" or depth >= _DEPTH:
            return
        saved, stack, marked = self._state, self._stack, self._marked
        self._state, self._stack, self._marked = saved.copy(), [], [*marked]
        if "/Matrix" in form:
            self._state.ctm = product(matrix_of(form["/Matrix"]), self._state.ctm)
        try:
            self._draw(ContentStream(form, None), form.get("/Resources", resources), depth + 1)
        finally:
            self._state, self._stack, self._marked = saved, stack, marked

    def _save(self, _operands: list[Any]) -> None:
        if len(self._stack) < _STATES:
            self._stack.append(self._state.copy())

    def _restore(self, _operands: list[Any]) -> None:
        if self._stack:
            self._state = self._stack.pop()

    def _transform(self, operands: list[Any]) -> None:
        self._state.ctm = product(matrix_of(operands), self._state.ctm)

    def _begin_text(self, _operands: list[Any]) -> None:
        self._tm = self._line = UNIT

    def _move(self, operands: list[Any]) -> None:
        self._line = self._tm = product((1.0, 0.0, 0.0, 1.0, float(operands[0]), float(operands[1])), self._line)

    def _move_leading(self, operands: list[Any]) -> None:
        self._state.leading = -float(operands[1])
        self._move(operands)

    def _place(self, operands: list[Any]) -> None:
        self._line = self._tm = matrix_of(operands)

    def _next_line(self, _operands: list[Any]) -> None:
        self._move([0.0, -self._state.leading])

    def _show(self, operands: list[Any]) -> None:
        self._string(operands[-1])

    def _next_line_show(self, operands: list[Any]) -> None:
        self._next_line([])
        self._string(operands[0])

    def _spaced_show(self, operands: list[Any]) -> None:
        self._state.word_spacing, self._state.spacing = float(operands[0]), float(operands[1])
        self._next_line_show(operands[2:])

    def _show_kerned(self, operands: list[Any]) -> None:
        state = self._state
        for item in operands[0]:
            if isinstance(item, (int, float)):
                self._advance(-float(item) / 1000 * state.size * state.scaling)
            else:
                self._string(item)

    def _begin(self, operands: list[Any], resources: DictionaryObject) -> None:
        properties = operands[1]
        if isinstance(properties, str):
            properties = _part(resources, "/Properties")[properties].get_object()
        artifact = operands[0] == "/Artifact" and properties.get("/Type") == "/Pagination"
        actual = properties.get("/ActualText")
        self._marked.append((artifact, str(actual) if actual is not None else None, len(self.glyphs)))

    def _begin_plain(self, _operands: list[Any]) -> None:
        self._marked.append((False, None, len(self.glyphs)))

    def _end(self, _operands: list[Any]) -> None:
        if not self._marked:
            return
        _artifact, actual, start = self._marked.pop()
        drawn = self.glyphs[start:]
        if actual is not None and drawn and any("\N{REPLACEMENT CHARACTER}" in glyph.text for glyph in drawn):
            for index, glyph in enumerate(drawn):
                glyph.text = actual if index == 0 else ""

    def _advance(self, distance: float) -> None:
        a, b, c, d, e, f = self._tm
        self._tm = a, b, c, d, e + distance * a, f + distance * b

    def _string(self, data: Any) -> None:
        if not isinstance(data, (bytes, str)):
            return
        artifact = any(mark[0] for mark in self._marked)
        drawn, moved = placed(self._state, self._tm, _bytes(data), artifact=artifact)
        if len(self.glyphs) + len(drawn) > GLYPHS:
            raise PageTooLarge
        self.glyphs += drawn
        self._advance(moved)


def _bytes(data: bytes | str) -> bytes:
    """The bytes of a string, of which pypdf decodes some."""
    data = getattr(data, "original_bytes", data)
    return data if isinstance(data, bytes) else data.encode("latin-1", "ignore")


def _part(resources: DictionaryObject, name: str) -> Any:
    part = resources.get(name)
    return part.get_object() if part is not None else None
