"""Texts longer than a cell may be: texts in, the same words in consecutive parts out, and a notice of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from poetas.data.formats.base import ReadingNotice
from poetas.i18n import ngettext, number

_ENDS = ("\n\n", "\n", " ")  # where a part ends, if there is one in its second half


@dataclass(slots=True)
class OversizedTexts:
    """What was too long, counted while `within` hands texts on.

    longest: characters of a text. going_on: of all texts and parts handed on, from 0, those that the next one goes on
    with: their text does not end with them.
    """

    longest: int
    texts: int = 0
    parts: int = 0
    going_on: list[int] = field(default_factory=list)
    _count: int = 0

    def within(self, texts: Iterable[str]) -> Iterator[str]:
        r"""Hand texts on, longer ones in parts that end with a paragraph, a line or a word.

        >>> oversized = OversizedTexts(10)
        >>> list(oversized.within(["uno dos", "Sube el río.\nBaja la luna."])), oversized.parts
        (['uno dos', 'Sube el', 'río.\nBaja', 'la luna.'], 3)
        >>> oversized.going_on, list(oversized.within(["la luna.    \n"])), oversized.going_on
        ([1, 2], ['la luna.'], [1, 2])
        """
        for text in texts:
            rest, parts = text, 1
            while len(rest) > self.longest:
                end = self._end(rest)
                self._count += 1
                if rest[end:].strip():
                    self.going_on.append(self._count - 1)
                yield rest[:end].rstrip()
                rest, parts = rest[end:].lstrip(), parts + 1
            if rest or parts == 1:
                self._count += 1
                yield rest
            if parts > 1:
                self.texts, self.parts = self.texts + 1, self.parts + parts

    def _end(self, text: str) -> int:
        for sign in _ENDS:
            if (end := text.rfind(sign, self.longest // 2, self.longest + len(sign))) > 0:
                return end
        return self.longest

    def notices(self) -> tuple[ReadingNotice, ...]:
        """A sentence for the learner, where there were any."""
        if not self.texts:
            return ()
        sentence = ngettext(
            "{n} texto tiene más de {limit} letras: lo leí en {parts} partes seguidas, sin perder ni una palabra.",
            "{n} textos tienen más de {limit} letras: los leí en {parts} partes seguidas, sin perder ni una palabra.",
            self.texts,
        )
        filled = sentence.format(n=number(self.texts), limit=number(self.longest), parts=number(self.parts))
        return (ReadingNotice("texts-in-parts", filled, count=self.texts),)
