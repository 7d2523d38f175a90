"""The points of comparison that need no model: one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from poetas.evaluation.baselines.extractive import extract
from poetas.evaluation.baselines.lead import lead
from poetas.evaluation.systems import EXTRACTIVE, LEAD1, LEAD3

Baseline = Callable[[str, str], str]  # text, language ("es", "en") -> summary

BASELINE_TEXTS: Mapping[str, Baseline] = {
    LEAD1: lambda text, _: lead(text, 1),
    LEAD3: lambda text, _: lead(text, 3),
    EXTRACTIVE: lambda text, language: extract(text, language).text,
}
