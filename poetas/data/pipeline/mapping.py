"""Column mapping: a table in, the columns of text and summary out, guessed by names first, then by lengths."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from poetas.data.formats.header import is_number
from poetas.data.pipeline.column_names import Role, role, strength
from poetas.i18n import _

SAMPLE = 2_000
_SHORTER = 0.8  # share of rows whose summary must be shorter than their text for a guess by lengths
_WORDS_OF_A_SUMMARY = 3


class Task(StrEnum):
    """The task that a dataset is for."""

    SUMMARY = "summary"
    STYLE = "style"


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The columns of text and summary. summary: None for the task "style"."""

    text: str
    summary: str | None = None

    @property
    def task(self) -> Task:
        """Summarising where there is a summary, style otherwise."""
        return Task.STYLE if self.summary is None else Task.SUMMARY


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """A guessed mapping. sure: both columns have known names. sentence: what the learner reads."""

    mapping: ColumnMapping
    sure: bool
    sentence: str


def guess(table: pd.DataFrame) -> ColumnGuess:
    """Guess the columns of a table.

    >>> guess(pd.DataFrame({"Título": ["A"], "cuerpo": ["Un texto largo de verdad."], "Resúmenes": ["Uno."]})).mapping
    ColumnMapping(text='cuerpo', summary='Resúmenes')
    """
    sample = table.head(SAMPLE)
    usable = [str(name) for name in sample.columns if _usable(sample[name])] or [str(sample.columns[0])]
    length = {name: float(sample[name].str.len().mean()) for name in usable}
    summary = _named(usable, Role.SUMMARY)
    text = _named([name for name in usable if name != summary], Role.TEXT)
    sure = bool(text and (summary or len(usable) == 1))
    if text is None:
        others = [name for name in usable if name != summary and role(name) is not Role.OTHER]
        others = others or [name for name in usable if name != summary]
        if not others:  # the only column is called "resumen": it is the text
            text, summary = usable[0], None
        else:
            text = max(others, key=lambda name: length[name])
    if summary is None:
        summary = _named([name for name in usable if name != text], Role.TITLE) or _by_length(sample, usable, text)
    mapping = ColumnMapping(text, summary)
    return ColumnGuess(mapping, sure, _sentence(mapping, sure=sure))


def word_counts(column: pd.Series[str], most: int = -1) -> pd.Series[int]:
    """Words in each cell. most: where they are more, any number above it is as good, and is far quicker.

    >>> word_counts(pd.Series(["uno dos", ""])).tolist(), word_counts(pd.Series(["uno dos tres"]), most=1).tolist()
    ([2, 0], [2])
    """
    return column.map(lambda cell: len(cell.split(None, most))).astype("int64")


def _usable(column: pd.Series[str]) -> bool:
    filled = [cell for cell in column if cell.strip()]
    return bool(filled) and sum(is_number(cell) for cell in filled) < 0.8 * len(filled)


def _named(names: list[str], column_role: Role) -> str | None:
    fitting = [name for name in names if role(name) is column_role]
    return max(fitting, key=lambda name: strength(name, column_role), default=None)


def _by_length(sample: pd.DataFrame, usable: list[str], text: str) -> str | None:
    """The longest column that is shorter than the text in most rows, holds sentences, and varies."""
    best, best_length = None, 0.0
    for name in usable:
        if name == text or role(name) is Role.OTHER:
            continue
        filled = sample[sample[name].str.strip() != ""]
        words = word_counts(filled[name])
        shorter = (filled[name].str.len() < 0.8 * filled[text].str.len()).mean()
        varied = filled[name].nunique() > 0.5 * len(filled)
        if words.median() >= _WORDS_OF_A_SUMMARY and shorter >= _SHORTER and varied:
            length = float(words.mean())
            if length > best_length:
                best, best_length = name, length
    return best


def _sentence(mapping: ColumnMapping, *, sure: bool) -> str:
    if mapping.summary is None:
        sentence = _("Hay una sola columna de texto, «{text}»: sirve para escribir con ese estilo.")
        return sentence.format(text=mapping.text)
    if sure:
        sentence = _("El texto está en «{text}» y el resumen en «{summary}».")
    else:
        sentence = _("Creo que el texto está en «{text}» y el resumen en «{summary}». ¿Es así?")
    return sentence.format(text=mapping.text, summary=mapping.summary)
