"""Values that fill the recipes of the preparation: how the learner's file is read, and which columns were chosen."""

from __future__ import annotations

from widgets.prepare.dataset_draft import DatasetDraft

# Format -> how the recipes read it, see poetas/recipes/snippets/readers.
READERS = {
    **dict.fromkeys(("csv", "tsv", "tab"), "table"),
    **dict.fromkeys(("json", "jsonl", "ndjson"), "lines"),
    **dict.fromkeys(("txt", "md"), "text"),
    **dict.fromkeys(("xlsx", "xlsm", "ods"), "sheet"),
    "docx": "word",
    "pdf": "pdf",
    "zip": "zip",
    "folder": "folder",
}
NAMED = ("texto", "archivo")  # the columns that the recipes make of what has none
NO_DELIMITER = "\x1f"  # a character that no text holds: one column


def reading_values(draft: DatasetDraft) -> dict[str, object]:
    """Return READER, FILE and what that reader is told; {} while there is no file."""
    reading = draft.reading
    if not reading:
        return {}
    reader = _reader(draft)
    told: dict[str, object] = {"READER": reader, "FILE": draft.source}
    columns, header = list(reading["columns"]), bool(reading.get("header", True))
    if reader in {"table", "text", "zip", "folder"}:
        encoding = str(reading.get("encoding") or "utf-8")
        told["ENCODING"] = "utf-8" if " " in encoding else encoding  # the files of a folder may have several
    if reader in {"text", "word", "pdf"}:
        told["DIVISION"] = draft.hints.get("division")
    if reader == "table":
        # The app tidies titles: the program gives the columns the names that the learner sees, whatever the file says.
        told |= {"DELIMITER": reading.get("delimiter") or NO_DELIMITER}
        told |= {"COLUMNS": columns, "HEADER": 0 if header else None}
    if reader in {"sheet", "word_table"}:
        told |= {"SHEET": draft.hints.get("sheet"), "COLUMNS": columns, "HEADER": header}
    return told


def column_values(draft: DatasetDraft) -> dict[str, object]:
    """Return the same and TEXT and SUMMARY, by the names that the recipe's own way of reading gives them."""
    told = reading_values(draft)
    if not told or not draft.mapping:
        return told
    chosen = {"TEXT": draft.mapping.get("text") or "", "SUMMARY": draft.mapping.get("summary")}
    if told["READER"] in {"text", "word", "pdf", "zip", "folder"}:
        names = dict(zip(draft.reading["columns"], NAMED, strict=False))
        chosen = {name: names.get(column, column) for name, column in chosen.items()}
    return {**told, **chosen}


def _reader(draft: DatasetDraft) -> str:
    """How the recipes read a draft's file; a document's table has titles, or other columns than its paragraphs."""
    reading = draft.reading
    reader = READERS.get(str(reading.get("format")), "table")
    if reader == "word" and (reading.get("header") or len(reading["columns"]) > 1):
        return "word_table"
    return reader
