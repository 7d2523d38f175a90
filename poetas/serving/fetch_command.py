"""`poetas fetch`: download a model from a terminal; licence and size are printed first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from poetas.i18n import _, size
from poetas.models import (
    Catalogue,
    LicenceNotAccepted,
    ModelEntry,
    is_ready,
    start_fetch,
    start_inquiry,
)
from poetas.models.licences import accept_of
from poetas.serving.terminal import follow, say, tell
from poetas.workspace import Workspace


def fetch(model: str | None, *, accept: bool, quiet: bool = False, source: Path | None = None) -> int:
    """Bring a model and make it ready, following its job on one line; return the exit code.

    model: an id of the catalogue or of the Hub. source: the model's folder on this machine instead of a download; the
    model then goes by ``model`` or, without it, by the folder's name. quiet: say nothing when it is there already.
    """
    workspace = Workspace.default()
    catalogue = Catalogue.load(workspace)
    entry = catalogue.entry_for(model or "") if source is None else catalogue.entry_in(source, model)
    if is_ready(workspace, entry.id):
        if not quiet:
            say(_("{model} ya está listo.").format(model=entry.id))
        return 0
    if source is None:
        if not entry.licence:  # an id of the Hub without a known card
            if code := follow(start_inquiry(workspace, entry.id)):
                return code
            entry = Catalogue.load(workspace).entry_for(entry.id)
        say(_describe(entry))
    if accept and entry.must_accept:
        accept_of(workspace, entry)
    try:
        job = start_fetch(workspace, entry.id, folder=source)
    except LicenceNotAccepted as error:
        remedy = _("Leela en {url} y, si estás de acuerdo, repetí la orden con --accept-license.")
        return tell(replace(error.explanation, remedy=remedy.format(url=entry.licence_url)))
    if code := follow(job):
        return code
    say(_("{model} está listo.").format(model=entry.id))
    return 0


def _describe(entry: ModelEntry) -> str:
    known = size(entry.download_size) if entry.download_size else _("tamaño desconocido")
    return _("{title}: {size}, licencia {licence}").format(title=entry.title, size=known, licence=entry.licence)
