"""Validation of the chosen columns: a table and a mapping in, errors and warnings out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from poetas.data.formats.header import is_number
from poetas.data.pipeline.column_names import Role, role
from poetas.data.pipeline.mapping import ColumnMapping, word_counts
from poetas.data.pipeline.pipeline_errors import WrongColumn
from poetas.i18n import _, ngettext, number

SHOWN = 5
_MOST = 0.5
_SHORT_TEXT = 5  # words


@dataclass(frozen=True, slots=True)
class Finding:
    """One error or warning about the columns.

    code: stable identifier. level: ``"error"`` (the columns cannot be used) or ``"warning"``. sentence: translated.
    count: how many rows. rows: the first of them, counted from 0.
    """

    code: str
    level: str
    sentence: str
    count: int = 0
    rows: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return {**asdict(self), "rows": list(self.rows)}


def check(table: pd.DataFrame, mapping: ColumnMapping) -> tuple[Finding, ...]:
    """Validate the chosen columns; errors first.

    >>> check(pd.DataFrame({"a": ["Hola, ¿cómo va todo por allá?"]}), ColumnMapping("a", "a"))[0].code
    'same-column'
    """
    chosen = [name for name in (mapping.text, mapping.summary) if name is not None]
    for name in chosen:
        if name not in table.columns:
            return (Finding("column-missing", "error", _("No hay ninguna columna «{name}».").format(name=name)),)
    if mapping.text == mapping.summary:
        sentence = _("Elegiste «{name}» dos veces: el texto y el resumen tienen que ser columnas distintas.")
        return (Finding("same-column", "error", sentence.format(name=mapping.text)),)
    wrong = tuple(finding for name in chosen if (finding := _content(name, table[name])))
    if wrong:
        return wrong
    text = table[mapping.text].str.strip()
    findings: list[Finding | None] = [_missing(text == "", "rows-without-text"), _short(mapping.text, text)]
    if mapping.summary is None:
        findings.append(_empty_summaries(table))
    if mapping.summary is not None:
        summary = table[mapping.summary].str.strip()
        findings += [_missing((summary == "") & (text != ""), "rows-without-summary"), *_lengths(text, summary)]
    return tuple(sorted((finding for finding in findings if finding), key=lambda finding: finding.level))


def refuse(findings: Sequence[Finding]) -> None:
    """Raise WrongColumn for the first error, if there is one."""
    for finding in findings:
        if finding.level == "error":
            raise WrongColumn(finding.sentence)


def _content(name: str, column: pd.Series[str]) -> Finding | None:
    filled = [cell for cell in column if cell.strip()]
    if not filled:
        return Finding("column-empty", "error", _("La columna «{name}» está vacía.").format(name=name), len(column))
    numbers = sum(is_number(cell) for cell in filled)
    if numbers > _MOST * len(filled):
        sentence = _("La columna «{name}» tiene números, no textos.").format(name=name)
        return Finding("column-numbers", "error", sentence, numbers)
    return None


def _empty_summaries(table: pd.DataFrame) -> Finding | None:
    """A column that is called as summaries are, and is empty: the learner may think that they are there."""
    for name in map(str, table.columns):
        if role(name) is Role.SUMMARY and (table[name].str.strip() == "").all():
            sentence = _("La columna «{name}» está vacía. Si querés que aprenda a resumir, podés escribirlos acá.")
            return Finding("summaries-empty", "warning", sentence.format(name=name), len(table))
    return None


def _of(code: str, sentence: str, rows: Sequence[int], *, level: str = "warning") -> Finding:
    return Finding(code, level, sentence.format(n=number(len(rows))), len(rows), tuple(rows[:SHOWN]))


def _where(mask: pd.Series[bool]) -> list[int]:
    return [row for row, chosen in enumerate(mask) if chosen]


def _missing(mask: pd.Series[bool], code: str) -> Finding | None:
    rows = _where(mask)
    if not rows:
        return None
    if code == "rows-without-text":
        phrase = ngettext("Voy a sacar {n} fila sin texto.", "Voy a sacar {n} filas sin texto.", len(rows))
    else:
        phrase = ngettext("Voy a sacar {n} fila sin resumen.", "Voy a sacar {n} filas sin resumen.", len(rows))
    return _of(code, phrase, rows)


def _short(name: str, text: pd.Series[str]) -> Finding | None:
    words = word_counts(text[text != ""], most=2 * _SHORT_TEXT)  # the median may be half of two texts' words
    if words.median() >= _SHORT_TEXT:
        return None
    sentence = _("La mayoría de los textos de «{name}» tiene menos de {n} palabras. ¿Es la columna correcta?")
    phrase = sentence.format(name=name, n=number(_SHORT_TEXT))
    return Finding("texts-short", "warning", phrase, int((words < _SHORT_TEXT).sum()))


def _lengths(text: pd.Series[str], summary: pd.Series[str]) -> list[Finding | None]:
    both = (text != "") & (summary != "")
    same = _where(both & (text == summary))
    longer = _where(both & (summary.str.len() > text.str.len()))
    most = _MOST * max(1, int(both.sum()))
    longer_phrase = ngettext(
        "En {n} fila el resumen es más largo que el texto.",
        "En {n} filas el resumen es más largo que el texto.",
        len(longer),
    )
    same_phrase = ngettext("{n} resumen es igual a su texto.", "{n} resúmenes son iguales a su texto.", len(same))
    if len(longer) > most:
        longer_phrase = ngettext(
            "En {n} fila el resumen es más largo que el texto: parece que las columnas están al revés.",
            "En {n} filas el resumen es más largo que el texto: parece que las columnas están al revés.",
            len(longer),
        )
    if len(same) > most:
        same_phrase = ngettext(
            "En {n} fila el resumen es igual al texto: no hay nada que aprender a resumir.",
            "En {n} filas el resumen es igual al texto: no hay nada que aprender a resumir.",
            len(same),
        )
    return [
        _graded("summaries-longer", longer_phrase, longer, most),
        _graded("summaries-same", same_phrase, same, most),
    ]


def _graded(code: str, sentence: str, rows: list[int], most: float) -> Finding | None:
    """An error where it holds of more than ``most`` rows, a warning where of fewer, nothing where of none."""
    if len(rows) > most:
        return _of(code, sentence, rows, level="error")
    return _of(f"some-{code}", sentence, rows) if rows else None
