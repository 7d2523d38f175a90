"""The preparation service: reads, checks, tokenises, splits and saves in a process of its own, without torch.

The page gets sentences, counts and a few shortened rows (`views`). Each connection has its own state in ``session``;
any mutable mapping will do for one, so that everything here can be used without a service, too.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from poetas.data.dataset_schema import SUMMARY
from poetas.data.errors import PathRefused
from poetas.data.pipeline.mapping import ColumnMapping, Task
from poetas.data.pipeline.pipeline import Prepared, prepare
from poetas.data.pipeline.pipeline_errors import WrongSplit
from poetas.data.pipeline.splitting import SEED, SplitPlan
from poetas.data.service import payloads, session_state, token_payloads
from poetas.data.service.tokenizer_cache import TokenizerCache
from poetas.data.storage import archive
from poetas.data.storage.dataset_store import PreparedDataset, save
from poetas.util.excerpt import shortened
from poetas.util.files import inside
from poetas.util.resources import folder
from poetas.workspace import Workspace

Session: TypeAlias = MutableMapping[str, Any]
Answer: TypeAlias = dict[str, Any]


class Preparation:
    """Answers the components of app 2.

    roots: folders that may be read and written, besides what a call's own ``roots`` allow; by default the workspace,
    and the samples for reading. models: where tokenizers are found.

    >>> session = {}; service = Preparation()
    >>> path = str(folder("samples") / "coplas" / "coplas.txt")
    >>> service.read(session, path=path)["sentence"], service.map(session, text="texto")["task"]
    ('Leí 132 estrofas, en UTF-8', 'style')
    """

    def __init__(self, roots: Sequence[Path | str] = (), models: Path | str | None = None) -> None:
        self._roots = tuple(Path(root) for root in roots)
        self._shelf = TokenizerCache(Path(models) if models else None)

    # -- one file, its columns

    def read(
        self, session: Session, *, path: str, hints: Mapping[str, Any] | None = None, roots: Sequence[str] | None = None
    ) -> Answer:
        """Read a file and guess its columns. ``roots``, given by the page's kernel, are remembered for this session.

        Raises PathRefused for a place outside the allowed ones, and what `read_file` raises.
        """
        if roots is not None:
            session["roots"] = tuple(roots)
        spot = self._allowed(session, path, reading=True)
        with _turn(session):
            work = session_state.begin(spot, dict(hints or {}))
            session_state.put(session, work)
            return payloads.reading(work)

    def guess(self, session: Session) -> Answer:
        """Say again what was guessed about the columns."""
        return payloads.guessed(session_state.present(session))

    def map(self, session: Session, *, text: str, summary: str | None = None, task: str | None = None) -> Answer:
        """Choose the columns; a task "style" needs no summary. Raises WrongColumn."""
        mapping = ColumnMapping(text, None if task == Task.STYLE else summary)
        with _turn(session):
            work = session_state.choose(session_state.present(session), mapping)
            session_state.put(session, work)
            return payloads.mapping(*session_state.mapped(session))

    def undo(self, session: Session) -> Answer:
        """Go back by one file or one choice of columns, and say what stands now."""
        with _turn(session):
            undone = session_state.go_back(session)
            work = session_state.present(session)
            found = payloads.mapping(work, work.mapped) if work.mapped else None
            return {"undone": undone, "reading": payloads.reading(work), "mapped": found}

    # -- looking

    def preview(self, session: Session, *, first: int = 0, count: int = payloads.ROWS) -> Answer:
        """Some clean rows, shortened."""
        _work, chosen = session_state.mapped(session)
        return {"first": first, "total": len(chosen.table), "rows": payloads.rows(chosen, first, count)}

    def row(self, session: Session, *, index: int) -> Answer:
        """One clean row, whole (up to 20,000 characters), and its place in the file, counted from 1."""
        _work, chosen = session_state.mapped(session)
        place = index % len(chosen.table)
        row = {name: shortened(str(chosen.table[name].iloc[place]), payloads.WHOLE) for name in chosen.table.columns}
        return {"index": place, "source_row": int(chosen.table.index[place]) + 1, **row}

    # -- tokens

    def tokens(self, session: Session, *, model: str, text: str) -> Answer:  # noqa: ARG002 - each method takes one
        """A text (of the page, up to 20,000 characters) in tokens."""
        return token_payloads.pieces(self._shelf.tokenizer(model), text)

    def lengths(self, session: Session, *, model: str) -> Answer:
        """Tokens of every text and of every summary: int64[n] each (no summaries: int64[0])."""
        _work, chosen = session_state.mapped(session)
        summaries = list(chosen.table[SUMMARY]) if SUMMARY in chosen.table.columns else []
        counted = self._shelf.tokenizer(model).counts(summaries) if summaries else np.zeros(0, dtype=np.int64)
        return {"text": self._shelf.lengths(session, model, chosen).tokens, "summary": counted}

    def cut(self, session: Session, *, model: str, longest: int, index: int | None = None) -> Answer:
        """What keeping ``longest`` tokens of each text loses, and the X-ray of one text (else of the first one cut)."""
        _work, chosen = session_state.mapped(session)
        measured = self._shelf.lengths(session, model, chosen)
        return token_payloads.cut(self._shelf.tokenizer(model), measured, chosen.texts, longest, index)

    # -- splitting and saving

    def split(self, session: Session, *, validation: float = 0.1, test: float = 0.25, seed: int = SEED) -> Answer:
        """Deal the texts to the three parts without saving. Raises TooFewRows, WrongSplit."""
        return payloads.split(self._prepared(session, validation, test, seed))

    def save(
        self,
        session: Session,
        *,
        parent: str,
        name: str,
        validation: float = 0.1,
        test: float = 0.25,
        seed: int = SEED,
        longest: int = 0,
    ) -> Answer:
        """Save the dataset in a new folder of ``parent``. Raises PathRefused, TooFewRows, WrongSplit, OSError."""
        spot = self._allowed(session, parent)
        with _turn(session):
            prepared = self._prepared(session, validation, test, seed, longest)
            steps = [one.sentence for one in prepared.applied if one.changed or one.before > one.after]
            return payloads.saved(save(prepared, spot, name), steps)

    def export(self, session: Session, *, folder: str, target: str) -> Answer:
        """Write a saved dataset as a zip. Raises PathRefused, DatasetBroken."""
        dataset = PreparedDataset.open(self._allowed(session, folder))
        path = archive.export_zip(dataset, self._allowed(session, target))
        return {"path": str(path), "size": path.stat().st_size}

    def bring(self, session: Session, *, path: str, parent: str) -> Answer:
        """Bring a dataset from a zip. Raises PathRefused, DatasetBroken, and what unsafe zips raise."""
        return payloads.saved(archive.import_zip(self._allowed(session, path), self._allowed(session, parent)))

    def texts(self, session: Session, *, folder: str, part: str, count: int = payloads.EXAMPLES) -> Answer:
        """The first texts of one part of a saved dataset, very long ones cut. Raises PathRefused, DatasetBroken."""
        rows = PreparedDataset.open(self._allowed(session, folder)).rows(part)[: max(0, min(count, payloads.MOST))]
        return {"rows": [{name: shortened(cell, payloads.LONG) for name, cell in row.items()} for row in rows]}

    def _prepared(self, session: Session, validation: float, test: float, seed: int, longest: int = 0) -> Prepared:
        work, chosen = session_state.mapped(session)
        try:
            plan = SplitPlan(round(1 - validation - test, 9), validation, test, seed)
        except ValueError as error:
            raise WrongSplit from error
        return prepare(work.reading, chosen.mapping, plan, longest=longest)

    def _allowed(self, session: Session, path: str, *, reading: bool = False) -> Path:
        spot = Path(path)
        roots = [Path(root) for root in session.get("roots", ())] or list(self._roots) or [Workspace.default().root]
        if reading:
            roots.append(folder("samples"))
        if "\0" in path or not spot.is_absolute() or not any(inside(root, spot) for root in roots):
            raise PathRefused(spot.name)
        return spot.resolve()


def _turn(session: Session) -> AbstractContextManager[Any]:
    """One change of a session's state at a time; a plain mapping has one user and needs no turns."""
    turn = getattr(session, "turn", None)
    return turn() if turn is not None else nullcontext()
