"""Catalogue of models: those of ``catalogue.toml``, those on this machine, and any Hub id."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from poetas.i18n import _
from poetas.models.entry import ModelEntry
from poetas.models.errors import broken_catalogue
from poetas.models.folder_errors import another_model, unnamed_folder
from poetas.models.model_store import folder_name, is_id, model_folder, ready_models, record_of
from poetas.models.name_errors import impossible_model, unlisted_model
from poetas.models.sources import SOURCES
from poetas.models.sources.base import Source
from poetas.models.sources.folder import Folder, check, model_folders
from poetas.models.sources.hub import Hub
from poetas.models.sources.wheels import Wheels
from poetas.util.files import read_json
from poetas.workspace import Workspace

DEFAULT = "gemma3-270m"  # Spanish; its licence asks for a click
DEFAULT_WITHOUT_CLICK = "smollm2-135m"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every model that can be named, in the order in which cards show them.

    >>> catalogue = Catalogue.load(Workspace(Path("/nowhere")))
    >>> catalogue.get("smollm2-135m").licence, catalogue.get("gemma3-270m").must_accept
    ('Apache-2.0', True)
    """

    entries: Mapping[str, ModelEntry]

    @classmethod
    def load(cls, workspace: Workspace | None = None) -> Catalogue:
        """Read the catalogue, what a workspace's folders hold, and what the Hub said about typed ids.

        workspace: whose models are listed too; the user's own unless given. The network is not asked.
        """
        place = workspace or Workspace.default()
        entries = {entry.id: entry for entry in _listed()}
        for entry in _in_model_folders():
            entries.setdefault(entry.id, entry)
        for entry in _described(place):
            entries.setdefault(entry.id, entry)
        for entry in ready_models(place):
            entries.setdefault(entry.id, entry)
        return cls(entries)

    def __iter__(self) -> Iterator[ModelEntry]:
        return iter(self.entries.values())

    def get(self, model: str) -> ModelEntry:
        """Return a model by its id. Raises UnknownModel."""
        try:
            return self.entries[model]
        except KeyError:
            raise unlisted_model(model) from None

    def entry_for(self, text: str) -> ModelEntry:
        """Return the model that a typed text names: an id of ours, ``owner/name`` or its address on the Hub.

        Of one that the Hub was not asked about, only the name is known: its licence, size and parameters are
        empty until `poetas.models.fetch.start_inquiry` has asked. Raises UnknownModel for what cannot be a name.

        >>> catalogue = Catalogue.load(Workspace(Path("/nowhere")))
        >>> entry = catalogue.entry_for(" https://huggingface.co/ana/mi-modelo ")
        >>> entry.id, entry.parameters, entry.must_accept
        ('ana/mi-modelo', 0, True)
        """
        name = text.strip().removesuffix("/")
        for address in ("https://huggingface.co/", "http://huggingface.co/", "huggingface.co/", "hf.co/"):
            name = name.removeprefix(address)
        name = name.split("/tree/")[0].split("/blob/")[0]
        known = self._known(name)
        if known is not None:
            return known
        if not is_id(name):
            raise impossible_model(text.strip())
        if "/" not in name:
            raise unlisted_model(name)
        return bare_entry(name)

    def entry_in(self, folder: Path, model: str | None = None) -> ModelEntry:
        """Return the model that a folder of this machine holds; the command line names one, pages cannot.

        model: its name; None: the one in the folder's record, or the folder's own. What the catalogue knows of a model
        by that name holds for it: the licence, and the checksum. Raises NoModelInFolder, UnknownModel.
        """
        check(folder)
        entry = entry_for_folder(folder, model)
        known = None if _recorded(folder) is not None else self._known(entry.id)
        if known is None:
            return entry
        pinned = next((source.sha256 for source in known.sources if isinstance(source, Folder)), "")
        return replace(known, sources=(Folder(path=str(folder.resolve()), sha256=pinned),), download_size=0)

    def _known(self, name: str) -> ModelEntry | None:
        if name in self.entries:
            return self.entries[name]
        return next((entry for model, entry in self.entries.items() if model.casefold() == name.casefold()), None)


def bare_entry(model: str) -> ModelEntry:
    """Describe a model of the Hub of which only the name is known; it may not be fetched before the Hub is asked."""
    value = {"id": model, "must_accept": True, "licence_url": f"https://huggingface.co/{model}"}
    return ModelEntry.from_dict(value, sources=_with_local_folder(model, (Hub(repo=model),)))


def entry_for_folder(path: Path, model: str | None = None) -> ModelEntry:
    """Describe the model in a folder by itself: under its record's name, or the given one, or the folder's.

    Raises UnknownModel where the given name cannot be an id, NoModelInFolder where the folder's name cannot, or where
    the record names another model.
    """
    path = path.resolve()
    if model is not None and not is_id(model):
        raise impossible_model(model)
    source, entry = Folder(path=str(path)), _recorded(path)
    if entry is not None:
        if model is not None and model.casefold() != entry.id.casefold():
            raise another_model(path, model, entry.id)
        return replace(entry, sources=(source,))
    name = path.name.replace("--", "/") if model is None else model
    if not is_id(name):
        raise unnamed_folder(path)
    return ModelEntry.from_dict({"id": name, "summary": _("Un modelo de tus carpetas.")}, sources=(source,))


def _recorded(folder: Path) -> ModelEntry | None:
    """Return the entry in a converted model's own record, or None."""
    record = record_of(folder)
    return record.entry if record is not None and is_id(record.entry.id) else None


def description_path(workspace: Workspace, model: str) -> Path:
    """Where the Hub's answer about a typed id is kept."""
    return workspace.models / ".fichas" / f"{folder_name(model)}.json"


def _described(workspace: Workspace) -> Iterator[ModelEntry]:
    for path in sorted((workspace.models / ".fichas").glob("*.json")):
        try:
            entry = ModelEntry.from_dict(read_json(path))
        except (OSError, ValueError):
            continue
        if is_id(entry.id) and path == description_path(workspace, entry.id):
            shown = Hub(repo=entry.id, revision=entry.licence_version)  # the revision whose licence was shown
            yield replace(entry, sources=_with_local_folder(entry.id, (shown,)))


def _in_model_folders() -> Iterator[ModelEntry]:
    for root in model_folders():
        for folder in sorted(root.iterdir()):
            name = folder.name.replace("--", "/")
            if is_id(name) and Folder(path=str(folder)).find() is not None:
                # By its own name, wherever a link leads; a converted model goes by that of its record.
                yield entry_for_folder(folder, None if _recorded(folder) is not None else name)


@lru_cache(maxsize=4)
def _tables(path: Path) -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads(path.read_text("utf-8"))["model"])


def _listed() -> Iterator[ModelEntry]:
    """Yield what the shipped catalogue lists, and then what an own one lists: `POETAS_CATALOGUE`, a file like ours.

    Raises BrokenCatalogue for an own one that cannot be read.
    """
    yield from _entries(Path(__file__).with_name("catalogue.toml"))
    own = os.environ.get("POETAS_CATALOGUE", "").strip()
    if own:
        try:
            yield from list(_entries(Path(own).expanduser().resolve()))
        except (OSError, LookupError, TypeError, ValueError, AttributeError) as error:
            raise broken_catalogue(own, f"{type(error).__name__}: {error}") from error


def _entries(path: Path) -> Iterator[ModelEntry]:
    for table in _tables(path):
        declared = (SOURCES[source["kind"]].parse(source) for source in table["source"])
        translated = {"title": _(table["title"]), "summary": _(table["summary"])}
        yield ModelEntry.from_dict({**table, **translated}, sources=_with_local_folder(table["id"], tuple(declared)))


def _with_local_folder(model: str, declared: tuple[Source, ...]) -> tuple[Source, ...]:
    """Put the local folder before what was declared, and everything in the order of the table of kinds."""
    pinned = next((source.sha256 for source in declared if isinstance(source, Wheels)), "")
    order = list(SOURCES)
    local = Folder(name=folder_name(model), sha256=pinned)
    return tuple(sorted((local, *declared), key=lambda source: order.index(source.kind)))


__all__ = [
    "DEFAULT",
    "DEFAULT_WITHOUT_CLICK",
    "Catalogue",
    "bare_entry",
    "description_path",
    "entry_for_folder",
    "model_folder",
]
