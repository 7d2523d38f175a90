"""Acceptance of a model's licence: recorded with its date and the version of the terms."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from poetas.models.catalogue import Catalogue
from poetas.models.entry import ModelEntry
from poetas.models.errors import licence_not_accepted, licence_unknown
from poetas.models.model_store import model_folder, record_of
from poetas.util.file_lock import file_lock
from poetas.util.files import read_json, write_json
from poetas.workspace import Workspace


def accept_licence(workspace: Workspace, model: str) -> None:
    """Write down that the learner accepted a model's licence, in the version that the catalogue or the Hub shows.

    Raises UnknownModel, and LicenceNotAccepted for a typed id whose licence was not shown yet.
    """
    accept_of(workspace, Catalogue.load(workspace).entry_for(model))


def accept_of(workspace: Workspace, entry: ModelEntry) -> None:
    """Write down that the licence of a model, as it is described, was accepted, under a file lock.

    Raises LicenceNotAccepted, and LockTimeout where another page holds the lock.
    """
    if not entry.licence:
        raise licence_unknown(entry.id)
    workspace.settle()
    with file_lock(_path(workspace).with_suffix(".lock")):
        write_json(_path(workspace), {**_all(workspace), entry.id: statement(entry)})


def licence_accepted(workspace: Workspace, model: str) -> bool:
    """Tell whether a model may be fetched and used: no acceptance is needed, or it is recorded.

    A model that is here already was accepted where it was installed (a class server, an image), if that version.
    """
    entry = Catalogue.load(workspace).entry_for(model)
    if not entry.must_accept:
        return True
    return acceptance(workspace, entry) is not None


def acceptance(workspace: Workspace, entry: ModelEntry) -> dict[str, str] | None:
    """Return what was written down when this version of the licence was accepted, or None."""
    mine = _all(workspace).get(entry.id)
    if covers(mine, entry):
        return mine
    record = record_of(model_folder(workspace, entry.id))
    theirs = dict(record.accepted) if record is not None and record.accepted is not None else None
    return theirs if covers(theirs, entry) else None


def statement(entry: ModelEntry) -> dict[str, str]:
    """What is written down: which licence, which version of it, where its text is, when.

    >>> sorted(statement(ModelEntry.from_dict({"id": "casa/mini", "licence": "MIT"})))
    ['date', 'licence', 'url', 'version']
    """
    return {
        "licence": entry.licence,
        "version": entry.licence_version,
        "url": entry.licence_url,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def covers(said: dict[str, str] | None, entry: ModelEntry) -> bool:
    """Tell whether an acceptance is of the licence, and of the version of it, that a model has now."""
    if said is None or not said.get("date") or not entry.licence:
        return False
    return (said.get("licence"), said.get("version")) == (entry.licence, entry.licence_version)


def require(workspace: Workspace, entry: ModelEntry) -> dict[str, str] | None:
    """Return the acceptance that a fetch carries with it, None where none is needed.

    Raises LicenceNotAccepted.
    """
    if entry.parameters == 0 and not entry.licence and entry.must_accept:
        raise licence_unknown(entry.id)
    said = acceptance(workspace, entry)
    if entry.must_accept and said is None:
        raise licence_not_accepted(entry.title, entry.licence, entry.licence_url)
    return said


def _path(workspace: Workspace) -> Path:
    return workspace.root / "licencias.json"


def _all(workspace: Workspace) -> dict[str, dict[str, str]]:
    try:
        licences: Any = read_json(_path(workspace))
    except (OSError, ValueError):
        return {}
    if not isinstance(licences, dict):
        return {}
    said = {str(name): words for name, words in licences.items() if isinstance(words, dict)}
    return {name: words for name, words in said.items() if all(isinstance(word, str) for word in words.values())}
