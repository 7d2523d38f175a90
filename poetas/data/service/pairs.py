"""Texts beside the summaries that the learner writes: a session's texts in, one pair at a time out."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from poetas.data.pipeline.steps import normalise
from poetas.data.service.session_state import current_columns
from poetas.data.storage.written_summaries import read_written, text_digest, write_summary
from poetas.util.excerpt import shortened

_LONGEST = 20_000  # characters of the text that is shown
_KEY = "pair_texts"


def pair(session: MutableMapping[str, Any], path: Path, index: int, *, empty: bool = False) -> dict[str, Any]:
    """A text and its summary. empty: the first text from ``index`` on, from the start again, that has none."""
    texts, digests = _texts(session)
    summaries = read_written(path)
    index = max(0, min(index, len(texts) - 1))
    if empty:
        order = [*range(index, len(texts)), *range(index)]
        index = next((place for place in order if digests[place] not in summaries), index)
    return {
        "index": index,
        "total": len(texts),
        "written": sum(digest in summaries for digest in digests),
        "text": shortened(texts[index], _LONGEST),
        "summary": summaries.get(digests[index], ""),
    }


def write(session: MutableMapping[str, Any], path: Path, index: int, summary: str) -> dict[str, Any]:
    """Store the summary of a text, and answer as `pair` does. Raises IndexError, OSError."""
    _texts_in_order, digests = _texts(session)
    write_summary(path, digests[index], summary)
    return pair(session, path, index)


def _texts(session: MutableMapping[str, Any]) -> tuple[list[str], list[str]]:
    """The distinct texts of the file and their digests; made once for each file and column."""
    state, selected = current_columns(session)
    key, kept = session.get(_KEY, (None, None))
    identity = (id(state.reading.table), selected.mapping.text)
    if key != identity or kept is None:
        column = state.reading.table[selected.mapping.text]
        texts = list(dict.fromkeys(text for cell in column if (text := normalise(str(cell)))))
        kept = (texts, [text_digest(text) for text in texts])
        session[_KEY] = (identity, kept)
    result: tuple[list[str], list[str]] = kept
    return result
