"""State of one session of the preparation service: the file that was read, the guessed and the chosen columns."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from poetas.data.dataset_schema import TEXT
from poetas.data.health.base import Repairs
from poetas.data.health.examination import Examination, examine
from poetas.data.health.registry import BY_CODE, is_on, steps_for
from poetas.data.pipeline.mapping import ColumnGuess, ColumnMapping, guess
from poetas.data.pipeline.pipeline import select
from poetas.data.pipeline.pipeline_errors import NothingRead, WrongSplit
from poetas.data.pipeline.reading import Reading, read_file
from poetas.data.pipeline.row_account import AccountRow, RowAccount, account_rows
from poetas.data.pipeline.splitting import SplitPlan
from poetas.data.pipeline.steps import NORMALISE, AppliedStep, PipelineStep, apply, run_step
from poetas.data.pipeline.validation import Finding, check
from poetas.data.storage.written_file import COLUMN
from poetas.data.storage.written_summaries import read_written, with_written

_KEY, _ACCOUNT, _TEXTS = "state", "account", "texts"


@dataclass(frozen=True, slots=True)
class SelectedColumns:
    """The chosen columns, the clean texts in them (index: row of the file), and what cleaning did.

    source: the columns as they were read. normalised: what the first step made of them. repairs: the learner's choices,
    by the codes of the health checks. examination: of the same columns, None until it is asked for.
    """

    mapping: ColumnMapping
    source: pd.DataFrame
    normalised: tuple[pd.DataFrame, AppliedStep]
    table: pd.DataFrame
    findings: tuple[Finding, ...]
    applied: tuple[AppliedStep, ...]
    repairs: Repairs = field(default_factory=dict)
    examination: Examination | None = None

    @property
    def texts(self) -> list[str]:
        """The texts, in order."""
        return list(self.table[TEXT])

    @property
    def allow_twins(self) -> bool:
        """Whether the learner keeps near-duplicates."""
        return not is_on(BY_CODE["near-duplicates"], self.repairs)

    @property
    def steps(self) -> tuple[PipelineStep, ...]:
        """The steps of the preparation with these repairs."""
        return steps_for(self.repairs, summary=self.mapping.summary is not None)


@dataclass(frozen=True, slots=True)
class SessionState:
    """A file, the guess about its columns and, once chosen, the columns. It is replaced, never changed.

    file: the reading without the column of summaries that the learner wrote, None where it has none.
    """

    reading: Reading
    guess: ColumnGuess
    selected: SelectedColumns | None = None
    file: Reading | None = None


def read_state(path: Path, hints: dict[str, Any]) -> SessionState:
    """Read a file. Raises DataError."""
    reading = read_file(path, **hints)
    return SessionState(reading, guess(reading.table))


def with_columns(
    state: SessionState, mapping: ColumnMapping, repairs: Repairs, written: Path | None = None
) -> SessionState:
    """Choose columns and clean their texts. written: where the learner's own summaries are. Raises WrongColumn."""
    state = _with_written(state, mapping, written)
    findings = check(state.reading.table, mapping)
    steps = steps_for(repairs, summary=mapping.summary is not None)
    source = select(state.reading.table, mapping, findings)
    normal, first = run_step(source, NORMALISE)
    table, applied = apply(normal, steps[1:])
    selected = SelectedColumns(mapping, source, (normal, first), table, findings, (first, *applied), repairs)
    return replace(state, selected=selected)


def _with_written(state: SessionState, mapping: ColumnMapping, written: Path | None) -> SessionState:
    """The state with the learner's own summaries as a column, where they are chosen, or without it."""
    file = state.file or state.reading
    if written is None or mapping.summary != COLUMN or COLUMN in file.table.columns or mapping.text not in file.table:
        return replace(state, reading=file, file=None)
    table = with_written(file.table, mapping.text, read_written(written))
    return replace(state, reading=replace(file, table=table), file=file)


def examined(state: SessionState, selected: SelectedColumns, repairs: Repairs) -> SessionState:
    """Run the health checks with these repairs, which become the chosen ones."""
    examination = examine(selected.source, repairs, selected.examination, normalised=selected.normalised)
    fresh = replace(
        selected,
        table=examination.table,
        applied=examination.applied,
        repairs=repairs,
        examination=examination,
    )
    return replace(state, selected=fresh)


def row_account(session: MutableMapping[str, Any]) -> tuple[RowAccount, list[AccountRow]]:
    """What became of the rows of the file, and each of them; made once for a choice of columns and repairs."""
    state, selected = current_columns(session)
    kept, *made = session.get(_ACCOUNT, (None, None, None))
    if kept is not selected:
        account = account_rows(state.reading, selected.source, selected.table, selected.applied)
        made = [account, list(account.rows())]
        session[_ACCOUNT] = (selected, *made)
    return made[0], made[1]


def split_plan(selected: SelectedColumns, validation: float, test: float, seed: int) -> SplitPlan:
    """The plan of a split with these shares. Raises WrongSplit."""
    try:
        return SplitPlan(round(1 - validation - test, 9), validation, test, seed, allow_twins=selected.allow_twins)
    except ValueError as error:
        raise WrongSplit from error


def store(session: MutableMapping[str, Any], state: SessionState) -> None:
    """Make ``state`` the state of a session."""
    session[_KEY] = state


def current(session: MutableMapping[str, Any]) -> SessionState:
    """The state of a session. Raises NothingRead."""
    if _KEY not in session:
        raise NothingRead
    state: SessionState = session[_KEY]
    return state


def texts_of(session: MutableMapping[str, Any], selected: SelectedColumns) -> tuple[str, ...]:
    """The texts, the same objects at each call: comparing 100,000 new ones with the known ones takes 0.2 s."""
    known = session.get(_TEXTS)
    if known is None or known[0] is not selected.table:
        session[_TEXTS] = known = (selected.table, tuple(selected.texts))
    texts: tuple[str, ...] = known[1]
    return texts


def current_columns(session: MutableMapping[str, Any]) -> tuple[SessionState, SelectedColumns]:
    """The state of a session and its columns. Raises NothingRead."""
    state = current(session)
    if state.selected is None:
        raise NothingRead(mapped=True)
    return state, state.selected


def table_of(session: MutableMapping[str, Any], *, as_read: bool) -> pd.DataFrame:
    """The rows of a session: the clean ones, or all of the file. Raises NothingRead."""
    return current(session).reading.table if as_read else current_columns(session)[1].table
