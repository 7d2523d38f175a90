"""The program that a learner sees: a recipe's source with the chosen values, reader and architecture."""

from __future__ import annotations

from collections.abc import Mapping

from poetas.recipes.branches import fold
from poetas.recipes.snippet_source import TABLE, source
from poetas.recipes.substitution import fill

ARCHITECTURE = "KIND"  # the constant that says which architecture a recipe is for


def program(name: str, values: Mapping[str, object]) -> str:
    """Return a recipe filled with the chosen values; READER among them says how it reads its file."""
    code = fill(source(name, str(values.get("READER", TABLE))), values)
    return fold(code, ARCHITECTURE, values[ARCHITECTURE]) if ARCHITECTURE in values else code
