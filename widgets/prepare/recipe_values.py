"""Recipe values of the preparation: how the learner's file is read, and which columns were chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.data.storage.written_file import COLUMN
from widgets.prepare.dataset_draft import DatasetDraft

# Format -> how the recipes read it, see poetas/recipes/snippets/readers.
READERS = {
    **dict.fromkeys(("csv", "tsv", "tab"), "table"),
    **dict.fromkeys(("json", "jsonl", "ndjson"), "lines"),
    **dict.fromkeys(
        ("txt", "md", "docx", "odt", "rtf", "epub", "html", "htm", "xhtml", "pdf", "srt", "vtt", "zip", "folder"),
        "texts",
    ),
    **dict.fromkeys(("xlsx", "xlsm", "xls", "ods"), "texts"),
    "parquet": "parquet",
}
UNLIKE_A_TABLE = {
    "quotes-open",
    "rows-long",
    "apostrophes",
    "cells-joined",
    "rows-joined",
    "rows-below",
}  # notices about a CSV that pandas would read otherwise
UNDECODED = {"encodings-mixed", "letters-lost"}  # notices about a file that `load_dataset` refuses to decode
NO_DELIMITER = "\x1f"  # a character that no text holds: one column


def reading_values(draft: DatasetDraft) -> dict[str, object]:
    """Return READER, FILE and that reader's settings; {} while there is no file."""
    reading = draft.reading
    if not reading:
        return {}
    reader = _reader(draft)
    values: dict[str, object] = {"READER": reader, "FILE": draft.source}
    columns = list(reading["columns"])
    if reader == "texts":  # the program calls the function that the app read the file with
        values["HINTS"] = _hints(draft)
    if reader == "table":
        # The app cleans column names: the program uses the names that the learner sees instead of the file's.
        values |= {"ENCODING": str(reading.get("encoding") or "utf-8")}
        values |= {"DELIMITER": reading.get("delimiter") or NO_DELIMITER}
        header = int(reading.get("header_index", 0))
        values |= {"COLUMNS": _all_columns(columns, reading), "HEADER": None if header < 0 else header}
    return values


def _hints(draft: DatasetDraft) -> dict[str, Any]:
    """Return what makes `poetas` read the file as the page did."""
    detected = {name: draft.reading[name] for name in ("division", "sheet") if draft.reading.get(name)}
    return {**draft.hints, **detected}


def _all_columns(columns: list[str], reading: Mapping[str, Any]) -> list[str]:
    """Return the names in the order of the file, with one for each column that the app leaves out for being empty."""
    positions = reading.get("positions") or range(len(columns))
    names = dict(zip(positions, columns, strict=False))
    return [names.get(place, f"vacía {place + 1}") for place in range(max(names, default=-1) + 1)]


def column_values(draft: DatasetDraft) -> dict[str, object]:
    """Return the reading values with TEXT and SUMMARY, the columns' names as the recipe's reader makes them."""
    values = reading_values(draft)
    if not values or not draft.mapping:
        return values
    chosen = {"TEXT": draft.mapping.get("text") or "", "SUMMARY": draft.mapping.get("summary")}
    if draft.mapping.get("summary") == COLUMN and COLUMN not in draft.reading["columns"]:
        written = {"WRITTEN": draft.written, "BESIDE": chosen["TEXT"]}
        values = {"READER": "written", "FILE": draft.source, "HINTS": _hints(draft), **written}
    return {**values, **chosen}


def _reader(draft: DatasetDraft) -> str:
    """Return the recipes' reader of a draft's file: `poetas` itself where a plain loader would give other rows."""
    reading = draft.reading
    reader = READERS.get(str(reading.get("format")), "table")
    notices = set(reading.get("notice_codes", ()))
    if reading.get("remade") or (reader == "table" and (UNLIKE_A_TABLE | UNDECODED) & notices):
        return "texts"
    if reader == "lines" and (UNDECODED & notices or (reading.get("encoding") or "UTF-8") != "UTF-8"):
        return "texts"  # JSON is read as UTF-8 alone
    return reader
