"""Cells of a table: strings of Python that all tables of a file share, changed one by one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

# With Arrow each table that a check makes has its own copy of all texts, and each check makes strings of them again.
CELLS = pd.StringDtype("python", na_value=np.nan)


def map_cells(table: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    """Apply a function to every cell; the table itself where no cell changes.

    >>> table = pd.DataFrame({"text": ["a", "b "]}, dtype="str")
    >>> map_cells(table, str.strip)["text"].tolist(), map_cells(table, str) is table
    (['a', 'b'], True)
    """
    columns: dict[str, pd.Series[str]] = {}
    for name in table.columns:
        changed = {place: after for place, cell in enumerate(table[name]) if (after := change(cell)) != cell}
        if changed:
            columns[str(name)] = table[name].copy()
            columns[str(name)].iloc[list(changed)] = pd.Index(list(changed.values()), dtype=CELLS)
    return table.assign(**columns) if columns else table
