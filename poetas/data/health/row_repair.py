"""Repair of single rows by a step of the pipeline; looked for again only in the rows that are new to a table."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from poetas.data.pipeline.steps import SHOWN, AppliedStep, PipelineStep, run_step


@dataclass(frozen=True, slots=True)
class RowRepair:
    """The rows that a step touches. changed: as it leaves them. dropped: their places in the file."""

    step: PipelineStep
    changed: pd.DataFrame
    dropped: pd.Index

    @property
    def touched(self) -> pd.Index:
        """The rows that it changes or drops, in the file's order."""
        return self.changed.index.union(self.dropped)

    def applied(self, table: pd.DataFrame) -> tuple[pd.DataFrame, AppliedStep]:
        """Repair the table in which they were found, as `run_step` does."""
        changed, dropped = tuple(self.changed.index.tolist()), tuple(self.dropped.tolist())
        after = table
        if changed or dropped:
            left = table.drop(index=self.touched)
            order = table.index[~table.index.isin(self.dropped)]
            after = pd.concat([left, self.changed]).loc[order] if changed else left
        return after, AppliedStep(self.step, len(table), len(after), len(changed), dropped[:SHOWN], changed, dropped)


def find_repair(
    step: PipelineStep, table: pd.DataFrame, earlier: tuple[pd.DataFrame, RowRepair] | None = None
) -> RowRepair:
    """Run a step on a table.

    earlier: another table, and what the step made of it: rows that are the same there are not looked at again.
    """
    fresh = table if earlier is None else table[_new_rows(table, earlier[0])]
    after, applied = run_step(fresh, step)
    changed, dropped = after.loc[list(applied.rows_changed)], pd.Index(applied.rows_dropped, dtype=table.index.dtype)
    if earlier is not None:
        same, known = table.index.difference(fresh.index), earlier[1]
        kept = known.changed.loc[known.changed.index.intersection(same)]
        changed = pd.concat([changed, kept]).sort_index() if len(kept) else changed
        dropped = dropped.union(known.dropped.intersection(same))
    return RowRepair(step, changed, dropped)


def _new_rows(table: pd.DataFrame, known: pd.DataFrame) -> pd.Series[bool]:
    """Which rows are not in the other table, or differ there."""
    there = known if known.index.equals(table.index) else known.reindex(table.index)
    return (table != there).any(axis=1) | ~table.index.isin(known.index)
