"""Prerequisites of a component: the sentence that names the missing one, and the step that provides it."""

from __future__ import annotations

from poetas.i18n import _
from widgets.core.html import tag, text


def _prerequisites() -> dict[str, tuple[str, str]]:
    # What is needed -> (sentence, slug of the step that provides it).
    return {
        "model": (_("Para este paso hace falta un modelo. Elegilo primero."), "modelo"),
        "source": (_("Para este paso hacen falta textos. Traelos primero."), "textos"),
        "column": (_("Hay un archivo, pero de la columna elegida no salen textos. Elegí otra."), "columnas"),
        "dataset": (_("Para este paso hace falta un conjunto preparado. Elegilo primero."), "conjunto"),
        "training": (_("Para este paso hace falta un modelo entrenado. Entrenalo primero."), "entrena"),
    }


def notice(need: str, *, linked: bool, kept: str = "") -> str:
    """Return the notice of something that is missing; linked: whether the step that provides it is on this page.

    kept: name of another dataset or model, whose training is there: a learner who sees it go thinks that it is lost.

    >>> "href" in notice("model", linked=False)
    False
    """
    sentence, slug = _prerequisites()[need]
    if kept:
        words = _("Lo que entrenaste con «{name}» está guardado: elegilo en «¿Con qué trabajamos?» y vuelve.")
        sentence += " " + words.format(name=kept)
    link = " " + tag("a", text(_("Ir a ese paso")), href=f"#{slug}") if linked else ""
    return tag("p", text(sentence) + link, class_="notice care")
