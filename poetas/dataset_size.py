"""Size of a dataset: how many texts there are in; what they are enough for, and how many would be for more, out.

The figures are those with which the texts are split and the exam is judged later (`poetas.exam_size`).
"""

from __future__ import annotations

from enum import IntEnum
from math import ceil

from poetas.exam_size import ENOUGH, ENOUGH_TO_LEARN, FEWEST, FEWEST_TO_SPLIT, TEST_SHARE, VALIDATION_SHARE, few_texts
from poetas.i18n import _, ngettext, number


class Enough(IntEnum):
    """What a number of texts is enough for, in rising order.

    NOTHING: they cannot be split. TRY: to see how it works; the exam gives no verdict. LARGE: the exam shows a large
    improvement, and the model may learn little. ANY: the exam shows smaller ones too, and the model has enough to
    learn from.
    """

    NOTHING = 0
    TRY = 1
    LARGE = 2
    ANY = 3


def exam_texts(count: int) -> int:
    """Texts of the exam, of so many in all.

    >>> exam_texts(40), exam_texts(3)
    (10, 1)
    """
    return max(1, round(count * TEST_SHARE))


def texts_for(level: Enough, *, style: bool = False) -> int:
    """How many texts, in all, are enough for a level whatever is rounded.

    >>> [texts_for(level) for level in Enough], texts_for(Enough.ANY, style=True)
    ([0, 3, 40, 160], 93)
    """
    learn = ceil(ENOUGH_TO_LEARN / (1 - TEST_SHARE - VALIDATION_SHARE))
    exam = FEWEST if style or level is Enough.LARGE else ENOUGH
    needed = {Enough.NOTHING: 0, Enough.TRY: FEWEST_TO_SPLIT, Enough.LARGE: ceil(exam / TEST_SHARE)}
    return needed.get(level, max(learn, ceil(exam / TEST_SHARE)))


def level_of(count: int, *, style: bool = False) -> Enough:
    """What a number of texts is enough for, with the parts that the split makes of them.

    >>> level_of(12), level_of(60)
    (<Enough.TRY: 1>, <Enough.LARGE: 2>)
    """
    exam = exam_texts(count)
    if count < FEWEST_TO_SPLIT:
        return Enough.NOTHING
    if exam < FEWEST:
        return Enough.TRY
    learn = count - exam - max(1, round(count * VALIDATION_SHARE))
    return Enough.ANY if learn >= ENOUGH_TO_LEARN and not few_texts(exam, style=style) else Enough.LARGE


def texts_left(read: int, left: int) -> str:
    """What the learner reads where not all rows of her file are texts to train with; "" where they are.

    >>> texts_left(31, 2), texts_left(12, 12)
    ('De 31 quedan 2: el resto está repetido o incompleto.', '')
    """
    if left >= read:
        return ""
    words = ngettext(
        "De {read} queda {left}: el resto está repetido o incompleto.",
        "De {read} quedan {left}: el resto está repetido o incompleto.",
        left,
    )
    return words.format(read=number(read), left=number(left))


def enough_for(count: int, *, style: bool = False) -> str:
    """What the learner reads as soon as her file is read. style: whether the texts are for a style.

    >>> enough_for(12)
    'Con 12 textos alcanza para probar, no para notar si mejoró; con 40 se podría notar, si mejoró mucho.'
    """
    level = level_of(count, style=style)
    large, more = (number(texts_for(step, style=style)) for step in (Enough.LARGE, Enough.ANY))
    with_these = ngettext("Con {n} texto", "Con {n} textos", count).format(n=number(count))
    words = {
        Enough.NOTHING: _(
            "{these} no alcanza: hacen falta {fewest} para probar, y {large} para notar una mejora grande."
        ),
        Enough.TRY: _(
            "{these} alcanza para probar, no para notar si mejoró; con {large} se podría notar, si mejoró mucho."
        ),
        Enough.LARGE: _("{these} se puede notar una mejora grande; con {more}, también una más chica."),
        Enough.ANY: _("{these} alcanza para entrenar y para notar si mejoró."),
    }[level]
    return words.format(these=with_these, fewest=number(FEWEST_TO_SPLIT), large=large, more=more)
