"""Passages of a learner's texts, and personal data, in what is about to leave her machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from poetas.data.dataset_schema import COLUMNS, PARTS
from poetas.errors import PoetasError
from poetas.evaluation.memorisation.probes import RECITED
from poetas.evaluation.memorisation.recited_personal_data import PersonalDatum, find_personal_data, repeated_data
from poetas.evaluation.metrics.longest_copied_span import CopyIndex
from poetas.evaluation.words import words

_LINE = 2  # words: a shorter line is a turn of phrase
_PART_OF_LINE = 4  # words of a whole line that stand within one of the texts


@dataclass(frozen=True, slots=True)
class Shown:
    """What was found. passages: as they are shown, the longest run or whole lines. data: each once."""

    passages: tuple[str, ...]
    data: tuple[PersonalDatum, ...]

    def as_dict(self) -> dict[str, Any]:
        """The fields, ready for JSON."""
        data = [{"kind": datum.kind, "text": datum.text, "key": datum.key} for datum in self.data]
        return {"passages": list(self.passages), "data": data}

    def __bool__(self) -> bool:
        return bool(self.passages or self.data)


class DatasetTexts:
    r"""The texts of a prepared dataset; indexed with the first question.

    >>> own = DatasetTexts(["Mi casa, sola,\nespera a nadie.", "Ana Paz, DNI 23.456.789"])
    >>> own.shared_with(["MI CASA SOLA", "una casa", "el 23456789"]).passages
    ('MI CASA SOLA',)
    >>> [datum.text for datum in own.shared_with(["el 23456789"]).data]
    ['23.456.789']
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = tuple(dict.fromkeys(texts))

    def shared_with(self, shown: Iterable[str]) -> Shown:
        """Return the passages of eight words or more, the whole lines, and the personal data in ``shown``."""
        shown = [text for text in dict.fromkeys(shown) if text.strip()]
        passages = dict.fromkeys(passage for text in shown for passage in self._passages(text))
        data = {datum.key: datum for text in shown for datum in self._data_of(text)}
        return Shown(tuple(passages), tuple(data.values()))

    def _passages(self, text: str) -> Iterator[str]:
        whole = [line.strip() for line in text.splitlines() if self._holds(line)]
        yield from whole
        span = self._index.longest(text)
        passage = " ".join(text[span.start : span.end].split())
        if span.length >= RECITED and not whole:
            yield passage

    def _holds(self, line: str) -> bool:
        run = tuple(words(line))
        if len(run) < _LINE:
            return False
        return run in self._lines or (len(run) >= _PART_OF_LINE and self._index.longest(line).length == len(run))

    def _data_of(self, text: str) -> Sequence[PersonalDatum]:
        """Those that are seen by their shape, and those that only the texts tell to be personal ("el 23456789")."""
        seen = find_personal_data(text)
        if not any(map(str.isdigit, text)):  # their shape tells all others
            return seen
        keys = {datum.key for datum in seen}
        return [*seen, *(datum for datum in repeated_data(self._known, text) if datum.key not in keys)]

    @cached_property
    def _index(self) -> CopyIndex:
        return CopyIndex(self._texts)

    @cached_property
    def _lines(self) -> frozenset[tuple[str, ...]]:
        return frozenset(tuple(words(line)) for text in self._texts for line in text.splitlines())

    @cached_property
    def _known(self) -> dict[str, PersonalDatum]:
        return {datum.key: datum for text in self._texts for datum in find_personal_data(text)}


def texts_of_dataset(folder: Path, task: str, fingerprint: str, more: Iterable[str] = ()) -> DatasetTexts:
    """Return the texts and summaries of a prepared dataset; where it is gone, ``more`` alone.

    fingerprint: of the texts, so that others in the same folder are read again. more: passages of them that are known.
    """
    return _texts_of(folder, task, fingerprint, tuple(more))


@lru_cache(maxsize=1)
def _texts_of(folder: Path, task: str, fingerprint: str, more: tuple[str, ...]) -> DatasetTexts:  # noqa: ARG001 - see above
    from poetas.data.storage.arrow_reader import read_part  # noqa: PLC0415 - brings pyarrow

    columns = COLUMNS[task]
    try:
        tables = [read_part(folder, part, columns) for part in PARTS]
    except (PoetasError, OSError):
        return DatasetTexts(more)
    cells = (str(cell or "") for table in tables for name in columns for cell in table[name].to_pylist())
    return DatasetTexts((*cells, *more))
