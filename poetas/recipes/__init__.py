"""Recipes: runnable programs that do the essence of a step with Hugging Face libraries; chosen values in, source out.

A recipe is a file in ``snippets/`` that runs as it stands. Its first assignments are what the learner can choose;
`fill` puts the values now chosen in their place, always as Python literals, so that a hostile text stays a string.
Those that read a file read a table; a file in ``snippets/readers/`` takes the place of that for each other format.
Those that open a model know three architectures; only the branches of the chosen one are kept. What the app does
otherwise than a recipe stands in the recipe's docstring.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import Path

from poetas.recipes.branches import fold

SNIPPETS = Path(__file__).with_name("snippets")
ARCHITECTURE = "KIND"  # the constant that says which architecture a recipe is for
TABLE = "table"  # how a file is read in a recipe as it stands
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


def program(name: str, values: Mapping[str, object]) -> str:
    """Return a recipe filled with the chosen values; READER among them says how it reads its file."""
    code = fill(source(name, str(values.get("READER", TABLE))), values)
    return fold(code, ARCHITECTURE, values[ARCHITECTURE]) if ARCHITECTURE in values else code


def choices(code: str) -> dict[str, object]:
    r"""Return what a recipe lets the learner choose: its top-level ``NAME = literal`` assignments in capitals.

    >>> choices('TEXT = "hola"\nprint(TEXT)')
    {'TEXT': 'hola'}
    """
    return {name: ast.literal_eval(node.value) for name, node in _assignments(code).items()}


def fill(code: str, values: Mapping[str, object]) -> str:
    r"""Return a recipe with the chosen values in it; names that the recipe lacks are ignored.

    Raises ValueError for a value that is no plain literal.

    >>> print(fill('TEXT = "hola"  # tu texto\nprint(TEXT)', {"TEXT": 'a"\nimport os'}))
    TEXT = 'a"\nimport os'  # tu texto
    print(TEXT)
    """
    lines = code.splitlines()
    for name, node in reversed(_assignments(code).items()):
        if name not in values:
            continue
        literal = repr(values[name])
        if ast.literal_eval(literal) != values[name]:
            raise ValueError(f"{name}: {type(values[name]).__name__} is no literal")
        value, first, last = node.value, node.value.lineno - 1, (node.value.end_lineno or node.value.lineno) - 1
        # Offsets are in UTF-8 bytes.
        before = lines[first].encode()[: value.col_offset].decode()
        after = lines[last].encode()[value.end_col_offset :].decode()
        lines[first : last + 1] = [before + literal + after]
    return "\n".join(lines)


def _assignments(code: str) -> dict[str, ast.Assign]:
    found: dict[str, ast.Assign] = {}
    for node in ast.parse(code).body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            try:
                ast.literal_eval(node.value)
            except ValueError:
                continue
            if name.isupper():
                found[name] = node
    return found


def _read_with(code: str, reader: str) -> str:
    """Put a reader's imports, choices and reading in the place of those of a recipe."""
    before, _mark, rest = reader.partition("# Lo que elegiste\n")
    chosen, _mark, reading = rest.partition("\n# Leer el archivo\n")
    imports = before.split("\n\n", 1)[1].rstrip("\n") + "\n"
    kind = "load_dataset" if "load_dataset" in imports else "Dataset"
    ours = _DATASETS.search(code)
    line = ours[0] if ours else ""
    names = sorted(line.removeprefix("from datasets import ").strip().replace("load_dataset", kind, 1).split(", "))
    imports = _DATASETS.sub(lambda _found: f"from datasets import {', '.join(names)}\n", imports)
    code = code.replace(line, imports, 1)
    code = _CHOSEN.sub(lambda _found: chosen, code, count=1)
    return _READING.sub(lambda _found: f"# Leer el archivo\n{reading}", code, count=1)
