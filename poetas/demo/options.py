"""What `poetas demo` is asked to do, checked before anything slow begins."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from poetas.data.errors import FileMissing
from poetas.data.samples import samples
from poetas.errors import PoetasError, no_permission
from poetas.i18n import _
from poetas.models import DEFAULT
from poetas.models.catalogue import Catalogue
from poetas.training.presets import PRESETS

TASKS = ("summary", "style")
DATA = {"summary": "noticias", "style": "coplas"}  # the samples that are used unless told otherwise
ENGLISH = "stories"  # to summarise with a model that has no Spanish


class NoPlaceForReport(PoetasError):
    """The file for the figures could not be written after half an hour of work, so the demo does not begin."""

    code = "no-place-for-report"


@dataclass(frozen=True, slots=True)
class Options:
    """model: id. data: the learner's file. name: of its dataset. preset: of the knobs. report: file for the figures."""

    model: str
    data: Path
    name: str
    task: str
    preset: str
    report: Path | None
    accept: bool


def parse(arguments: Sequence[str] | None) -> Options:
    """Read the command line. Raises FileMissing, NoPermission, NoPlaceForReport; SystemExit for an unknown option."""
    told = _parser().parse_args(arguments)
    name = _sample(told.task, told.model) if told.data is None else told.data
    known = {one.name: one.path for one in samples()}
    data = Path(name) if Path(name).exists() else known.get(name, Path(name))
    if not name or not data.exists():  # an empty name is this folder to the system, and a slip to whoever typed it
        raise FileMissing(name)
    if not os.access(data, os.R_OK):
        raise no_permission(name)
    report = Path(told.json) if told.json else None
    if report is not None:
        _check_place(report)
    return Options(
        told.model, data.resolve(), data.stem or "textos", told.task, told.preset, report, told.accept_license
    )


def _sample(task: str, model: str) -> str:
    """Name the sample for a task in a language that the model has; for a model outside the catalogue, Spanish."""
    entries = {entry.id: entry for entry in Catalogue.load()}
    spanish = model not in entries or "es" in entries[model].languages
    return DATA[task] if spanish or task != "summary" else ENGLISH


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="poetas demo", description=_("Hace todo el recorrido sin navegador."))
    parser.add_argument("--model", default=DEFAULT, help=_("modelo (si no, {model})").format(model=DEFAULT))
    parser.add_argument("--data", help=_("tu archivo de textos, o el nombre de una muestra"))
    parser.add_argument(
        "--task", choices=TASKS, default="summary", help=_("resumir (summary) o imitar un estilo (style)")
    )
    presets = ", ".join(PRESETS)
    parser.add_argument(
        "--preset", choices=tuple(PRESETS), default="equilibrado", help=_("perillas: {names}").format(names=presets)
    )
    parser.add_argument("--json", metavar="FILE", help=_("guardar las cifras en este archivo"))
    parser.add_argument("--accept-license", action="store_true", help=_("aceptar la licencia del modelo"))
    return parser


def _check_place(report: Path) -> None:
    folder = report.resolve().parent
    if not folder.is_dir() or report.is_dir() or not os.access(folder, os.W_OK):
        raise NoPlaceForReport(
            _("No voy a poder guardar las cifras en «{path}».").format(path=report),
            why=_("Esa carpeta no existe, o no me dejan escribir ahí."),
            remedy=_("Elegí otro archivo con --json y volvé a empezar."),
        )
