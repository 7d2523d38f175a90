"""What the recipes of app 2 are filled with: how the learner's file is read, and which columns were chosen."""

from __future__ import annotations

from widgets.draft import Draft

DELIMITED, RUNNING, LINES = {"csv", "tsv", "tab"}, {"txt", "md"}, {"json", "jsonl", "ndjson"}
NO_DELIMITER = "\x1f"  # a character that no text holds: one column


def reading_values(draft: Draft) -> dict[str, object]:
    """Return FILE, ENCODING, DELIMITER and COLUMNS; {} for formats that the recipes do not read."""
    reading = draft.reading
    form = reading.get("format")
    if form not in DELIMITED | RUNNING | LINES:
        return {}
    told: dict[str, object] = {"FILE": draft.source}
    if form not in LINES:
        told["ENCODING"] = reading.get("encoding") or "utf-8"
    if form in DELIMITED:
        told["DELIMITER"] = reading.get("delimiter") or NO_DELIMITER
        told["COLUMNS"] = None if reading.get("header", True) else list(reading["columns"])
    return told


def column_values(draft: Draft) -> dict[str, object]:
    """Return the same and TEXT and SUMMARY, by the names that the recipe's own way of reading gives them."""
    told = reading_values(draft)
    if not told or not draft.mapping:
        return {}
    running = draft.reading.get("format") in RUNNING
    text = "text" if running else draft.mapping.get("text") or ""
    return {**told, "TEXT": text, "SUMMARY": draft.mapping.get("summary")}
