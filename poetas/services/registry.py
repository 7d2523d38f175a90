"""The kinds of service, one row each: the class that answers, and how its process lives and ends."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass

from poetas.i18n import _
from poetas.services.errors import UnknownService


@dataclass(frozen=True, slots=True)
class ServiceKind:
    """How one service is run.

    target: ``module:Class``, imported only in the service's process. shared: one process for all pages of a workspace
    root (`Service.open` reads it). idle: seconds without any connection after which the process ends, or None. torch:
    it holds torch and a model, so that it has pages of 2 MB (`launch` reads it), and ending it frees memory for a
    training (`Service.retire_all` reads it).
    """

    target: str
    shared: bool
    idle: float | None
    torch: bool = False


SERVICES: Mapping[str, ServiceKind] = {
    "generation": ServiceKind("poetas.generation.handler:Generation", shared=True, idle=600, torch=True),
    "preparation": ServiceKind("poetas.data.service.service:Preparation", shared=False, idle=None),
}


def service_named(name: str, module: str | None = None) -> ServiceKind:
    """Return a row by name; ``module`` names a module with further rows in its ``SERVICES`` (tests).

    >>> service_named("generation").shared
    True
    """
    table = dict(SERVICES)
    if module:
        table.update(importlib.import_module(module).SERVICES)
    if name not in table:
        raise UnknownService(_("No existe el servicio «{name}».").format(name=name[:40]))
    return table[name]
