"""Folder of exported answers: one checked export a learner out, and why each other file is left out."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from os.path import realpath  # where links lead round, Path.resolve raises before Python 3.13
from pathlib import Path
from typing import Any

from poetas.course.answers_check import Rejected, check_answers, same_answers
from poetas.course.question_items import QuestionBank
from poetas.errors import PoetasError
from poetas.i18n import _, number, size
from poetas.util.files import parse_json

LARGEST = 1_000_000  # bytes; the largest export that the program writes has about a tenth of it
MOST_FILES = 5_000


class NoAnswers(PoetasError):
    """The folder of answers cannot be read, or has none."""

    code = "no-answers"


@dataclass(frozen=True, slots=True)
class ExcludedAnswers:
    """A file that is not counted. name: of the file. reason: a sentence without its first capital."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class AnswersFolder:
    """What a folder holds: the checked exports, one a learner, and what was left out, both by file name."""

    answers: tuple[dict[str, Any], ...]
    left_out: tuple[ExcludedAnswers, ...]


@dataclass(frozen=True, slots=True)
class _Export:
    name: str
    content: dict[str, Any]
    digest: str

    @property
    def exported(self) -> datetime:
        return datetime.fromisoformat(self.content["exported"])


def read_answers(
    folder: Path, bank: QuestionBank, *, ignore: Collection[Path] = (), now: datetime | None = None
) -> AnswersFolder:
    """Read a folder; no link is followed, no folder entered, nothing unpacked.

    ignore: files of the folder that are no answers and need not be named, such as the report itself. Raises `NoAnswers`
    where there is no such folder.
    """
    passed_over = {realpath(path) for path in ignore}
    try:
        paths = sorted(path for path in folder.iterdir() if realpath(path) not in passed_over)
    except OSError as error:
        raise NoAnswers(
            _("No pude abrir la carpeta {folder}.").format(folder=folder),
            why=_("No existe, no es una carpeta, o el sistema no deja leerla."),
            remedy=_("Juntá en una carpeta los archivos que te dieron tus alumnos, y escribí su nombre tal cual."),
            detail=str(error),
        ) from error
    exports, left_out = [], []
    for path in paths[:MOST_FILES]:
        try:
            data = _file_bytes(path)
            exports.append(_Export(path.name, _checked(data, bank, now), hashlib.sha256(data).hexdigest()))
        except Rejected as error:
            left_out.append(ExcludedAnswers(path.name, str(error)))
    reason = _("hay más de {n} archivos en la carpeta").format(n=number(MOST_FILES))
    left_out += [ExcludedAnswers(path.name, reason) for path in paths[MOST_FILES:]]
    kept, doubled = _one_each(exports)
    left_out = sorted([*left_out, *doubled], key=lambda file: file.name)
    return AnswersFolder(tuple(export.content for export in kept), tuple(left_out))


def _file_bytes(path: Path) -> bytes:
    """Read an ordinary file of the size that answers have, and nothing else. Raises `Rejected`."""
    if path.is_symlink():
        raise Rejected(_("es un enlace a otro archivo"))
    if path.is_dir():
        raise Rejected(_("es una carpeta, y se leen solamente los archivos sueltos"))
    if path.suffix.lower() != ".json":
        raise Rejected(_("no es un archivo de respuestas: esos terminan en .json"))
    # Opened without waiting (a pipe) and without following what became a link meanwhile.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
        with os.fdopen(handle, "rb") as source:
            facts = os.fstat(handle)
            if not stat.S_ISREG(facts.st_mode):
                raise Rejected(_("no es un archivo común"))
            if facts.st_size > LARGEST:
                raise Rejected(
                    _("pesa {size}, y uno de respuestas no pasa de {most}").format(
                        size=size(facts.st_size), most=size(LARGEST)
                    )
                )
            return source.read(LARGEST + 1)[:LARGEST]
    except OSError as error:
        raise Rejected(_("no se deja leer")) from error


def _checked(data: bytes, bank: QuestionBank, now: datetime | None) -> dict[str, Any]:
    try:
        content = parse_json(data)
    except ValueError as error:
        raise Rejected(_("está roto o cortado, o no es lo que dice su nombre")) from error
    return check_answers(content, bank, now or datetime.now(UTC))


def _one_each(exports: list[_Export]) -> tuple[list[_Export], list[ExcludedAnswers]]:
    """Keep the newest export of each learner, and none of one whose exports contradict each other."""
    learners: dict[str, list[_Export]] = {}
    for export in exports:
        learners.setdefault(export.content["learner"] or export.digest, []).append(export)
    kept: list[_Export] = []
    left_out: list[ExcludedAnswers] = []
    for own in learners.values():
        own.sort(key=lambda export: (export.exported, export.name))
        newest = own[-1]
        others = [export for export in own[:-1] if export.digest != newest.digest]
        if all(_agree(export, newest) for export in others):
            kept.append(newest)
            left_out += [ExcludedAnswers(export.name, _older(export, newest)) for export in own[:-1]]
        else:
            reason = _("hay varios archivos de la misma persona que se contradicen: no se sabe cuál vale")
            left_out += [ExcludedAnswers(export.name, reason) for export in own]
    return sorted(kept, key=lambda export: export.name), left_out


def _agree(older: _Export, newest: _Export) -> bool:
    return older.exported < newest.exported and same_answers(older.content, newest.content)


def _older(export: _Export, newest: _Export) -> str:
    if export.digest == newest.digest:
        return _("es igual a {name}").format(name=newest.name)
    return _("es de la misma persona que {name}, que es más nuevo").format(name=newest.name)
