"""Command-line options of `poetas demo`, validated before any slow work begins."""

from __future__ import annotations

import argparse
import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from poetas.data.errors import FileMissing
from poetas.data.pipeline.reading import kind_of
from poetas.data.storage.samples import samples
from poetas.errors import PoetasError, no_permission
from poetas.i18n import _
from poetas.models import DEFAULT
from poetas.models.catalogue import Catalogue
from poetas.training.presets import PRESETS
from poetas.util.cli_arguments import ArgumentParser, path

TASKS = ("summary", "style")
DATA = {"summary": "noticias", "style": "coplas"}  # default samples
ENGLISH = "stories"  # to summarise with a model that has no Spanish


class NoPlaceForReport(PoetasError):
    """The file for the figures cannot be written: refused before the work, which takes half an hour."""

    code = "no-place-for-report"


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """model: id. data: the learner's file. name: of its dataset. preset: of the knobs. report: file for the figures."""

    model: str
    data: Path
    name: str
    task: str
    preset: str
    report: Path | None
    accept: bool


def parse(arguments: Sequence[str] | None) -> DemoOptions:
    """Read the command line. Raises DataError, NoPermission, NoPlaceForReport; SystemExit for an unknown option."""
    parsed = _parser().parse_args(arguments)
    data = _data(_sample(parsed.task, parsed.model) if parsed.data is None else parsed.data)
    if parsed.json is not None:
        _check_place(parsed.json)
    return DemoOptions(
        parsed.model, data, data.stem or "textos", parsed.task, parsed.preset, parsed.json, parsed.accept_license
    )


def _data(name: str) -> Path:
    """Find the file or the folder of texts, or the sample of that name. Raises DataError, NoPermission.

    A link goes by its own name, which may be all that tells its format; `.` by that of the folder it stands for.
    """
    if not name.strip():  # an empty path is the current folder to the system, and a typing error here
        raise FileMissing(name)
    data = path(name)
    if not _is_there(data):
        data = {sample.name: sample.path for sample in samples()}.get(name, data)
    if not _is_there(data):
        raise FileMissing(name)
    if not os.access(data, os.R_OK):
        raise no_permission(name)
    if data.is_dir():
        return data.resolve()
    kind_of(data)  # errors that need no reading are raised before a model is downloaded
    return data.absolute()


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        return error.errno != errno.ENAMETOOLONG  # a path that may not be read exists; one with too long a name cannot


def _sample(task: str, model: str) -> str:
    """Name the sample for a task in a language that the model has; for a model outside the catalogue, Spanish."""
    entries = {entry.id: entry for entry in Catalogue.load()}
    spanish = model not in entries or "es" in entries[model].languages
    return DATA[task] if spanish or task != "summary" else ENGLISH


def _parser() -> argparse.ArgumentParser:
    parser = ArgumentParser(prog="poetas demo", description=_("Hace todo el recorrido sin navegador."))
    model = _("modelo (si no, {model})").format(model=DEFAULT)
    parser.add_argument("--model", default=DEFAULT, metavar=_("MODELO"), help=model)
    data = _("tu archivo de textos, o el nombre de una muestra")
    parser.add_argument("--data", metavar=_("ARCHIVO"), help=data)
    parser.add_argument(
        "--task", choices=TASKS, default="summary", help=_("resumir (summary) o imitar un estilo (style)")
    )
    presets = ", ".join(PRESETS)
    parser.add_argument(
        "--preset", choices=tuple(PRESETS), default="equilibrado", help=_("perillas: {names}").format(names=presets)
    )
    figures = _("guardar las cifras en este archivo")
    parser.add_argument("--json", type=path, metavar=_("ARCHIVO"), help=figures)
    parser.add_argument("--accept-license", action="store_true", help=_("aceptar la licencia del modelo"))
    return parser


def _check_place(report: Path) -> None:
    """Refuse what could not be written, and what would be written over though it is no file: a device, a pipe."""
    folder = report.resolve().parent
    special = _is_there(report) and not report.is_file()
    if special or not folder.is_dir() or not os.access(folder, os.W_OK):
        missing = _("Esa carpeta no existe, o no me dejan escribir ahí.")
        raise NoPlaceForReport(
            _("No voy a poder guardar las cifras en «{path}».").format(path=report),
            why=_("Ahí hay algo que no es un archivo.") if special else missing,
            remedy=_("Elegí otro archivo con --json y volvé a empezar."),
        )
