"""Recited passages, and the personal data of the training texts among what a model wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from poetas.evaluation.memorisation.recited_personal_data import PersonalDatum, repeated_data

_SHOWN = 20  # recited passages that the result keeps


@dataclass(slots=True)
class Recitations:
    """What was recited, and the personal data in it. known: keys of the personal data of the training texts."""

    known: Mapping[str, PersonalDatum]
    recited: list[dict[str, Any]] = field(default_factory=list)
    data: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, how: str, given: str, written: str, length: int) -> None:
        """Keep a recited passage."""
        if len(self.recited) < _SHOWN:
            self.recited.append({"how": how, "given": given[-400:], "written": written[:400], "words": length})

    def look(self, how: str, given: str, written: str) -> None:
        """Note the personal data of the training texts that were written and not given."""
        said = {datum.key for datum in repeated_data(self.known, given)}
        for datum in repeated_data(self.known, written):
            if datum.key not in said:
                self.data.setdefault(datum.key, {"kind": datum.kind, "text": datum.text, "how": how})
