"""``dataset.json``: schema and validation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from poetas.data.dataset_schema import COLUMNS, CUT, FORMAT, PARTS, RECORD, RECORD_BYTES, WINDOWS
from poetas.data.pipeline.pipeline_errors import DatasetBroken, DatasetOfOtherVersion
from poetas.util.files import inside, read_json

_MOST = 10**9  # of any number in it
_LONGEST = 1_000  # characters of a name or a date
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_Check: TypeAlias = Callable[[Any], bool]


def read_record(folder: Path) -> dict[str, Any]:
    """Read and validate the record of a dataset's folder. Raises DatasetBroken, also where a link leads out of it."""
    path = folder / RECORD
    if astray := next((link for link in folder.rglob("*") if link.is_symlink() and not inside(folder, link)), None):
        raise DatasetBroken(folder.name, detail=f"{astray.name} is a link that leads out of its folder")
    try:
        record = read_json(path) if path.stat().st_size <= RECORD_BYTES else None
    except (OSError, ValueError, RecursionError) as error:
        raise DatasetBroken(folder.name, detail=f"{type(error).__name__}: {error}") from error
    if not isinstance(record, dict):
        raise DatasetBroken(folder.name, detail=f"{RECORD} is no record")
    version = record.get("format")
    if type(version) is int and version != FORMAT and 0 <= version <= _MOST:
        raise DatasetOfOtherVersion(folder.name, version, FORMAT)
    for field, valid in _FIELDS.items():
        if (field in record or field in _NEEDED) and not valid(record.get(field)):
            raise DatasetBroken(folder.name, detail=f"{RECORD}: {field} cannot be")
    return record


def _whole(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _MOST


def _name(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST


def _each_part(valid: _Check) -> _Check:
    return lambda value: isinstance(value, dict) and set(value) == set(PARTS) and all(map(valid, value.values()))


def _source(value: Any) -> bool:
    kinds: dict[str, _Check] = {
        **dict.fromkeys(("name", "sha256", "format", "encoding", "delimiter"), _name),
        **dict.fromkeys(("size", "rows"), _whole),
        "header": lambda header: isinstance(header, bool),
        "columns": lambda columns: isinstance(columns, list) and all(map(_name, columns)),
        "hints": lambda hints: isinstance(hints, dict),
    }
    return isinstance(value, dict) and all(valid(value[field]) for field, valid in kinds.items() if field in value)


def _steps(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(step, dict) and _name(step.get("step")) and isinstance(step.get("parameters"), dict)
        for step in value
    )


def _account(value: Any) -> bool:
    return isinstance(value, dict) and all(_whole(value.get(name)) for name in ("rows", "used", "changed", "left_out"))


def _fingerprint(value: Any) -> bool:
    return isinstance(value, str) and bool(_FINGERPRINT.fullmatch(value))


_NEEDED = {"format", "task", "counts"}
_FIELDS: Mapping[str, _Check] = {
    "format": lambda value: type(value) is int and value == FORMAT,
    "task": lambda value: isinstance(value, str) and value in COLUMNS,
    "language": lambda value: isinstance(value, str) and value in {"es", "en", ""},
    "counts": _each_part(_whole),
    "longest": _whole,
    "long_texts": lambda value: isinstance(value, str) and value in {CUT, WINDOWS},
    "measured": lambda value: isinstance(value, dict) and _name(value.get("model")) and _whole(value.get("longest")),
    "fingerprints": _each_part(_fingerprint),
    "source": _source,
    "account": _account,
    "going_on": _each_part(lambda rows: isinstance(rows, list) and all(map(_whole, rows))),
    "steps": _steps,
    **dict.fromkeys(("name", "created", "program"), _name),
}
