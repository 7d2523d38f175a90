"""Sentences on what of the learner's own texts the page to keep would hold, before it is downloaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from poetas.evaluation.memorisation.passages_shown import DatasetTexts, Shown, texts_of_dataset
from poetas.evaluation.memorisation.recited_personal_data import counted
from poetas.export.keepsake_page import BeforeAfter
from poetas.i18n import _, listed, ngettext
from poetas.util.excerpt import shortened
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext
from widgets.train.dataset_records import dataset_in_use

_LONGEST = 140  # characters of a passage that is quoted


def texts_in_use(context: PageContext, memorised: Mapping[str, Any]) -> DatasetTexts:
    """Return the texts of the dataset in use, and the passages that the check shared where they are gone."""
    dataset = dataset_in_use(context)
    passages = tuple(str(passage["written"]) for passage in memorised.get("recited") or ())
    if dataset is None:
        return DatasetTexts(passages)
    return texts_of_dataset(
        Path(context.dataset), "style" if dataset.style else "summary", dataset.fingerprint, passages
    )


def caution(texts: DatasetTexts, lines: Iterable[str], pair: BeforeAfter | None) -> str:
    """Name the passages and the personal data that the page would hold, as HTML; "" where there are none.

    A text to start from was ticked: it is hers, and only the personal data in it are named.
    """
    shared = texts.shared_with([*lines, *((pair.before, pair.after) if pair is not None else ())])
    given = texts.shared_with([pair.given]).data if pair is not None else ()
    data = {datum.key: datum for datum in (*shared.data, *given)}
    said = []
    if shared.passages:
        words = ngettext(
            "Ojo: {lines} está así en tus textos.", "Ojo: {lines} están así en tus textos.", len(shared.passages)
        )
        said.append(words.format(lines=_quoted(shared.passages)))
    if data:
        kinds = listed(counted([datum.kind for datum in data.values()]))
        words = _("Ojo: en la página hay datos personales: {kinds} ({data}).")
        said.append(words.format(kinds=kinds, data=listed([datum.text for datum in data.values()])))
    return "".join(tag("p", text(sentence), class_="notice care") for sentence in said)


def left_out(shared: Shown) -> str:
    """Say why «Antes y después» is not ticked."""
    names = _quoted([*shared.passages, *(datum.text for datum in shared.data)])
    words = _("Dejé «Antes y después» sin tildar, porque ahí hay algo de tus textos, o un dato personal: {lines}.")
    return tag("p", text(words.format(lines=names)), class_="notice")


def _quoted(passages: Iterable[str]) -> str:
    return listed([f"«{shortened(' '.join(passage.split()), _LONGEST)}»" for passage in passages])
