"""Class plan: what an instructor fixes for a class, in the file of `POETAS_CLASS` or the folder's ``clase.toml``.

::

    version = 1
    items = "mis-preguntas.toml"         # questions and exercises, beside this file; without it, the course's
    models = ["gemma3-270m"]             # the only ones that are offered; without it, all
    samples = ["coplas"]                 # likewise
    [steps]                              # what the class does of an app; its other steps say that they can be skipped
    conocer = ["que-sigue", "juguete"]

Anybody may have written it: it is limited and checked, and a broken one only shows a card that names the mistake.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from poetas.course.app_steps import IN_EVERY_APP, app_steps
from poetas.course.course_record import APPS
from poetas.data.storage.samples import samples
from poetas.errors import Explanation, PoetasError
from poetas.i18n import _
from poetas.util.limited_toml import UnreadableToml, read_toml
from poetas.workspace import CLASS_FILE, NoHome, Workspace

VARIABLE = "POETAS_CLASS"
LARGEST = 20_000  # bytes of a file
MOST = 50  # entries of a list
_KEYS = {"version", "items", "models", "samples", "steps"}
_MODEL = re.compile(r"[\w.-]{1,96}(/[\w.-]{1,96})?")


class BrokenClassFile(PoetasError):
    """A class plan cannot be used: too large, no TOML, or with something that the program does not know."""

    code = "class-file"


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """What a class fixes. models, samples: the only ones that are offered, () for all. items: None for the course's.

    steps: by app, what the class does; an app that is not there is done whole.
    """

    items: Path | None = None
    models: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    steps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def offers_model(self, model: str) -> bool:
        """Tell whether a model is offered."""
        return not self.models or model in self.models

    def offers_sample(self, name: str) -> bool:
        """Tell whether a sample is offered."""
        return not self.samples or name in self.samples

    def leaves_out(self, app: str, step: str) -> bool:
        """Tell whether the class does not do a step; those that every app has are never left out.

        >>> ClassPlan(steps={"conocer": ("azar",)}).leaves_out("conocer", "justo")
        True
        """
        return app in self.steps and step not in self.steps[app] and step not in IN_EVERY_APP


def class_file() -> Path | None:
    """Return the file that `POETAS_CLASS` names, else that of the learner's folder; None where there is none."""
    if given := os.environ.get(VARIABLE, "").strip():
        return Path(given).expanduser()
    try:
        path = Workspace.default().root / CLASS_FILE
    except NoHome:
        return None
    return path if path.is_file() else None


def current_plan() -> ClassPlan:
    """Return the plan in use, the empty one where there is none or it cannot be used."""
    return _current()[0]


def plan_problem() -> Explanation | None:
    """Return why the file is not in use, None where it is or where there is none."""
    return _current()[1]


def _current() -> tuple[ClassPlan, Explanation | None]:
    path = class_file()
    if path is None:
        return ClassPlan(), None
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        changed = 0
    return _loaded(path, changed)


@lru_cache(maxsize=4)
def _loaded(path: Path, _changed: int) -> tuple[ClassPlan, Explanation | None]:
    try:
        return read_plan(path), None
    except BrokenClassFile as error:
        return ClassPlan(), error.explanation


def read_plan(path: Path) -> ClassPlan:
    """Read and check a plan. Raises BrokenClassFile, which says what is wrong."""
    try:
        return _plan(read_toml(path, LARGEST)[0], path.parent)
    except UnreadableToml as error:
        raise _broken(path, error.why, error.detail) from error
    except ValueError as error:
        raise _broken(path, str(error)) from error


def _plan(value: Mapping[str, Any], beside: Path) -> ClassPlan:
    if unknown := sorted(set(value) - _KEYS):
        words = _("No conozco la clave «{key}». Puede llevar: {known}.")
        raise ValueError(words.format(key=unknown[0][:80], known=", ".join(sorted(_KEYS))))
    if value.get("version") != 1:
        raise ValueError(_("Falta «version = 1», o es de otra versión."))
    items, steps = value.get("items"), value.get("steps", {})
    if items is not None and (not isinstance(items, str) or not items.strip() or "\0" in items):
        raise ValueError(_("«items» tiene que ser el nombre de un archivo de preguntas."))
    if not isinstance(steps, dict) or not set(steps) <= set(APPS):
        raise ValueError(_("«steps» lleva un renglón por app: {apps}.").format(apps=", ".join(APPS)))
    models = _names(value, "models")
    if odd := next((name for name in models if not _MODEL.fullmatch(name)), ""):
        raise ValueError(_("«{name}» no puede ser el nombre de un modelo.").format(name=odd[:80]))
    return ClassPlan(
        beside / Path(items).expanduser() if items is not None else None,
        models,
        _names(value, "samples", [entry.name for entry in samples()]),
        {app: _names(steps, app, app_steps(app)) for app in steps},
    )


def _names(value: Mapping[str, Any], key: str, known: Sequence[str] = ()) -> tuple[str, ...]:
    """Return a list of names, all of them known where ``known`` says which there are."""
    names = value.get(key, [])
    if not isinstance(names, list) or len(names) > MOST or not all(isinstance(name, str) for name in names):
        raise ValueError(_("«{key}» tiene que ser una lista de nombres entre comillas.").format(key=key))
    if odd := next((name for name in names if known and name not in known), ""):
        words = _("En «{key}» no conozco «{name}». Puede llevar: {known}.")
        raise ValueError(words.format(key=key, name=odd[:80], known=", ".join(known)))
    return tuple(names)


def _broken(path: Path, why: str, detail: str = "") -> BrokenClassFile:
    return BrokenClassFile(
        _("No puedo usar el plan de clase «{name}».").format(name=path.name),
        why=why,
        remedy=_("Mientras tanto se ofrece todo, como sin plan. Quien da el taller lo puede corregir."),
        detail=detail,
    )
