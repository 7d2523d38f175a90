"""The program that a learner sees: a recipe's source with the chosen values, reader and architecture."""

from __future__ import annotations

from collections.abc import Mapping

from poetas.recipes.branches import fold
from poetas.recipes.snippet_source import TABLE, source
from poetas.recipes.substitution import fill

# The constants whose branches are decided: which architecture a recipe is for, what becomes of long texts.
DECIDED = ("KIND", "LONG_TEXTS")


def program(name: str, values: Mapping[str, object]) -> str:
    """Return a recipe filled with the chosen values; READER among them says how it reads its file."""
    code = fill(source(name, str(values.get("READER", TABLE))), values)
    for constant in DECIDED:
        code = fold(code, constant, values[constant]) if constant in values else code
    return code
