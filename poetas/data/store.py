"""Prepared datasets on the disk: a `datasets.DatasetDict` and its ``dataset.json``, whole or not at all.

They are written with `datasets` and read with Arrow alone: reading needs no more than three files of texts, and what
a folder from somewhere else says about itself (paths, types, code to load) is not followed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from poetas.data.errors import DatasetBroken
from poetas.data.preparing import FORMAT, SUMMARY, TEXT, Prepared
from poetas.data.splitting import PARTS
from poetas.files import private_folder, read_json, safe_name, sync_folder, write_json

if TYPE_CHECKING:
    from datasets import DatasetDict

RECORD = "dataset.json"
COLUMNS: Mapping[str, tuple[str, ...]] = {"summary": (TEXT, SUMMARY), "style": (TEXT,)}
STAGING = ".guardando-"
_STALE = 24 * 3600.0  # seconds after which what a killed process was writing is swept away
_LARGEST_RECORD = 5_000_000
_MOST_NAMES = 1_000


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
        """Open a folder and look it over: record, three parts, columns, counts. Raises DatasetBroken."""
        folder = Path(folder)
        record = _record(folder)
        dataset = cls(folder, record)
        for part in PARTS:
            if dataset.table(part).num_rows != record["counts"][part]:
                raise DatasetBroken(folder.name, detail=f"{part}: rows differ from the record")
        return dataset

    @property
    def name(self) -> str:
        """The name that the learner gave it."""
        return str(self.record.get("name") or self.folder.name)

    @property
    def task(self) -> str:
        """``"summary"`` or ``"style"``."""
        return str(self.record["task"])

    @property
    def counts(self) -> dict[str, int]:
        """Texts in each part: train, validation, test."""
        return {part: int(self.record["counts"][part]) for part in PARTS}

    def table(self, part: str) -> pa.Table:
        """One part as an Arrow table of strings. Raises DatasetBroken; KeyError for a part that does not exist."""
        if part not in PARTS:
            raise KeyError(part)
        return _read_part(self.folder, part, COLUMNS[self.task])

    def rows(self, part: str) -> list[dict[str, str]]:
        """One part as dictionaries: ``text`` and, for summaries, ``summary``."""
        rows: list[dict[str, str]] = self.table(part).to_pylist()
        return rows

    def to_datasets(self) -> DatasetDict:
        """The same as a `datasets.DatasetDict`, for Hugging Face's libraries."""
        from datasets import Dataset, DatasetDict  # noqa: PLC0415 - 0.8 s that reading does not need

        return DatasetDict({part: Dataset(self.table(part)) for part in PARTS})


def _record(folder: Path) -> dict[str, Any]:
    path = folder / RECORD
    try:
        record = read_json(path) if path.stat().st_size <= _LARGEST_RECORD else {}
        good = record["format"] == FORMAT and record["task"] in COLUMNS
        good &= all(type(record["counts"][part]) is int and record["counts"][part] >= 0 for part in PARTS)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DatasetBroken(folder.name, detail=f"{type(error).__name__}: {error}") from error
    if not good:
        raise DatasetBroken(folder.name, detail=f"{RECORD} describes no prepared dataset")
    return dict(record)


def _read_part(folder: Path, part: str, columns: tuple[str, ...]) -> pa.Table:
    files = sorted((folder / part).glob("data-*.arrow"))
    if not files or any(file.is_symlink() or not file.is_file() for file in files):
        raise DatasetBroken(folder.name, detail=f"{part}: no data")
    try:
        table = pa.concat_tables([_read_stream(file, columns) for file in files])
        table.validate(full=True)
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise DatasetBroken(folder.name, detail=f"{type(error).__name__}: {error}") from error
    return table


def _read_stream(file: Path, columns: tuple[str, ...]) -> pa.Table:
    with pa.memory_map(str(file)) as source, pa.ipc.open_stream(source) as stream:
        fields = {field.name: field.type for field in stream.schema}
        if tuple(fields) != columns or not all(kind in {pa.string(), pa.large_string()} for kind in fields.values()):
            raise ValueError(f"{file.name}: columns are {fields}")
        table = stream.read_all()
    # What `datasets` writes beside the columns is about itself; only the texts matter here.
    return table.replace_schema_metadata(None).cast(pa.schema([(name, pa.string()) for name in columns]))


def save(prepared: Prepared, parent: Path, name: str) -> PreparedDataset:
    """Save a prepared dataset as a folder of ``parent`` and return it.

    A name that is taken gets a number: nothing is overwritten. The folder appears whole, with a rename, or not at
    all. Raises OSError (disk full, no permission).
    """
    return save_tables(prepared.parts, prepared.record, parent, name)


def save_tables(
    parts: Mapping[str, pd.DataFrame], record: Mapping[str, Any], parent: Path, name: str
) -> PreparedDataset:
    """Save three tables and their record; see `save`."""
    private_folder(parent)
    _sweep(parent)
    staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=parent))
    try:
        inner = staging / "conjunto"
        _write(parts, inner)
        plain = safe_name(name or "conjunto", fallback="conjunto")
        written = {**record, "name": name.strip() or plain}
        write_json(inner / RECORD, written)
        _settle(inner)
        folder = _move(inner, parent, plain)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return PreparedDataset(folder, written)


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


def _settle(folder: Path) -> None:
    """Make everything private and durable before it gets its name."""
    for top, folders, files in os.walk(folder):
        for file in files:
            path = Path(top) / file
            path.chmod(0o600)
            with path.open("rb+") as handle:
                os.fsync(handle.fileno())
        for inner in folders:
            (Path(top) / inner).chmod(0o700)
        sync_folder(Path(top))
    folder.chmod(0o700)


def _move(inner: Path, parent: Path, name: str) -> Path:
    for count in range(1, _MOST_NAMES):
        target = parent / (name if count == 1 else f"{name}-{count}")
        if target.exists() or target.is_symlink():
            continue
        try:
            inner.rename(target)  # refused if another process made a folder of that name, with something in it, by now
        except (FileExistsError, NotADirectoryError):
            continue
        except OSError:
            if target.exists():
                continue
            raise
        sync_folder(parent)
        return target
    raise FileExistsError(f"{name}: all names are taken")


def _sweep(parent: Path) -> None:
    for left in parent.glob(f"{STAGING}*"):
        with suppress(OSError):
            if not left.is_symlink() and time.time() - left.stat().st_mtime > _STALE:
                shutil.rmtree(left, ignore_errors=True)
