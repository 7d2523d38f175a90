"""Export and import of a prepared dataset as one zip file.

Only Arrow and JSON are imported: they are unpacked to a temporary folder, validated, and saved again, so that nothing
of the zip remains but its texts and its record.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from poetas.data.dataset_schema import PARTS, RECORD, TEXT
from poetas.data.formats.zip_guard import opened
from poetas.data.pipeline.limits import DEFAULT, Limits
from poetas.data.pipeline.near_duplicates import cluster
from poetas.data.pipeline.pipeline import fingerprint
from poetas.data.pipeline.pipeline_errors import DatasetBroken, DatasetOfOtherVersion, PartsOverlap
from poetas.data.storage.dataset_names import STAGING
from poetas.data.storage.dataset_store import PreparedDataset, save_tables
from poetas.util.atomic_folder import temporary_folder
from poetas.util.files import private_folder, writing

_MEMBER = re.compile(r"(?:[^/]+/)?(dataset\.json|(?:train|validation|test)/data-\d{5}-of-\d{5}\.arrow)")
_BLOCK = 1 << 20
_LONGEST_NAME = 120
_DATE = (1980, 1, 1, 0, 0, 0)  # the same dataset gives the same zip


def export_zip(dataset: PreparedDataset, target: Path) -> Path:
    """Write a dataset as ``target`` (a zip that `datasets.load_from_disk` understands once unpacked)."""
    name = dataset.folder.name
    files = [dataset.folder / RECORD, dataset.folder / "dataset_dict.json"]
    files += [file for part in PARTS for file in sorted((dataset.folder / part).iterdir()) if file.is_file()]
    private_folder(target.parent)
    with writing(target) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(f"{name}/{file.relative_to(dataset.folder).as_posix()}", _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100600 << 16
            with file.open("rb") as source, archive.open(entry, "w") as member:
                shutil.copyfileobj(source, member, _BLOCK)
    return target


def import_zip(path: Path, parent: Path, *, limits: Limits = DEFAULT) -> PreparedDataset:
    """Import a dataset from a zip into ``parent``, if it matches its record and its splits share no text.

    Raises DatasetBroken, PartsOverlap, or what `opened` raises of unsafe, protected, broken and enormous zips.
    """
    with temporary_folder(parent, STAGING) as folder:
        _unpack(path, folder, limits)
        try:
            dataset = PreparedDataset.open(folder)
            parts = _parts(dataset, limits)
        except DatasetOfOtherVersion as error:
            raise DatasetOfOtherVersion(path.name, error.version, error.known) from error
        except DatasetBroken as error:  # with the name of the learner's file, not of the temporary folder
            raise DatasetBroken(path.name, detail=error.explanation.detail) from error
        _refuse_blank(parts, path.name)
        _refuse_overlap(parts, path.name, twins=dataset.twins)
        return save_tables(parts, dataset.record, parent, _name(dataset.record, path.stem))


def _parts(dataset: PreparedDataset, limits: Limits) -> dict[str, pd.DataFrame]:
    """The texts, if they are within the limit and match the record."""
    if sum(dataset.counts.values()) > limits.rows:
        raise DatasetBroken(dataset.folder.name, detail="more rows than are ever saved")
    parts = {part: dataset.table(part).to_pandas() for part in PARTS}
    if dataset.record.get("fingerprints") != {part: fingerprint(table) for part, table in parts.items()}:
        raise DatasetBroken(dataset.folder.name, detail="the texts are not those of the record")
    return parts


def _refuse_blank(parts: Mapping[str, pd.DataFrame], name: str) -> None:
    """Refuse empty cells: no dataset saved here has one."""
    for part, table in parts.items():
        if (table.fillna("").map(lambda cell: cell.strip()) == "").any(axis=None):
            raise DatasetBroken(name, detail=f"{part}: an empty text")


def _name(record: Mapping[str, object], otherwise: str) -> str:
    name = "".join(letter if letter.isprintable() else " " for letter in str(record.get("name") or otherwise))
    return " ".join(name.split())[:_LONGEST_NAME]


def _refuse_overlap(parts: Mapping[str, pd.DataFrame], name: str, *, twins: bool) -> None:
    """Apply the rule of `splitting` to an imported dataset: near-duplicates are in the same split.

    twins: its record says that they are not, as its exam will: then only equal texts are refused.
    """
    if twins:
        distinct = [set(parts[part][TEXT]) for part in PARTS]
        if shared := sum(map(len, distinct)) - len(set().union(*distinct)):
            raise PartsOverlap(name, shared)
        return
    texts = [text for part in PARTS for text in parts[part][TEXT]]
    where = np.repeat(np.arange(len(PARTS)), [len(parts[part]) for part in PARTS])
    clusters = cluster(texts)
    apart = where[clusters.first] != where[clusters.second]
    if not clusters.complete:  # other pairs may have been compared when it was split: only equal texts count
        apart &= clusters.alike >= 1
    if apart.any():
        raise PartsOverlap(name, len(set(clusters.first[apart].tolist())))


def _unpack(path: Path, folder: Path, limits: Limits) -> None:
    """Unpack only the files of a dataset."""
    with opened(path, limits) as archive:
        for member in archive.infolist():
            match = _MEMBER.fullmatch(member.filename)
            if match is None:
                continue
            target = folder / match[1]
            if target.exists():
                raise DatasetBroken(path.name, detail=f"{match[1]} stands twice in it")
            target.parent.mkdir(exist_ok=True)
            with archive.open(member) as source, target.open("xb") as out:
                shutil.copyfileobj(source, out, _BLOCK)
