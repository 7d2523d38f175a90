"""Converted models on disk: path of each folder, its record (``poetas-model.json``), and whether it is whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from poetas.models.entry import ModelEntry
from poetas.models.links import links_outside
from poetas.models.name_errors import impossible_model
from poetas.util.files import read_json, write_json
from poetas.workspace import Workspace

RECORD = "poetas-model.json"
NEEDED = ("config.json", "model.safetensors", "tokenizer.json", RECORD)
# The Hub's own rule for names, so that it is asked about no other: no "--" and no "..", and "--" can then stand for the
# slash in a folder's name; no point or dash at an end, and no ".git".
_PART = r"[A-Za-z0-9](?:[\w.-]{0,94}\w)?"
_ID = re.compile(rf"(?!.*(?:--|\.\.|\.git$)){_PART}(?:/{_PART})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Record:
    """Content of ``poetas-model.json``: the model's description and how it came here.

    source: one line of origin. sha256: of what was downloaded, by file. accepted: when and which version of the
    licence was accepted, or None where none was needed. converted: ISO date and time. notices: files of terms.
    """

    entry: ModelEntry
    source: str
    sha256: Mapping[str, str]
    accepted: Mapping[str, str] | None
    converted: str
    notices: tuple[str, ...] = field(default=())

    def save(self, folder: Path) -> None:
        """Write the record into a model's folder."""
        write_json(
            folder / RECORD,
            {
                **self.entry.as_dict(),
                "source": self.source,
                "sha256": dict(self.sha256),
                "accepted": dict(self.accepted) if self.accepted is not None else None,
                "converted": self.converted,
                "notices": list(self.notices),
            },
            mode=0o644,
        )

    @classmethod
    def read(cls, folder: Path) -> Record:
        """Read a model's record. Raises OSError where there is none, ValueError where it is damaged."""
        value = read_json(folder / RECORD)
        entry = ModelEntry.from_dict(value)
        accepted, notices = value.get("accepted"), value.get("notices", [])
        if not isinstance(notices, list):
            raise ValueError(f"{RECORD}: notices is not a list")  # noqa: TRY004 - a file's content, not a caller's type
        return cls(
            entry=entry,
            source=str(value.get("source", "")),
            sha256=_texts(value.get("sha256", {})),
            accepted=_texts(accepted) if isinstance(accepted, dict) else None,
            converted=str(value.get("converted", "")),
            notices=tuple(str(name) for name in notices),
        )


def _texts(value: Any) -> dict[str, str]:
    return {str(key): str(item) for key, item in value.items()} if isinstance(value, dict) else {}


def folder_name(model: str) -> str:
    """Turn a model's id into its folder's name. Raises UnknownModel for what cannot be an id.

    >>> folder_name("Qwen/Qwen2.5-0.5B-Instruct"), folder_name("smollm2-135m")
    ('Qwen--Qwen2.5-0.5B-Instruct', 'smollm2-135m')
    """
    if not _ID.fullmatch(model):
        raise impossible_model(model)
    return model.replace("/", "--")


def name_in(folder: Path) -> str:
    """Return the id that a converted model's folder is called after, whether it is there or not.

    >>> name_in(Path("/modelos/Qwen--Qwen2.5-0.5B-Instruct"))
    'Qwen/Qwen2.5-0.5B-Instruct'
    """
    return folder.name.replace("--", "/")


def is_id(text: str) -> bool:
    """Tell whether a text has the shape of a model's id.

    >>> is_id("google/mt5-small"), is_id("../etc"), is_id("a b"), is_id("ana/mini.git")
    (True, False, False, False)
    """
    return _ID.fullmatch(text) is not None


def model_folder(workspace: Workspace, model: str) -> Path:
    """Where a converted model is, or will be."""
    return workspace.models / folder_name(model)


def is_ready(workspace: Workspace, model: str) -> bool:
    """Tell whether a model is here, whole, and can be used without the network.

    >>> is_ready(Workspace(Path("/nowhere")), "smollm2-135m")
    False
    """
    return is_whole(model_folder(workspace, model))


def is_whole(folder: Path) -> bool:
    """Tell whether a folder holds every file that a converted model needs, and a record that can be read."""
    return record_of(folder) is not None


def record_of(folder: Path) -> Record | None:
    """Return a whole model's record; None where a file is missing, links elsewhere, or the record is damaged.

    A folder that is a link itself is none of ours: a model is converted into a folder of its own.
    """
    if folder.is_symlink() or not all((folder / name).is_file() for name in NEEDED) or links_outside(folder):
        return None
    try:
        return Record.read(folder)
    except (OSError, ValueError):
        return None


def ready_models(workspace: Workspace) -> list[ModelEntry]:
    """Describe every model that is here, whole, by title; only the folders' records are read."""
    entries = []
    for folder in workspace.models.glob("*"):
        record = None if folder.name.startswith(".") else record_of(folder)
        if record is not None and is_id(record.entry.id) and folder_name(record.entry.id) == folder.name:
            entries.append(record.entry)
    return sorted(entries, key=lambda entry: entry.title.casefold())
