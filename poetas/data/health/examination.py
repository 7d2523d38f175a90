"""Examination of a table: its rows and the chosen repairs in; findings, healthy checks and the repaired table out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from poetas.data.health.base import Evidence, HealthCheck, Light, Repairs, changes
from poetas.data.health.registry import CHECKS, is_on
from poetas.data.health.row_repair import RowRepair, find_repair
from poetas.data.pipeline.steps import NORMALISE, AppliedStep, run_step

_ORDER = {Light.REPAIR: 0, Light.LOOK: 1, Light.HEALTHY: 2}


@dataclass(frozen=True, slots=True)
class Stage:
    """One check of an examination.

    on: whether its repair was applied. applied: its steps, as the record has them. repair: what its step makes of the
    rows, applied or not, where it looks at each row alone.
    """

    check: HealthCheck
    before: pd.DataFrame
    after: pd.DataFrame
    evidence: Evidence
    on: bool
    applied: tuple[AppliedStep, ...]
    repair: RowRepair | None = None

    def as_dict(self) -> dict[str, Any]:
        """The finding, ready for JSON."""
        check, count = self.check, self.evidence.count
        return {
            "code": check.code,
            "light": str(Light.HEALTHY if self.on else check.light),
            "count": count,
            "sentence": check.sentence(count, repaired=self.on),
            "advice": check.advice(),
            "examples": [
                {"row": example.row, "before": example.before, "after": example.after}
                for example in self.evidence.examples
            ],
            "on": self.on,
            "button": "" if check.fixed else check.undo() if self.on else check.button(),
        }


@dataclass(frozen=True, slots=True)
class Examination:
    """The stages of all checks, in the order of their repairs, and what the preparation makes of the table."""

    source: pd.DataFrame
    first: AppliedStep
    stages: tuple[Stage, ...]

    @property
    def table(self) -> pd.DataFrame:
        """The table with the chosen repairs."""
        return self.stages[-1].after

    @property
    def applied(self) -> tuple[AppliedStep, ...]:
        """The steps that made it."""
        return (self.first, *(applied for stage in self.stages for applied in stage.applied))

    @property
    def findings(self) -> list[dict[str, Any]]:
        """What was found, the most urgent first; a repair that is switched changes no place."""
        problems = [stage for stage in self.stages if stage.evidence.count]
        urgent = sorted(problems, key=lambda stage: _ORDER[stage.check.light])
        return [stage.as_dict() for stage in urgent]

    @property
    def healthy(self) -> list[str]:
        """The checks without a finding, in words."""
        return [stage.check.healthy() for stage in self.stages if not stage.evidence.count]


def examine(
    table: pd.DataFrame,
    repairs: Repairs,
    earlier: Examination | None = None,
    *,
    normalised: tuple[pd.DataFrame, AppliedStep] | None = None,
) -> Examination:
    """Run every check, each on what the chosen repairs before it leave.

    earlier: an examination of the same table: its stages before the first changed choice are used again, and after it
    what was found in the rows that are the same. normalised: what the first step made of the table, where it is known.
    """
    if earlier is not None and earlier.source is table:
        current, first = earlier.stages[0].before, earlier.first
        known = {stage.check.code: stage for stage in earlier.stages}
    else:
        current, first = normalised or run_step(table, NORMALISE)
        known = {}
    stages: list[Stage] = []
    for check in _applicable(table):
        stage = known.get(check.code)
        if stage is None or stage.before is not current or stage.on != is_on(check, repairs):
            stage = _examined(check, current, on=is_on(check, repairs), earlier=stage)
        stages.append(stage)
        current = stage.after
    return Examination(table, first, tuple(stages))


def _applicable(table: pd.DataFrame) -> Iterator[HealthCheck]:
    return (check for check in CHECKS if check.applies(table))


def _examined(check: HealthCheck, before: pd.DataFrame, *, on: bool, earlier: Stage | None) -> Stage:
    """Run a check and its repair; the evidence of an earlier stage on the same table is used again."""
    if check.by_row:
        return _examined_by_row(check, before, on=on, earlier=earlier)
    after, applied = before, []
    same = earlier.evidence if earlier is not None and earlier.before is before else None
    if on or (same is None and check.find is None):
        for step in check.steps:
            after, result = run_step(after, step)
            applied.append(result)
    if same is None:
        same = check.find(before) if check.find is not None else changes(before, after)
    if not on or not any(result.changed_rows for result in applied):
        after = before  # the same table: what the checks after this one found holds
    return Stage(check, before, after, same, on, tuple(applied) if on else ())


def _examined_by_row(check: HealthCheck, before: pd.DataFrame, *, on: bool, earlier: Stage | None) -> Stage:
    """Do the same with a check that looks at each row alone: only the rows that an earlier stage did not have."""
    if earlier is not None and earlier.before is before and earlier.repair is not None:
        repair, evidence = earlier.repair, earlier.evidence
    else:
        known = (earlier.before, earlier.repair) if earlier is not None and earlier.repair is not None else None
        repair = find_repair(check.steps[0], before, known)
        evidence = changes(before.loc[repair.touched], repair.changed)
    after, applied = repair.applied(before) if on else (before, None)
    return Stage(check, before, after, evidence, on, () if applied is None else (applied,), repair)
