"""Default actions of error cards: the retry actions, and the step that each other action links to."""

from __future__ import annotations

from poetas.course.app_steps import NOTEBOOKS

# Retry actions: a handler that a component gives for one of them serves the others as well.
AGAIN = ("retry", "resume", "restart", "restart-service")

_MODEL, _KNOBS = ("conocer", "modelo"), ("entrenar", "perillas")
_TEXTS = ("preparar", "textos")
# Action -> steps that help, as (app, slug): the one on the learner's page, else the first.
_STEPS = {
    "choose-model": (_MODEL, ("entrenar", "modelo")),
    "fetch-again": (_MODEL,),
    "accept-licence": (_MODEL,),
    "hub-token": (_MODEL,),
    "ask-hub": (_MODEL,),
    "choose-file": (_TEXTS,),
    "prepare": (_TEXTS,),
    "choose-columns": (("preparar", "columnas"),),
    "choose-dataset": (("entrenar", "conjunto"),),
    "choose-training": (("entrenar", "entrena"),),
    "choose-form": (("entrenar", "llevatelo"),),
    "lower-learning-rate": (_KNOBS,),
    "reset": (_KNOBS, ("conocer", "azar")),
    "smaller": (_KNOBS, _MODEL, _TEXTS),
}


def way_out(action: str, app: str = "") -> str:
    """Return the address of the step that helps, "" where no step does.

    app: name of the app on whose page the card stands.

    >>> way_out("prepare"), way_out("prepare", "preparar"), way_out("retry")
    ('2_preparar.ipynb#textos', '#textos', '')
    """
    steps = _STEPS.get(action, ())
    for name, slug in steps:
        if name == app:
            return f"#{slug}"
    return f"{NOTEBOOKS[steps[0][0]]}#{steps[0][1]}" if steps else ""
