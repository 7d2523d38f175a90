"""Reader of the Arrow files of an untrusted dataset: tables of strings, never larger in memory than on the disk.

The body of an Arrow message can be compressed, without a declared size: 5 kB may become 1.5 GB. `datasets` never
writes one, so a compressed body is refused before it is decoded; the others are memory-mapped.
"""

from __future__ import annotations

import struct
from pathlib import Path

import pyarrow as pa

from poetas.data.pipeline.pipeline_errors import DatasetBroken

_RECORD_BATCH = 3  # of the union MessageHeader
_HEADER_TYPE, _HEADER = 1, 2  # fields of the table Message
_COMPRESSION = 3  # field of the table RecordBatch


def read_part(folder: Path, part: str, columns: tuple[str, ...]) -> pa.Table:
    """One part of a dataset as a table of strings. Raises DatasetBroken."""
    files = sorted((folder / part).glob("data-*.arrow"))
    if not files or any(file.is_symlink() or not file.is_file() for file in files):
        raise DatasetBroken(folder.name, detail=f"{part}: no data")
    try:
        table = pa.concat_tables([_read_stream(file, columns) for file in files])
        table.validate(full=True)
    except (OSError, ValueError, KeyError, TypeError, StopIteration, struct.error, pa.ArrowException) as error:
        raise DatasetBroken(folder.name, detail=f"{type(error).__name__}: {error}") from error
    return table


def _read_stream(file: Path, columns: tuple[str, ...]) -> pa.Table:
    with pa.memory_map(str(file)) as source:
        messages = pa.ipc.MessageReader.open_stream(source)
        schema = pa.ipc.read_schema(messages.read_next_message())
        fields = {field.name: field.type for field in schema}
        if tuple(fields) != columns or not all(kind in {pa.string(), pa.large_string()} for kind in fields.values()):
            raise ValueError(f"{file.name}: columns are {fields}")
        table = pa.Table.from_batches([_batch(message, schema) for message in messages], schema)
    # The metadata that `datasets` writes is dropped.
    return table.replace_schema_metadata(None).cast(pa.schema([(name, pa.string()) for name in columns]))


def _batch(message: pa.Message, schema: pa.Schema) -> pa.RecordBatch:
    if message.type != "record batch":
        raise ValueError(f"a {message.type} where rows were expected")
    if _is_compressed(message.metadata):
        raise ValueError("a compressed body")
    return pa.ipc.read_record_batch(message, schema)


def _is_compressed(metadata: pa.Buffer) -> bool:
    """Tell whether a record batch declares a compressed body, which pyarrow does not expose.

    Source: Message.fbs and File.fbs of the Arrow format 1.5, encoded as FlatBuffers: a table begins with the distance
    back to its vtable, which holds, after two lengths, the offset of each field or 0. pyarrow has verified all of it
    when it returns a message.
    """
    data = memoryview(metadata)
    root = struct.unpack_from("<I", data, 0)[0]
    kind = _field(data, root, _HEADER_TYPE)
    header = _field(data, root, _HEADER)
    if not kind or not header or data[kind] != _RECORD_BATCH:
        raise ValueError("a message without rows")
    return bool(_field(data, header + struct.unpack_from("<I", data, header)[0], _COMPRESSION))


def _field(data: memoryview, table: int, number: int) -> int:
    """The position of a field of a table, 0 where it is left out."""
    vtable = table - struct.unpack_from("<i", data, table)[0]
    entry = 4 + 2 * number
    if entry >= struct.unpack_from("<H", data, vtable)[0]:
        return 0
    offset: int = struct.unpack_from("<H", data, vtable + entry)[0]
    return table + offset if offset else 0
