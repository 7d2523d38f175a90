"""Job kinds: the function that runs each, whether it may reach the network, what is left where it ends early."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from poetas.errors import PoetasError
from poetas.i18n import _


class Keeps(Enum):
    """What is left of a job that ends before it is done."""

    NOTHING = "nothing"  # a resumed job begins again
    PARTS = "parts"  # what is done, piece by piece
    CHECKPOINTS = "checkpoints"  # announced by `Saved` events; without one there is nothing to resume from


@dataclass(frozen=True, slots=True)
class JobKind:
    """target: ``module:function``, imported only in the job's process. network: it may connect (it sees no data).

    writes: a model writes many texts; what each batch took is handed back to the system (`with_huge_pages`).
    """

    target: str
    keeps: Keeps = Keeps.NOTHING
    network: bool = False
    writes: bool = False


KINDS: Mapping[str, JobKind] = {
    "fetch": JobKind("poetas.models.fetch_job:run", Keeps.PARTS, network=True),
    "train": JobKind("poetas.training.train_job:run", Keeps.CHECKPOINTS),
    "dry_run": JobKind("poetas.training.dry_run_job:run", Keeps.NOTHING),
    "evaluate": JobKind("poetas.evaluation.evaluate_job:run", Keeps.PARTS, writes=True),
    "memorisation": JobKind("poetas.evaluation.memorisation.memorisation_job:run", Keeps.NOTHING, writes=True),
    "summarise_file": JobKind("poetas.evaluation.file_summaries.file_summaries_job:run", Keeps.PARTS, writes=True),
    "export": JobKind("poetas.export.export_job:run", Keeps.NOTHING),
}


class UnknownKind(PoetasError):
    """A job of a kind that this version has no program for."""

    code = "unknown-kind"


def kind_named(name: str, module: str | None = None) -> JobKind:
    """Return the kind of that name; ``module`` names another module whose ``KINDS`` is looked at as well.

    A job's folder only ever names a kind. Which function that is, is decided here or by the process that starts it.

    >>> kind_named("fetch").network
    True
    """
    table = dict(KINDS)
    if module:
        table.update(importlib.import_module(module).KINDS)
    if name not in table:
        raise UnknownKind(
            _("No sé hacer este trabajo."),
            why=_("La carpeta nombra un tipo de trabajo que esta versión no conoce: {name}.").format(name=name[:40]),
            remedy=_("Si la carpeta es de una versión más nueva, actualizá el programa."),
        )
    return table[name]
