"""Source of the recipes: a recipe's name and a way of reading a file in, the code of ``snippets/`` out."""

from __future__ import annotations

import re
from pathlib import Path

SNIPPETS = Path(__file__).with_name("snippets")
TABLE = "table"  # how a file is read in a recipe as it stands
_OF_TABLES = {"Features", "Value"}  # what only that reader imports
_CHOSEN = re.compile(r"^FILE = .*?^HEADER = [^\n]*\n", re.MULTILINE | re.DOTALL)
_READING = re.compile(r"^# Leer el archivo\n.*?(?=^\n)", re.MULTILINE | re.DOTALL)
_DATASETS = re.compile(r"^from datasets import [^\n]*\n", re.MULTILINE)


def names() -> list[str]:
    """Return the recipes there are."""
    return sorted(path.stem for path in SNIPPETS.glob("*.py"))


def readers() -> list[str]:
    """Return the ways of reading a file that there are."""
    return sorted([TABLE, *(path.stem for path in (SNIPPETS / "readers").glob("*.py"))])


def source(name: str, reader: str = TABLE) -> str:
    """Return a recipe, reading its file in one of `readers`. Raises KeyError for what does not exist."""
    if name not in names():
        raise KeyError(name)
    code = (SNIPPETS / f"{name}.py").read_text("utf-8")
    if reader == TABLE or not _READING.search(code):
        return code
    if reader not in readers():
        raise KeyError(reader)
    return _read_with(code, (SNIPPETS / "readers" / f"{reader}.py").read_text("utf-8"))


def _read_with(code: str, reader: str) -> str:
    """Put a reader's imports, choices and reading in the place of those of a recipe."""
    before, _mark, rest = reader.partition("# Lo que elegiste\n")
    chosen, _mark, reading = rest.partition("\n# Leer el archivo\n")
    imports = before.split("\n\n", 1)[1].rstrip("\n") + "\n"
    kind = "load_dataset" if "load_dataset" in imports else "Dataset"
    ours = _DATASETS.search(code)
    line = ours[0] if ours else ""
    names = line.removeprefix("from datasets import ").strip().replace("load_dataset", kind, 1).split(", ")
    names = sorted(set(names) - _OF_TABLES, key=lambda name: (name.islower(), name))
    imports = _DATASETS.sub(lambda _match: f"from datasets import {', '.join(names)}\n", imports)
    code = code.replace(line, imports, 1)
    code = _CHOSEN.sub(lambda _match: chosen, code, count=1)
    return _READING.sub(lambda _match: f"# Leer el archivo\n{reading}", code, count=1)
