"""Sizes of an exam: fewest texts for a verdict, enough texts for a fair one, and the sentence that says which."""

from __future__ import annotations

from poetas.i18n import _, ngettext, number

FEWEST = 10  # texts: below, a bootstrap interval is narrower than the truth, and no verdict is given
ENOUGH = 40  # texts: below, the interval of a difference of ROUGE rarely excludes zero unless it is a large one

SPLIT_SEED = 7  # of the shuffle before a split, unless the learner chooses another
TEST_SHARE, VALIDATION_SHARE = 0.25, 0.10  # of all texts, unless the learner chooses; the rest is for training
FEWEST_TO_SPLIT = 3  # texts: one a part
ENOUGH_TO_LEARN = 60  # texts for training: with fewer, the model learns little


def few_texts(count: int, *, style: bool = False) -> str:
    """Return what an exam of ``count`` texts can show, "" where they are enough.

    style: the loss of each text is compared, which differs much less from text to text than ROUGE does, so that
    `FEWEST` are enough.

    >>> few_texts(12)
    'Con 12 textos en el examen solo se notaría una mejora grande; desde unos 40, también una más chica.'
    >>> few_texts(40)
    ''
    """
    if count >= (FEWEST if style else ENOUGH):
        return ""
    if style:
        words = ngettext(
            "Con {n} texto en el examen no se puede afirmar nada: hacen falta {fewest} o más.",
            "Con {n} textos en el examen no se puede afirmar nada: hacen falta {fewest} o más.",
            count,
        )
    elif count < FEWEST:
        words = ngettext(
            "Con {n} texto en el examen no se puede afirmar nada: hacen falta {fewest} o más, y mejor unos {enough}.",
            "Con {n} textos en el examen no se puede afirmar nada: hacen falta {fewest} o más, y mejor unos {enough}.",
            count,
        )
    else:
        words = _(
            "Con {n} textos en el examen solo se notaría una mejora grande; desde unos {enough}, también una más chica."
        )
    return words.format(n=number(count), fewest=number(FEWEST), enough=number(ENOUGH))
