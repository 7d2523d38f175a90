"""Names that a prepared dataset is made of: its splits, columns, tasks and record file. No pandas, no Arrow."""

from __future__ import annotations

from collections.abc import Mapping

PARTS = ("train", "validation", "test")
TEXT, SUMMARY = "text", "summary"
COLUMNS: Mapping[str, tuple[str, ...]] = {"summary": (TEXT, SUMMARY), "style": (TEXT,)}  # of each task
CUT, WINDOWS = "cut", "windows"  # what becomes of texts longer than the longest length
RECORD = "dataset.json"
FORMAT = 1  # version of what is in it
RECORD_BYTES = 5_000_000  # a larger record is none
