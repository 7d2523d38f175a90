"""Verdict on an exam whose texts have near-duplicates among the training texts: it measures memory, and says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.data.dataset_schema import TEXT
from poetas.data.storage.dataset_store import PreparedDataset
from poetas.evaluation.verdict_kind import VerdictKind
from poetas.i18n import _

_MOST = 0.5  # share of the exam's texts with a near-duplicate among the training texts
_COMPARED = 20_000  # texts: of more, the record alone is believed


def mostly_twins(dataset: PreparedDataset, split: str) -> bool:
    """Tell whether most texts of an exam have a near-duplicate among the training texts, whatever the record says.

    A dataset of an earlier version does not know of them.
    """
    if split == "train" or not dataset.counts[split] or dataset.counts["train"] + dataset.counts[split] > _COMPARED:
        return False
    from poetas.data.pipeline.near_duplicates import cluster  # noqa: PLC0415 - in the job alone

    studied, examined = ([row[TEXT] for row in dataset.rows(part)] for part in ("train", split))
    groups = cluster([*studied, *examined]).group.tolist()
    known = set(groups[: len(studied)])
    return sum(group in known for group in groups[len(studied) :]) >= _MOST * len(examined)


def void(verdict: Mapping[str, Any]) -> dict[str, Any]:
    """Return a verdict (as `Verdict.as_dict` gives it) with what came out withdrawn, and with it every sentence on it.

    The result's figures stay, to be read: none of them says that the model beats anything.

    >>> void({"kind": "improved", "headline": "Sí, mejoró.", "sentences": ["En ROUGE-1, 9 puntos."]})["kind"]
    'void'
    """
    headline = _(
        "Este examen no vale: sus textos tienen gemelos entre los que estudió, y la nota puede ser pura memoria."
    )
    remedy = _(
        "Para medir de verdad hacen falta textos distintos entre sí: en la app 2, «¿Están sanos?» saca los casi "
        "iguales."
    )
    said = {"headline": headline, "sentences": (remedy,), "text": f"{headline} {remedy}"}
    return {**verdict, "kind": VerdictKind.VOID.value, **said}
