"""A prepared dataset as one zip file: to take it elsewhere, and to bring it back safely.

What is imported is Arrow and JSON only. It is unpacked to a folder of its own, looked over, and saved anew: nothing
of the zip itself stays but its texts and its record.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from pathlib import Path

from poetas.data.errors import DatasetBroken
from poetas.data.formats.zip_guard import opened
from poetas.data.limits import DEFAULT, Limits
from poetas.data.splitting import PARTS
from poetas.data.store import RECORD, STAGING, PreparedDataset, save_tables
from poetas.files import private_folder, writing

_MEMBER = re.compile(r"(?:[^/]+/)?(dataset\.json|(?:train|validation|test)/data-\d{5}-of-\d{5}\.arrow)")
_BLOCK = 1 << 20
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
    """Bring a dataset from a zip into ``parent``.

    Raises DatasetBroken, or what `opened` raises of unsafe, protected, broken and enormous zips.
    """
    private_folder(parent)
    staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=parent))
    try:
        _unpack(path, staging, limits)
        try:
            found = PreparedDataset.open(staging)
            parts = {part: found.table(part).to_pandas() for part in PARTS}
        except DatasetBroken as error:  # said of the file that the learner chose, not of our folder
            raise DatasetBroken(path.name, detail=error.explanation.detail) from error
        return save_tables(parts, found.record, parent, str(found.record.get("name") or path.stem)[:120])
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _unpack(path: Path, folder: Path, limits: Limits) -> None:
    """Unpack only what a dataset needs, under names made here."""
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
