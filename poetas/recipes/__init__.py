"""Recipes: runnable programs that do the essence of a step with Hugging Face libraries; chosen values in, source out.

A recipe is a file in ``snippets/`` that runs as it stands. Its first assignments are what the learner can choose;
`fill` puts the values now chosen in their place, always as Python literals, so that a hostile text stays a string.
Those that read a file read a table; a file in ``snippets/readers/`` takes the place of that for each other format.
Those that open a model know three architectures; only the branches of the chosen one are kept. What the app does
otherwise than a recipe stands in the recipe's docstring.
"""

from __future__ import annotations

from poetas.recipes.filled_program import program
from poetas.recipes.snippet_source import names, readers, source
from poetas.recipes.substitution import choices, fill

__all__ = ["choices", "fill", "names", "program", "readers", "source"]
