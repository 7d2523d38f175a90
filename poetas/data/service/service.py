"""The preparation service: reads, checks, tokenises, splits and saves datasets in a process of its own, without torch.

Its answers hold sentences, counts and a few shortened rows (`payloads`). Each connection has its own ``session``; any
mutable mapping can be one, so that `Preparation` also works inside a process.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from poetas.data.dataset_schema import SUMMARY
from poetas.data.errors import PathRefused
from poetas.data.health.registry import known_repairs
from poetas.data.pipeline.mapping import ColumnMapping, Task
from poetas.data.pipeline.pipeline import Prepared, prepare
from poetas.data.pipeline.splitting import Split, split
from poetas.data.service import account_payloads, pairs, payloads, session_state, token_payloads
from poetas.data.service.exclusive_call import exclusive, followed
from poetas.data.service.tokenizer_cache import TokenizerCache
from poetas.data.storage import archive
from poetas.data.storage.dataset_spreadsheet import export_spreadsheet
from poetas.data.storage.dataset_store import PreparedDataset, save
from poetas.evaluation.memorisation.passages_shown import texts_of_dataset
from poetas.exam_size import SPLIT_SEED as SEED
from poetas.exam_size import TEST_SHARE, VALIDATION_SHARE
from poetas.util.excerpt import shortened
from poetas.util.files import inside
from poetas.util.resources import folder
from poetas.workspace import Workspace

Session: TypeAlias = MutableMapping[str, Any]
Answer: TypeAlias = dict[str, Any]


class Preparation:
    """The methods of the service, called by the components of app 2.

    roots: folders that may be read and written, besides what a call's own ``roots`` allow; by default the workspace,
    and the samples for reading. models: where tokenizers are found.

    >>> session = {}; service = Preparation()
    >>> path = str(folder("samples") / "coplas" / "coplas.txt")
    >>> service.read(session, path=path)["sentence"], service.map(session, text="texto")["task"]
    ('Leí 132 estrofas', 'style')
    """

    def __init__(self, roots: Sequence[Path | str] = (), models: Path | str | None = None) -> None:
        self._roots = tuple(Path(root) for root in roots)
        self._tokenizers = TokenizerCache(Path(models) if models else None)

    # -- one file, its columns

    def read(
        self, session: Session, *, path: str, hints: Mapping[str, Any] | None = None, roots: Sequence[str] | None = None
    ) -> Answer:
        """Read a file and guess its columns. ``roots``, given by the page's kernel, are remembered for this session.

        Raises PathRefused for a place outside the allowed ones, and what `read_file` raises.
        """
        if roots is not None:
            session["roots"] = tuple(roots)
        file = self._allowed(session, path, reading=True)
        with exclusive(session):
            state = session_state.read_state(file, dict(hints or {}))
            session_state.store(session, state)
            return payloads.reading_payload(state)

    def map(
        self,
        session: Session,
        *,
        text: str,
        summary: str | None = None,
        task: str | None = None,
        repairs: Mapping[str, Any] | None = None,
        written: str = "",
    ) -> Answer:
        """Choose the columns; a task "style" needs no summary. Raises WrongColumn.

        repairs: choices of the health checks; unknown ones are left out. written: file of the learner's own summaries.
        """
        own = self._allowed(session, written) if written else None
        mapping = ColumnMapping(text, None if task == Task.STYLE else summary)
        with exclusive(session):
            known = known_repairs(repairs or {})
            state = session_state.with_columns(session_state.current(session), mapping, known, own)
            session_state.store(session, state)
            return payloads.mapping(*session_state.current_columns(session))

    # -- summaries that the learner writes

    def pair(self, session: Session, *, written: str, index: int = 0, empty: bool = False) -> Answer:
        """A text beside the summary that the learner wrote. empty: the next one that has none. Raises PathRefused."""
        return pairs.pair(session, self._allowed(session, written), index, empty=empty)

    def write_pair(self, session: Session, *, written: str, index: int, summary: str) -> Answer:
        """Store the summary that the learner wrote of a text; what `pair` answers then. Raises PathRefused, OSError."""
        with exclusive(session):
            return pairs.write(session, self._allowed(session, written), index, summary)

    # -- health

    def health(self, session: Session) -> Answer:
        """The findings of the health checks, with the chosen repairs. Raises NothingRead."""
        return self._examined(session, {})

    def repair(self, session: Session, *, code: str, on: bool) -> Answer:
        """Apply or undo the repair of a check; what `health` and `map` answer then. Raises NothingRead."""
        return self._examined(session, {code: on})

    def _examined(self, session: Session, changes: Mapping[str, bool]) -> Answer:
        with exclusive(session):
            state, selected = session_state.current_columns(session)
            repairs = known_repairs({**selected.repairs, **changes})
            session_state.store(session, session_state.examined(state, selected, repairs))
            return payloads.health(*session_state.current_columns(session))

    # -- looking

    def preview(self, session: Session, *, first: int = 0, count: int = payloads.ROWS, as_read: bool = False) -> Answer:
        """Some rows, shortened: the clean ones, or the file's own."""
        table = session_state.table_of(session, as_read=as_read)
        return {"first": first, "total": len(table), "rows": payloads.rows(table, first, count)}

    def row(self, session: Session, *, index: int) -> Answer:
        """One clean row, whole (up to 20,000 characters), and its row in the file, counted from 1."""
        state, selected = session_state.current_columns(session)
        index %= len(selected.table)
        row = {
            name: shortened(str(selected.table[name].iloc[index]), payloads.WHOLE) for name in selected.table.columns
        }
        return {"index": index, "source_row": state.reading.row_number(int(selected.table.index[index])), **row}

    def account(
        self, session: Session, *, first: int = 0, count: int = payloads.ROWS, only: str = "", query: str = ""
    ) -> Answer:
        """What became of each row of the file: counts, and some rows. only: an outcome or a code. query: a text."""
        return account_payloads.account(*session_state.row_account(session), first, count, only, query)

    def account_file(self, session: Session, *, target: str) -> Answer:
        """Write what became of each row as CSV or XLSX. Raises PathRefused."""
        _account, rows = session_state.row_account(session)
        path = account_payloads.write_account(rows, self._allowed(session, target))
        return {"path": str(path), "size": path.stat().st_size}

    # -- tokens

    def tokens(self, session: Session, *, model: str, text: str) -> Answer:  # noqa: ARG002 - each method takes one
        """A text (of the page, up to 20,000 characters) in tokens."""
        return token_payloads.pieces(self._tokenizers.tokenizer(model), text)

    def lengths(self, session: Session, *, model: str) -> Answer:
        """Tokens of every text and of every summary: int64[n] each (no summaries: int64[0])."""
        _state, selected = session_state.current_columns(session)
        summaries = list(selected.table[SUMMARY]) if SUMMARY in selected.table.columns else []
        with followed(session):
            counts = self._tokenizers.tokenizer(model).counts(summaries)
            return {"text": self._tokenizers.lengths(session, model, selected).tokens, "summary": counts}

    def cut(self, session: Session, *, model: str, longest: int, index: int | None = None) -> Answer:
        """What keeping ``longest`` tokens of each text loses, and both sides of one text (else the first one cut)."""
        _state, selected = session_state.current_columns(session)
        lengths = self._tokenizers.lengths(session, model, selected)
        return token_payloads.cut(self._tokenizers.tokenizer(model), lengths, selected.texts, longest, index)

    def windows(self, session: Session, *, model: str, longest: int) -> Answer:
        """Into how many windows of ``longest`` tokens the texts are parted, and the first ones of the longest text."""
        _state, selected = session_state.current_columns(session)
        lengths = self._tokenizers.lengths(session, model, selected)
        return token_payloads.parted(self._tokenizers.tokenizer(model), lengths, selected.texts, longest)

    def beyond(self, session: Session, *, model: str, longest: int) -> Answer:
        """How many summaries name what is cut off from their text at ``longest`` tokens."""
        state, selected = session_state.current_columns(session)
        tokenizer, lengths = self._tokenizers.tokenizer(model), self._tokenizers.lengths(session, model, selected)
        return token_payloads.beyond(tokenizer, lengths, selected.table, longest, state.reading.row_number)

    # -- splitting and saving

    def split(
        self, session: Session, *, validation: float = VALIDATION_SHARE, test: float = TEST_SHARE, seed: int = SEED
    ) -> Answer:
        """Split the texts without saving. Raises TooFewRows, WrongSplit."""
        with exclusive(session):
            return payloads.split(*self._split(session, validation, test, seed))

    def save(
        self,
        session: Session,
        *,
        parent: str,
        name: str,
        validation: float = VALIDATION_SHARE,
        test: float = TEST_SHARE,
        seed: int = SEED,
        longest: int = 0,
        parted: bool = False,
        measured: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Save the dataset in a new folder of ``parent``. longest, parted, measured: see `prepare`.

        Raises PathRefused, TooFewRows, WrongSplit, OSError.
        """
        destination = self._allowed(session, parent)
        with exclusive(session):
            length = {"longest": longest, "parted": parted, "measured": measured}
            prepared = self._prepared(session, validation, test, seed, length)
            steps = [applied.sentence for applied in prepared.applied if applied.changed_rows]
            return payloads.saved(save(prepared, destination, name), steps)

    def export(self, session: Session, *, folder: str, target: str) -> Answer:
        """Write a saved dataset as a ZIP, CSV or XLSX, by the target's suffix. Raises PathRefused, DatasetBroken."""
        dataset = PreparedDataset.open(self._allowed(session, folder))
        path = self._allowed(session, target)
        path = (archive.export_zip if path.suffix == ".zip" else export_spreadsheet)(dataset, path)
        return {"path": str(path), "size": path.stat().st_size}

    def bring(self, session: Session, *, path: str, parent: str) -> Answer:
        """Bring a dataset from a zip. Raises PathRefused, DatasetBroken, and what unsafe zips raise."""
        return payloads.saved(archive.import_zip(self._allowed(session, path), self._allowed(session, parent)))

    def texts(self, session: Session, *, folder: str, part: str, count: int = payloads.EXAMPLES) -> Answer:
        """The first texts of one part of a saved dataset, very long ones cut. Raises PathRefused, DatasetBroken."""
        rows = PreparedDataset.open(self._allowed(session, folder)).rows(part)[: max(0, min(count, payloads.MOST))]
        return {"rows": [{name: shortened(cell, payloads.LONG) for name, cell in row.items()} for row in rows]}

    def shared(self, session: Session, *, folder: str, groups: Sequence[Sequence[str]], **known: Any) -> Answer:
        """What each group of texts shares with a saved dataset's. known: see `texts_of_dataset`. Raises PathRefused."""
        own = texts_of_dataset(self._allowed(session, folder), **known)
        return {"groups": [own.shared_with(group).as_dict() for group in groups]}

    def _split(self, session: Session, validation: float, test: float, seed: int) -> tuple[pd.DataFrame, Split]:
        """The clean texts as they are, and their rows in each part: what `_prepared` would make of them."""
        _state, selected = session_state.current_columns(session)
        plan = session_state.split_plan(selected, validation, test, seed)
        texts = session_state.texts_of(session, selected)
        return selected.table, split(texts, plan, style=selected.mapping.summary is None)

    def _prepared(
        self, session: Session, validation: float, test: float, seed: int, length: Mapping[str, Any]
    ) -> Prepared:
        state, selected = session_state.current_columns(session)
        plan = session_state.split_plan(selected, validation, test, seed)
        clean = (selected.table, selected.applied)
        return prepare(state.reading, selected.mapping, plan, selected.steps, clean=clean, **length)

    def _allowed(self, session: Session, path: str, *, reading: bool = False) -> Path:
        target = Path(path)
        roots = [Path(root) for root in session.get("roots", ())] or list(self._roots) or [Workspace.default().root]
        if reading:
            roots.append(folder("samples"))
        if "\0" in path or not target.is_absolute() or not any(inside(root, target) for root in roots):
            raise PathRefused(target.name)
        return target.resolve()
