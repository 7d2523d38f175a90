"""Registry of the baselines that need no model: text and language in, summary out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from poetas.evaluation.baselines.extractive import extract
from poetas.evaluation.baselines.lead import lead, second
from poetas.evaluation.systems import EXTRACTIVE, LEAD1, LEAD3, SECOND

Baseline = Callable[[str, str], str]  # text, language ("es", "en") -> summary

BASELINE_TEXTS: Mapping[str, Baseline] = {
    LEAD1: lambda text, _: lead(text, 1),
    SECOND: lambda text, _: second(text),
    LEAD3: lambda text, _: lead(text, 3),
    EXTRACTIVE: extract,
}
