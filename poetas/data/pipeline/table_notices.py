"""Notices about a table's rows, columns and cells: row numbers and counts in, sentences for the learner out."""

from __future__ import annotations

from collections.abc import Sequence

from poetas.data.formats.base import ReadingNotice, at_rows
from poetas.i18n import _, ngettext, number
from poetas.util.excerpt import shortened

SHOWN = 5
_LONGEST_SHOWN = 60


def rows_above(above: Sequence[Sequence[str]]) -> ReadingNotice:
    """Rows above the header that are in no row of the table."""
    phrase = ngettext(
        "Arriba de los nombres de las columnas hay {n} fila que no es de la tabla («{first}»): la dejé afuera.",
        "Arriba de los nombres de las columnas hay {n} filas que no son de la tabla («{first}»…): las dejé afuera.",
        len(above),
    )
    return ReadingNotice("rows-above", _with_first(phrase, above), count=len(above))


def rows_below(below: Sequence[Sequence[str]]) -> ReadingNotice:
    """Rows under the header that go on with it, and are in no row of the table."""
    phrase = ngettext(
        "Debajo de los nombres de las columnas hay {n} fila que los aclara («{first}»): la dejé afuera.",
        "Debajo de los nombres de las columnas hay {n} filas que los aclaran («{first}»…): las dejé afuera.",
        len(below),
    )
    remedy = _("Si es un texto tuyo, elegí vos la fila de los nombres en «¿Se ve mal?».")
    return ReadingNotice("rows-below", f"{_with_first(phrase, below)} {remedy}", count=len(below))


def _with_first(phrase: str, rows: Sequence[Sequence[str]]) -> str:
    """Fill in how many rows there are, and how the first begins."""
    first = " ".join(cell for cell in rows[0] if cell)
    return phrase.format(n=number(len(rows)), first=shortened(first, _LONGEST_SHOWN))


def rows_cut(kept: int, total: int | None) -> ReadingNotice:
    """Rows beyond the limit. total: None where they were not counted."""
    left = 0 if total is None else total - kept
    if total is None:
        first = ngettext("Leí solo la primera fila", "Leí las primeras {n} filas", kept).format(n=number(kept))
        sentence = _("{first}: el archivo tiene más.").format(first=first)
    else:
        first = ngettext("Leí solo la primera fila de {total}", "Leí las primeras {n} filas de {total}", kept)
        sentence = _("{first}: las demás no entran.").format(first=first.format(n=number(kept), total=number(total)))
    return ReadingNotice("rows-cut", sentence + " " + _("Si las necesitás, partí el archivo en varios."), count=left)


def columns_cut(kept: int, left: int) -> ReadingNotice:
    """Columns beyond the limit, as many as were left."""
    first = ngettext("Leí solo la primera columna", "Leí solo las primeras {n} columnas", kept).format(n=number(kept))
    phrase = ngettext("{first}: el archivo tiene {n} más.", "{first}: el archivo tiene {n} más.", left)
    remedy = _("Si tus textos están en otra, quitale las que no uses y volvé a elegirlo.")
    sentence = f"{phrase.format(first=first, n=number(left))} {remedy}"
    return ReadingNotice("columns-cut", sentence, count=left)


def rows_blank(count: int, *, wide: bool) -> ReadingNotice:
    """Rows without a text. wide: whether columns were left out."""
    if wide:  # those rows may have cells in the columns that were left out
        phrase = ngettext(
            "Salteé {n} fila que no tiene nada en esas columnas.",
            "Salteé {n} filas que no tienen nada en esas columnas.",
            count,
        )
    else:
        phrase = ngettext("Salteé {n} fila vacía.", "Salteé {n} filas vacías.", count)
    return ReadingNotice("rows-blank", phrase.format(n=number(count)), count=count)


def cells_cut(cut: Sequence[int], longest: int) -> ReadingNotice:
    """Cells of more than ``longest`` characters, by their rows."""
    phrase = ngettext("Corté {n} celda", "Corté {n} celdas", len(cut)).format(n=number(len(cut)))
    shown = tuple(cut[:SHOWN])
    sentence = _(
        "{phrase} de más de {limit} letras ({rows}): el final queda afuera. Si es un libro, traelo como TXT o DOCX."
    ).format(phrase=phrase, limit=number(longest), rows=at_rows(shown, len(cut)))
    return ReadingNotice("cells-cut", sentence, shown, len(cut))


def rows_long(long: Sequence[int]) -> ReadingNotice:
    """Rows with more cells than the header."""
    phrase = ngettext("{n} fila tiene celdas de más", "{n} filas tienen celdas de más", len(long))
    sentence = _("{phrase} ({rows}): las guardé en la columna «sobrante». Puede faltar alguna comilla.")
    return _about("rows-long", sentence, phrase, long)


def rows_joined(joined: Sequence[int]) -> ReadingNotice:
    """Rows that took in the one below: its first quote closed a cell that was open."""
    phrase = ngettext("{n} fila quedó junta con la de abajo", "{n} filas quedaron juntas con la de abajo", len(joined))
    return _about("rows-joined", _("{phrase} ({rows}): parece que falta cerrar una comilla."), phrase, joined)


def rows_short(short: Sequence[int]) -> ReadingNotice:
    """Rows with fewer cells than the header."""
    phrase = ngettext("{n} fila tiene celdas de menos", "{n} filas tienen celdas de menos", len(short))
    sentence = ngettext(
        "{phrase} ({rows}): la completé con celdas vacías.",
        "{phrase} ({rows}): las completé con celdas vacías.",
        len(short),
    )
    return _about("rows-short", sentence, phrase, short)


def letters_lost(rows: Sequence[Sequence[str]], numbers: Sequence[int]) -> ReadingNotice | None:
    """Rows with a byte that is no letter in the file's encoding; None where there is none. numbers: () from 1."""
    lost = [index for index, row in enumerate(rows) if any("\N{REPLACEMENT CHARACTER}" in cell for cell in row)]
    damaged = [numbers[index] if numbers else index + 1 for index in lost]
    if not damaged:
        return None
    phrase = ngettext("En {n} fila hay letras rotas", "En {n} filas hay letras rotas", len(damaged))
    sentence = _("{phrase} ({rows}): no pude saber cuáles son y puse � en su lugar. Fijate en «¿Se ve mal?».")
    return _about("letters-lost", sentence, phrase, damaged)


def _about(code: str, sentence: str, phrase: str, rows: Sequence[int]) -> ReadingNotice:
    shown = tuple(rows[:SHOWN])
    filled = sentence.format(phrase=phrase.format(n=number(len(rows))), rows=at_rows(shown, len(rows)))
    return ReadingNotice(code, filled, shown, len(rows))
