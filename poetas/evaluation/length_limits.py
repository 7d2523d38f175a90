"""Length limits of generated texts, derived from the training texts: one place for the evaluation and for «Probalo».

A base model does not know when to stop. If it could ramble to the end of its room while the tuned one stops by
itself, the comparison would be won by length alone. So every system stops at a line break, at as many tokens as the
longest training summary takes (and a quarter more), and keeps only as many sentences as the training summaries have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from poetas.data.dataset_schema import COLUMNS, SUMMARY, TEXT
from poetas.data.pipeline.language import guess_language
from poetas.evaluation.sentences import sentence_spans
from poetas.evaluation.verse_detection import is_verse

USUAL = 0.9  # share of the training summaries that have at most so many sentences
_MARGIN = 1.25
_LEAST, _MOST = 16, 512  # tokens
NO_SUMMARIES = 64  # tokens, where there is no training summary to learn from
_CLOSED = re.compile(r"[.!?…][\"'”’»)\]]*$")  # a text that met the limit just after its last sentence is whole


@dataclass(frozen=True, slots=True)
class Decoding:
    """The rules of one evaluation. Greedy: the likeliest token each time, so that running it again changes nothing.

    max_tokens: a text ends there. sentences: how many of them are kept. stop: a text ends where this appears ("" =
    nowhere). unrepeated: length of token sequences that may not come twice (0 = any may).
    """

    max_tokens: int
    sentences: int
    stop: str = "\n"
    unrepeated: int = 0
    temperature: float = 0.0

    @classmethod
    def learnt(cls, summaries: Sequence[str], count: Callable[[str], int]) -> Decoding:
        r"""Make the rules from the training summaries. count: tokens of a text.

        >>> Decoding.learnt(["Llovió mucho ayer en Salta."] * 9 + ["Una. Dos."], lambda text: len(text.split()))
        Decoding(max_tokens=16, sentences=1, stop='\n', unrepeated=0, temperature=0.0)
        """
        if not summaries:
            return cls(NO_SUMMARIES, 1)
        longest = max(count(summary) for summary in summaries)
        counts = sorted(max(1, len(sentence_spans(summary))) for summary in summaries)
        usual = counts[max(0, min(len(counts) - 1, round(USUAL * len(counts)) - 1))]
        return cls(min(_MOST, max(_LEAST, round(longest * _MARGIN))), usual, end_of_summaries(summaries))

    @classmethod
    def of_style(cls, texts: Sequence[str], count: Callable[[str], int]) -> Decoding:
        r"""Make the rules for continuations of a style.

        A blank line ends one of prose, unless the training texts hold some. In verse it only ends a stanza.

        >>> Decoding.of_style(["Una oración."], len).stop, Decoding.of_style(["Uno.\nDos."], len).stop
        ('\n\n', '')
        """
        goes_on = any("\n\n" in text.strip() for text in texts) or is_verse(texts)
        return replace(cls.learnt(texts, count), stop="" if goes_on else "\n\n")

    def finished(self, text: str, *, complete: bool) -> tuple[str, bool]:
        """Return what is kept of a text, and whether it breaks off: it met the limit inside its last kept sentence.

        complete: whether the model ended the text.

        >>> Decoding(8, 1).finished("Llovió en Sal", complete=False), Decoding(8, 1).finished("Fin", complete=True)
        (('Llovió en Sal', True), ('Fin', False))
        """
        text = text.strip().rstrip("\N{REPLACEMENT CHARACTER}").rstrip()  # the bytes of half a character
        kept = self.trimmed(text)
        return kept, kept == text and ends_inside_sentence(kept, complete=complete)

    def trimmed(self, text: str) -> str:
        """Keep the first sentences of what a system wrote.

        >>> Decoding(64, 1).trimmed("Llovió. Y después salió el sol.")
        'Llovió.'
        """
        spans = sentence_spans(text)[: self.sentences]
        return text[spans[0].start : spans[-1].end] if spans else ""

    def as_dict(self) -> dict[str, Any]:
        """Return the rules as a JSON-ready mapping."""
        return asdict(self)


def end_of_summaries(summaries: Iterable[str]) -> str:
    r"""Return where a generated summary ends: at a line break, unless some training summaries hold one ("" = nowhere).

    >>> end_of_summaries(["Llovió."]), end_of_summaries(["Llovió.\nSalió el sol."])
    ('\n', '')
    """
    return "" if any("\n" in summary.strip() for summary in summaries) else "\n"


def ends_inside_sentence(text: str, *, complete: bool) -> bool:
    """Return whether a text that a model wrote breaks off. complete: whether the model ended it, and not a limit.

    >>> ends_inside_sentence("Llovió en Sal", complete=False), ends_inside_sentence("Llovió.", complete=False)
    (True, False)
    """
    return not complete and not _CLOSED.search(text.rstrip())


def dataset_rules(folder: Path, count: Callable[[str], int]) -> tuple[Decoding, str]:
    """Return the rules of a prepared dataset's training part, and the language of its texts. Raises DatasetBroken."""
    # pyarrow is loaded where a dataset is read, and no sooner: the page's kernel imports this module.
    from poetas.data.storage.arrow_reader import read_part  # noqa: PLC0415
    from poetas.data.storage.dataset_record import read_record  # noqa: PLC0415

    columns = COLUMNS[str(read_record(folder)["task"])]
    table = read_part(folder, "train", columns)
    texts = table.column(TEXT).to_pylist()
    if SUMMARY in columns:
        return Decoding.learnt(table.column(SUMMARY).to_pylist(), count), guess_language(texts)
    return Decoding.of_style(texts, count), guess_language(texts)
