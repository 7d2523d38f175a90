"""Answers on what some texts share with those of a dataset, as typed dictionaries."""

from __future__ import annotations

from typing import TypedDict


class DatumAnswer(TypedDict):
    """A personal datum. kind: one of `recited_personal_data.KINDS`. key: the same however it is written."""

    kind: str
    text: str
    key: str


class SharedAnswer(TypedDict):
    """What some texts share with those of a dataset: passages as they were asked for, and personal data."""

    passages: list[str]
    data: list[DatumAnswer]
