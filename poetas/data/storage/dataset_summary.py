"""Summary of a prepared dataset: its ``dataset.json`` in, name, task, counts and fingerprint out. No Arrow, no pandas.

The fingerprint identifies a dataset wherever its folder is: two folders with the same texts in the same splits, and
the same longest length, have the same one. Trainings are matched to datasets by it, not by path.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poetas.data.dataset_schema import COLUMNS, PARTS, RECORD, RECORD_BYTES, WINDOWS
from poetas.data.storage.dataset_names import numbered_name
from poetas.i18n import _, number
from poetas.util.files import inside, read_json
from poetas.workspace import Project

FINGERPRINT = "fingerprint"  # key of the project's state, beside "dataset"
OTHER_TOKENS = 2  # times the tokens under another tokenizer, at most: of Spanish, SmolLM2 has 1.3 to 1.6 of Gemma's


@dataclass(frozen=True, slots=True)
class DatasetSummary:
    """What the record of a prepared dataset says.

    task: "summary" or "style". counts: texts in each split. longest: tokens kept of each text, 0 for all.
    parted: whether longer ones are studied in windows of that length. measured: tokens of the longest text for the
    model ``measured_by``, 0 where they were not counted. source, source_sha256: name of the file that it was made from,
    and its checksum. fingerprint: 64 hexadecimal digits. Both are "" where the record lacks them.
    """

    folder: Path
    name: str
    task: str
    counts: Mapping[str, int]
    longest: int
    source: str
    fingerprint: str
    parted: bool = False
    measured: int = 0
    measured_by: str = ""
    source_sha256: str = ""

    def started(self, config: Mapping[str, Any]) -> bool:
        """Tell whether a job with this configuration was started with this dataset, which may have been renamed since.

        A job of an earlier version carries no fingerprint: the folder decides.
        """
        if not config.get("fingerprint"):
            return config.get("dataset") == str(self.folder)
        return bool(config["fingerprint"] == self.fingerprint)

    @classmethod
    def read(cls, folder: Path) -> DatasetSummary | None:
        """Read a dataset's record; None where there is none, or none that can be understood."""
        path = folder / RECORD
        try:
            record = read_json(path) if inside(folder, path) and path.stat().st_size <= RECORD_BYTES else {}
            counts = {part: int(record["counts"][part]) for part in PARTS}
            task, name = str(record["task"]), numbered_name(str(record.get("name") or folder.name), folder.name)
            origin = record.get("source") or {}
            longest, source, checksum = (
                int(record.get("longest") or 0),
                str(origin.get("name", "")),
                origin.get("sha256"),
            )
            parted = task == "style" and record.get("long_texts") == WINDOWS
            measured = record.get("measured") or {}
            tokens, model = int(measured.get("longest") or 0), str(measured.get("model") or "")
            fingerprint = fingerprint_of(record) if "fingerprints" in record else ""
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        known = checksum if isinstance(checksum, str) else ""
        summary = cls(folder, name, task, counts, longest, source, fingerprint, parted, tokens, model, known)
        return summary if task in COLUMNS else None

    def promised(self, model: str) -> int:
        """How many tokens of a text app 2 said would be read, 0 where it said nothing.

        Where all fit, as many as the longest text has; twice as many for another model, whose tokens are shorter or
        longer.
        """
        return self.longest or self.measured * (1 if model == self.measured_by else OTHER_TOKENS)

    @property
    def style(self) -> bool:
        """Whether it teaches a style, rather than summarising."""
        return self.task == "style"

    @property
    def sizes(self) -> str:
        """How many texts there are for what, in words."""
        words = _("{train} para estudiar, {validation} de simulacro, {test} de examen")
        return words.format(**{part: number(count) for part, count in self.counts.items()})


def fingerprint_of(record: Mapping[str, Any]) -> str:
    """The fingerprint of a dataset: SHA-256 of its task, its longest length, the digests of its splits, and windows.

    Raises KeyError, TypeError for a record without them.

    >>> record = {"task": "style", "longest": 0, "fingerprints": {"train": "a", "validation": "b", "test": "c"}}
    >>> fingerprint_of(record) == fingerprint_of({**record, "name": "Otro nombre"})
    True
    """
    digests = [str(record["fingerprints"][part]) for part in PARTS]
    windows = [WINDOWS] if record.get("long_texts") == WINDOWS else []  # an earlier version had none
    identity = [str(record["task"]), int(record.get("longest") or 0), *digests, *windows]
    return hashlib.sha256(json.dumps(identity).encode()).hexdigest()


def prepared(project: Project) -> list[DatasetSummary]:
    """The datasets of a project, newest first."""
    summaries = (DatasetSummary.read(folder) for folder in project.prepared())
    return [summary for summary in summaries if summary is not None]


def dataset_of(state: Mapping[str, Any]) -> Path | None:
    """The folder of the dataset in use by a project's state, also where it was renamed; None while there is none.

    Where no folder has the fingerprint that the state names, or it names none, it is the folder of the state.
    """
    folder, fingerprint = state.get("dataset"), state.get(FINGERPRINT)
    if not isinstance(folder, str) or not folder:
        return None
    if not isinstance(fingerprint, str) or not fingerprint:
        return Path(folder)
    return find_dataset(Path(folder), fingerprint) or Path(folder)


def summary_of(state: Mapping[str, Any]) -> DatasetSummary | None:
    """The summary of the dataset in use by a project's state, None while there is none that can be read."""
    folder = dataset_of(state)
    return DatasetSummary.read(folder) if folder is not None else None


def started_with(config: Mapping[str, Any]) -> DatasetSummary | None:
    """The dataset that a job with this configuration was started with, also where it was renamed, or copied.

    None where it is gone, also if another one has its folder by now. A job of an earlier version carries no
    fingerprint: the folder decides.
    """
    folder, fingerprint = Path(str(config.get("dataset") or "")), config.get("fingerprint")
    if fingerprint:
        present = find_dataset(folder, str(fingerprint))
        return DatasetSummary.read(present) if present is not None else None
    return DatasetSummary.read(folder)


def find_dataset(folder: Path, fingerprint: str) -> Path | None:
    """The folder of the dataset with a fingerprint: ``folder``, else one beside it; None where there is none."""
    try:
        siblings = sorted(path for path in folder.parent.iterdir() if not path.name.startswith("."))
    except OSError:
        siblings = []
    for candidate in (folder, *siblings):
        summary = DatasetSummary.read(candidate)
        if summary is not None and summary.fingerprint == fingerprint:
            return candidate
    return None
