"""Writing of one text from its blocks: verse keeps its lines, wrapped prose is joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from poetas.data.formats.division.blocks import TextBlock, blocks_of
from poetas.data.formats.division.wrapping import is_wrapped, paragraphs
from poetas.data.formats.running_text import Line, PlainLines


@dataclass(frozen=True, slots=True)
class Layout:
    """How texts are written. width: where prose was wrapped, 0: it was not. indented: keep it. margin: columns cut."""

    width: int = 0
    indented: bool = False
    margin: int = 0

    def line(self, text: str) -> str:
        """One line, with its indentation or without."""
        return text.expandtabs(4)[self.margin :].rstrip() if self.indented else text.strip()

    def pieces(self, block: TextBlock) -> Iterator[str]:
        r"""A block as one stanza, or as the paragraphs of wrapped prose.

        >>> list(Layout(indented=True).pieces(TextBlock(("  uno", "    dos"))))
        ['  uno\n    dos']
        """
        if self.width and is_wrapped(block.lines, self.width):
            yield from paragraphs(block.lines, self.width)
        else:
            yield "\n".join(self.line(line) for line in block.lines)

    def written(self, blocks: Iterable[TextBlock]) -> str:
        r"""Blocks as one text, a blank line between them where there was one.

        >>> Layout().written([TextBlock(("La casa",)), TextBlock(("uno", "dos"), 1), TextBlock(("tres",), 2)])
        'La casa\n\nuno\ndos\n\ntres'
        """
        text = ""
        for index, block in enumerate(blocks):
            apart = "" if not index else "\n\n" if block.gap or block.page else "\n"
            text += apart + "\n\n".join(self.pieces(block))
        return text

    def whole(self, lines: Sequence[Line]) -> str:
        """All lines as one text."""
        if self.width:
            return self.written(blocks_of(lines))
        texts = lines.texts() if isinstance(lines, PlainLines) else (line.text for line in lines)
        return "\n".join(self.line(text) for text in texts).strip("\n")
