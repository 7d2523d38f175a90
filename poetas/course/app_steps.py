"""Steps of the three apps: notebooks in, slugs in the order of the page out; and the steps that every app has."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from poetas.i18n import _
from poetas.util.files import read_json
from poetas.util.resources import folder

NOTEBOOKS = {"conocer": "1_conocer.ipynb", "preparar": "2_preparar.ipynb", "entrenar": "3_entrenar.ipynb"}
# Slugs of steps that stand in more than one app: done in one is not done in the others.
IN_EVERY_APP = ("antes-de-empezar", "ejercicios", "libreta", "contanos")
_CHOICES = ("modelo", "conjunto")  # steps that are done wherever their choice was made, also in another app


def finished_name(app: str, step: str) -> str:
    """Return the name under which a project's state keeps a finished step.

    >>> finished_name("conocer", "proxima"), finished_name("conocer", "contanos"), finished_name("", "contanos")
    ('proxima', 'contanos@conocer', 'contanos')
    """
    return f"{step}@{app}" if app and step in IN_EVERY_APP else step


def finished_slugs(app: str, names: Iterable[str]) -> list[str]:
    """Return the slugs of an app's page that names of finished steps mark: what is of another app alone is left out.

    >>> finished_slugs("conocer", ["proxima", "contanos@conocer", "libreta@preparar"])
    ['proxima', 'contanos']
    """
    pairs = (name.partition("@") for name in names)
    return [slug for slug, _mark, owner in pairs if owner in {"", app}]


def is_begun(app: str, names: Iterable[str]) -> bool:
    """Tell whether one of the finished steps was done on an app's own page: the learner left off there.

    >>> is_begun("entrenar", ["proxima", "guarda", "conjunto"]), is_begun("entrenar", ["conjunto", "antes"])
    (False, True)
    """
    own = set(app_steps(app)) - set(_CHOICES) if app in NOTEBOOKS else set()
    return not own.isdisjoint(finished_slugs(app, names))


def app_steps(app: str) -> tuple[str, ...]:
    """Return the slugs of an app's steps in the order of its page. Raises KeyError for an unknown app.

    >>> app_steps("preparar").index("textos") < app_steps("preparar").index("columnas")
    True
    """
    return tuple(_labels(app))


def step_label(app: str, step: str) -> str:
    """Return how the page's list of steps names a step; its slug where the page has no such step.

    >>> step_label("preparar", "textos"), step_label("preparar", "otra-cosa")
    ('Traé tus textos', 'otra-cosa')
    """
    return _(_labels(app)[step]) if step in _labels(app) else step


@lru_cache(maxsize=len(NOTEBOOKS))
def _labels(app: str) -> dict[str, str]:
    cells = read_json(folder("apps") / NOTEBOOKS[app])["cells"]
    marks = (cell["metadata"].get("poetas", {}) for cell in cells)
    return {mark["slug"]: mark.get("label", mark["slug"]) for mark in marks if mark.get("slug")}
