"""Reader of Parquet, the tables of Hugging Face and of pandas: the first rows, whatever the file would unpack to."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from poetas.data.errors import FileEmpty, FileProtected, FileTooLarge, FileUnreadable
from poetas.data.formats.base import Hints, LeftOut, RawTable, ReadingNotice
from poetas.data.formats.chat_messages import is_conversation
from poetas.data.formats.parquet_pages import page_sizes
from poetas.data.formats.records import JsonTable
from poetas.data.pipeline.limits import MB, Limits
from poetas.i18n import _, ngettext, number

_BATCH = 1_000
_FOOTER_STRING, _FOOTER_LIST = 10 * MB, 100_000
_LONGEST_FIXED = 64  # bytes of a value of fixed length: a checksum, not a text


def read(path: Path, _hints: Hints, limits: Limits) -> RawTable:
    """Read the first rows. Raises FileEmpty, FileUnreadable, FileProtected, FileTooLarge."""
    with path.open("rb") as source:
        magic = source.read(4)
    if magic == b"PARE":
        raise FileProtected(path.name)
    try:
        with pq.ParquetFile(
            path, thrift_string_size_limit=_FOOTER_STRING, thrift_container_size_limit=_FOOTER_LIST
        ) as file:
            names = _texts(file.schema_arrow)
        with pq.ParquetFile(
            path,
            read_dictionary=names,  # a text that is repeated is there once
            pre_buffer=False,
            thrift_string_size_limit=_FOOTER_STRING,
            thrift_container_size_limit=_FOOTER_LIST,
        ) as file:
            return _read(path, file, limits)
    except (pa.ArrowException, ValueError, KeyError, TypeError, OverflowError, OSError) as error:
        raise FileUnreadable(path.name, detail=f"{type(error).__name__}: {error}") from error


def _texts(schema: pa.Schema) -> list[str]:
    return [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)]


def _read(path: Path, file: pq.ParquetFile, limits: Limits) -> RawTable:
    schema, total = file.schema_arrow, file.metadata.num_rows
    columns = schema.names[: limits.columns]
    if not columns or total <= 0:
        raise FileEmpty(path.name)
    if len(set(columns)) < len(columns):
        raise FileUnreadable(path.name, detail="two columns have the same name")
    groups = _groups(path, file, columns, limits)
    rows, binary = JsonTable(limits), dict.fromkeys(columns, 0)
    remade = not all(_is_text(schema.field(name).type) for name in columns)
    batches = file.iter_batches(_BATCH, row_groups=groups, columns=columns, use_threads=False) if groups else ()
    for batch in batches:
        remade = remade or any(column.null_count for column in batch.columns)
        for row in _rows(batch, binary):
            rows.add(row)
        if rows.objects.full:
            break
    table = rows.raw()
    if table is None:
        raise FileEmpty(path.name)
    notices, left_out = _left(binary)
    return replace(
        table,
        notices=table.notices + notices,
        left_out=table.left_out + left_out,
        left=max(0, total - len(table.rows)),
        wide=max(table.wide, len(schema.names) - len(columns)),
        remade=table.remade or remade,
    )


def _groups(path: Path, file: pq.ParquetFile, columns: list[str], limits: Limits) -> list[int]:
    """The groups of rows that are read: up to the limit of rows, and of what they unpack to."""
    chosen: list[int] = []
    rows = unpacked = values = 0
    for index in range(file.metadata.num_row_groups):
        for size, count, nested in _pages(path, file.metadata.row_group(index), columns):
            unpacked += size
            values += count if nested else 0  # a row may hold millions; of other columns, a batch is held at a time
            if (unpacked > limits.unpacked_bytes or values > limits.cells) and chosen:
                return chosen
            if unpacked > limits.unpacked_bytes:
                raise FileTooLarge(path.name, actual=unpacked, limit=limits.unpacked_bytes, unpacked=True)
            if values > limits.cells:
                why = _("Tiene más de {n} valores: no entran en la memoria todos juntos.")
                raise FileUnreadable(path.name, why=why.format(n=number(limits.cells)))
        chosen.append(index)
        rows += file.metadata.row_group(index).num_rows
        if rows > limits.rows:
            break
    return chosen


def _pages(path: Path, group: pq.RowGroupMetaData, columns: list[str]) -> Iterator[tuple[int, int, bool]]:
    """Bytes and values of each page of some columns, and whether the column is a list or a structure."""
    with path.open("rb") as source:
        for place in range(group.num_columns):
            column = group.column(place)
            name, _dot, inner = column.path_in_schema.partition(".")
            if name in columns or column.path_in_schema in columns:
                start = column.data_page_offset
                if column.dictionary_page_offset is not None:
                    start = min(start, column.dictionary_page_offset)
                for size, count in page_sizes(source, start, column.total_compressed_size):
                    yield size, count, bool(inner)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _rows(batch: pa.RecordBatch, binary: dict[str, int]) -> Iterator[dict[str, Any]]:
    cells = [_cells(column, name, binary) for name, column in zip(batch.schema.names, batch.columns, strict=True)]
    return (dict(zip(batch.schema.names, row, strict=True)) for row in zip(*cells, strict=True))


def _cells(column: pa.Array, name: str, binary: dict[str, int]) -> list[Any]:
    if pa.types.is_dictionary(column.type):
        texts = column.dictionary.to_pylist()
        return ["" if index is None else _cell(texts[index], name, binary) for index in column.indices.to_pylist()]
    if pa.types.is_fixed_size_binary(column.type) and column.type.byte_width > _LONGEST_FIXED:
        binary[name] += len(column) - column.null_count
        return [""] * len(column)
    return [_cell(value, name, binary) for value in column.to_pylist()]


def _cell(value: Any, name: str, binary: dict[str, int]) -> Any:
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            binary[name] += 1
            return ""
    if isinstance(value, list | Mapping):
        return value if is_conversation(value) else json.dumps(value, ensure_ascii=False, default=_plain)
    if isinstance(value, bool):
        return str(value).lower()
    missing = value is None or (isinstance(value, float) and math.isnan(value))
    return "" if missing else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ", timespec="seconds")
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _left(binary: Mapping[str, int]) -> tuple[tuple[ReadingNotice, ...], tuple[LeftOut, ...]]:
    lost = {name: count for name, count in binary.items() if count}
    if not lost:
        return (), ()
    total = sum(lost.values())
    sentence = ngettext(
        "{n} celda no es texto (una imagen, un sonido): la dejé vacía.",
        "{n} celdas no son texto (imágenes, sonidos): las dejé vacías.",
        total,
    ).format(n=number(total))
    places = tuple(LeftOut(_("columna «{name}»").format(name=name), "binary") for name in lost)
    return (ReadingNotice("binary-left", sentence, count=total),), places
