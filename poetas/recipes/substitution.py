"""Substitution of chosen values in a recipe's first assignments, always as Python literals."""

from __future__ import annotations

import ast
from collections.abc import Mapping


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
    assignments: dict[str, ast.Assign] = {}
    for node in ast.parse(code).body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            try:
                ast.literal_eval(node.value)
            except ValueError:
                continue
            if name.isupper():
                assignments[name] = node
    return assignments
