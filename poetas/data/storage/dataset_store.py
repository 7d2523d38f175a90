"""Prepared datasets on the disk: a `datasets.DatasetDict` with its ``dataset.json``, saved atomically.

They are written with `datasets` and read with Arrow alone: only three files of texts are needed, and nothing else that
an untrusted folder declares (paths, types, code to load) is followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
import pyarrow as pa

from poetas.data.dataset_schema import COLUMNS, PARTS, RECORD, SUMMARY, TEXT, WINDOWS
from poetas.data.pipeline.pipeline_errors import DatasetBroken
from poetas.data.storage.arrow_reader import read_part
from poetas.data.storage.dataset_names import STAGING, folder_name, numbered_name
from poetas.data.storage.dataset_record import read_record
from poetas.util.atomic_folder import publish, temporary_folder
from poetas.util.files import write_json


@dataclass(frozen=True, slots=True)
class PreparedDataset:
    """A prepared dataset in its folder.

    record: the content of ``dataset.json``. Rows are read when asked for.
    """

    folder: Path
    record: dict[str, Any]
    text_column = TEXT
    summary_column = SUMMARY

    @classmethod
    def open(cls, folder: Path | str) -> PreparedDataset:
        """Open a folder and validate it: record, splits, columns, counts. Raises DatasetBroken."""
        folder = Path(folder)
        record = read_record(folder)
        dataset = cls(folder, record)
        for part in PARTS:
            if dataset.table(part).num_rows != record["counts"][part]:
                raise DatasetBroken(folder.name, detail=f"{part}: rows differ from the record")
        return dataset

    @property
    def name(self) -> str:
        """The name that the learner gave it, with a number where several have that name."""
        return numbered_name(str(self.record.get("name") or self.folder.name), self.folder.name)

    @property
    def task(self) -> str:
        """``"summary"`` or ``"style"``."""
        return str(self.record["task"])

    @property
    def counts(self) -> dict[str, int]:
        """Texts in each part: train, validation, test."""
        return {part: int(self.record["counts"][part]) for part in PARTS}

    @property
    def parted(self) -> bool:
        """Whether long texts are studied in windows."""
        return self.task == "style" and self.record.get("long_texts") == WINDOWS

    def going_on(self, part: str) -> frozenset[int]:
        """The rows of one part whose text goes on in another row: it was too long for one, and does not end there."""
        return frozenset((self.record.get("going_on") or {}).get(part, ()))

    @property
    def twins(self) -> bool:
        """Whether near-duplicates are in several splits: an exam with them measures memory."""
        steps = self.record.get("steps") or ()
        return any(step.get("step") == "split" and step.get("twins") is True for step in steps)

    def table(self, part: str) -> pa.Table:
        """One part as an Arrow table of strings. Raises DatasetBroken; KeyError for a part that does not exist."""
        if part not in PARTS:
            raise KeyError(part)
        return read_part(self.folder, part, COLUMNS[self.task])

    def rows(self, part: str) -> list[dict[str, str]]:
        """One part as dictionaries: ``text`` and, for summaries, ``summary``."""
        rows: list[dict[str, str]] = self.table(part).to_pylist()
        return rows


class SplitTables(Protocol):
    """What of a `poetas.data.pipeline.pipeline.Prepared` is saved; the pipeline is not imported to read a dataset."""

    @property
    def parts(self) -> Mapping[str, pd.DataFrame]:
        """A table a split."""

    @property
    def record(self) -> dict[str, Any]:
        """The content of ``dataset.json``."""


def save(prepared: SplitTables, parent: Path, name: str) -> PreparedDataset:
    """Save a prepared dataset as a folder of ``parent`` and return it.

    A name that is taken gets a number: nothing is overwritten. The folder appears whole or not at all.
    Raises OSError (disk full, no permission).
    """
    return save_tables(prepared.parts, prepared.record, parent, name)


def save_tables(
    parts: Mapping[str, pd.DataFrame], record: Mapping[str, Any], parent: Path, name: str
) -> PreparedDataset:
    """Save three tables and their record; see `save`."""
    plain = folder_name(name)
    written = {**record, "name": name.strip() or plain}
    with temporary_folder(parent, STAGING) as folder:
        inner = folder / "conjunto"
        _write(parts, inner)
        write_json(inner / RECORD, written)
        return PreparedDataset(publish(inner, parent, plain), written)


def _write(parts: Mapping[str, pd.DataFrame], folder: Path) -> None:
    from datasets import Dataset, DatasetDict, Features, Value, disable_progress_bars  # noqa: PLC0415 - see above

    disable_progress_bars()
    features = {part: Features({str(name): Value("string") for name in table.columns}) for part, table in parts.items()}
    DatasetDict(
        {
            part: Dataset.from_dict({str(name): list(table[name]) for name in table.columns}, features=features[part])
            for part, table in parts.items()
        }
    ).save_to_disk(str(folder))
