"""Rows that belong to a header without being its names: rows and the header's index in, how many are under it out.

Only sure signs count, since a row that is no text but looks like one costs less than a text that is lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from poetas.util.text_normalize import ascii_words

_MOST = 3
_IDENTIFIER = re.compile(r'\{\s*"ImportId"\s*:')  # the third row of what Qualtrics exports
_ASIDE = re.compile(r"\([^()]{1,80}\)|\[[^\[\]]{1,80}\]")
# An aside that says what is to be written: how much of it, or of what kind.
_ASKED = re.compile(
    r"\b(?:enter[oa]|complet[oa]|obligatori[oa]|opcional|m[áa]xim[oa]|m[íi]nim[oa]|hasta \d{1,4}|n[úu]mero|"
    r"palabras?|letras|caracteres|l[íi]neas?|rengl[óo]n(?:es)?|versos|oraci[óo]n(?:es)?|frases?|p[áa]rrafos?|"
    r"d{1,2}/m{1,2}/a{2,4}|\d{1,4} ?(?:a|al|-|–|to) ?\d{1,4}|required|optional|max|min|up to \d{1,4}|number|"
    r"words?|characters|lines?|sentences?|paragraphs?)\b",
    re.IGNORECASE,
)
# The second row of what SurveyMonkey exports
_ANSWER = re.compile(r"(?:open-ended )?response|respuesta(?: abierta| de texto abierto)?", re.IGNORECASE)
_WORDS = 5  # of a name in two languages; a sentence has more
_IN_ENGLISH = (
    "texto/text noticia/news nota/note articulo/article cuento/story relato/story poema/poem verso/verse "
    "estrofa/stanza letra/lyrics mensaje/message contenido/content cuerpo/body documento/document "
    "resumen/summary sintesis/summary copete/abstract respuesta/answer respuesta/response pregunta/question "
    "titulo/title titular/headline tema/subject tema/topic asunto/subject autor/author autora/author fecha/date "
    "nombre/name puntos/points puntaje/score categoria/category seccion/section fuente/source idioma/language "
    "etiqueta/label archivo/file enlace/link numero/number edad/age lugar/place"
)
_TRANSLATED = {frozenset(pair.split("/")) for pair in _IN_ENGLISH.split()}


def is_identifiers(row: Sequence[str]) -> bool:
    """Tell whether a row holds what a survey's program calls its questions.

    >>> is_identifiers(['{"ImportId":"QID1"}', '{"ImportId":"QID2_TEXT"}']), is_identifiers(["{}", "uno"])
    (True, False)
    """
    filled = [cell for cell in row if cell]
    return bool(filled) and all(map(_IDENTIFIER.match, filled))


def rows_under(rows: Sequence[Sequence[str]], header: int) -> int:
    """Count the rows under the names that go on with them: what is asked for, a translation, the names once more.

    >>> rows = [["Texto", "Puntos"], ["(entero)", "(1 a 5)"], ["Llovió en Iruya.", "3"], ["Hubo feria.", "4"]]
    >>> rows_under(rows, 0), rows_under(rows, 2)
    (1, 0)
    """
    names, following = rows[header], rows[header + 1 : header + 1 + _MOST]
    below = rows[header + 1 + _MOST : header + 1 + 2 * _MOST]
    count = 0
    for index, row in enumerate(following):
        others = [*following[index + 1 :], *below]
        if not any(map(any, others)) or not _goes_on(names, row, others):
            break
        count = index + 1
    return count


def _goes_on(names: Sequence[str], row: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    cells = [(name, cell) for name, cell in zip(names, row, strict=False) if cell]
    if is_identifiers(row) or (cells and all(_ANSWER.fullmatch(cell) for _name, cell in cells)):
        return True
    if not cells or len(cells) < sum(map(bool, row)):
        return False
    if all(_ASIDE.fullmatch(cell) for _name, cell in cells):
        asked = any(_ASKED.search(cell) for _name, cell in cells)
        return asked and not any(_ASIDE.fullmatch(cell) for other in others for cell in other)
    again = all(name == cell for name, cell in cells)
    return len(cells) > 1 and (again or sum(_is_translated(*names) for names in cells) > 1)


def _is_translated(name: str, cell: str) -> bool:
    """Whether a name says in one language what a cell says in another; two words of one language may be two texts."""
    words, others = ascii_words(name).split(), ascii_words(cell).split()
    few = max(len(words), len(others)) <= _WORDS
    return few and any(frozenset((word, other)) in _TRANSLATED for word in words for other in others)
