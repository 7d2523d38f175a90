"""Registry of the cleaning steps before the split: named, with parameters, so that a record says what was done.

A step takes and returns a table with the columns ``text`` and, for summaries, ``summary``; the index is the row in the
source file. To add one: write the function, a line in `STEPS`, and its sentence in
`poetas.data.pipeline.step_sentences`. Steps are named, not imported, so that a page loads what it uses.
"""

from __future__ import annotations

import importlib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pandas as pd

from poetas.data.pipeline.near_duplicates import repeated
from poetas.data.pipeline.step_sentences import step_sentence
from poetas.data.pipeline.table_cells import map_cells

SHOWN = 5
NEAR = 0.95
STEP = 2  # columns: a single blank before a line is a slip
_BLANKS = re.compile(r"[^\S\n]+")
_UNEVEN = ("  ", " \n", "\n ", "\n\n\n")
_WITHOUT_WIDTH = dict.fromkeys(map(ord, "\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}"))
_MANY_LINES = re.compile(r"\n{3,}")
Action: TypeAlias = Callable[..., pd.DataFrame]


@dataclass(frozen=True, slots=True)
class PipelineStep:
    """A step's name and its parameters."""

    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AppliedStep:
    """The result of a step.

    before, after: rows. changed: kept rows with another text. dropped: the first dropped rows of the source.
    rows_changed, rows_dropped: all of them, as rows of the source.
    """

    step: PipelineStep
    before: int
    after: int
    changed: int
    dropped: tuple[int, ...]
    rows_changed: tuple[int, ...] = field(default=(), repr=False)
    rows_dropped: tuple[int, ...] = field(default=(), repr=False)

    @property
    def changed_rows(self) -> bool:
        """Whether any row was dropped or got another text."""
        return bool(self.changed) or self.before > self.after

    @property
    def sentence(self) -> str:
        """What the learner reads."""
        return step_sentence(self.step.name, changed=self.changed, lost=self.before - self.after)

    def as_dict(self) -> dict[str, Any]:
        """The line of ``dataset.json``."""
        return {
            "step": self.step.name,
            "parameters": dict(self.step.parameters),
            "before": self.before,
            "after": self.after,
            "changed": self.changed,
            "dropped": list(self.dropped),
        }


NORMALISE = PipelineStep("normalise")
COPIES = PipelineStep("drop-duplicates")
SIMILAR = PipelineStep("drop-near", {"alike": NEAR})
DEFAULT = (NORMALISE, PipelineStep("drop-empty"), COPIES, SIMILAR)  # without a choice of the learner


def normalise(text: str) -> str:
    r"""Compose accents (NFC), make blanks single and remove those at the ends of lines; line breaks are kept.

    So is the indentation of lines that step to the right of the others: they are verse, or a table of its own making.
    Signs without a width go, which part a number or a word unseen; joiners stay, which make one emoji of two.

    >>> normalise("  El  cafe\u0301 \n\n\n\n se  enfría ")
    'El café\n\nse enfría'
    >>> normalise("cae  la tarde\n    sobre el río")
    'cae la tarde\n    sobre el río'
    >>> normalise("DNI 23.4\u200b56.789")
    'DNI 23.456.789'
    """
    if _is_normal(text):
        return text
    lines = unicodedata.normalize("NFC", text.translate(_WITHOUT_WIDTH)).split("\n")
    steps = _indentations(lines) if len(lines) > 1 else [0]
    written = (" " * step + _BLANKS.sub(" ", line).strip() for step, line in zip(steps, lines, strict=True))
    return _MANY_LINES.sub("\n\n", "\n".join(line.rstrip() for line in written)).strip("\n")


def _is_normal(text: str) -> bool:
    """Whether a text certainly is as `normalise` leaves it: most are, and this is much quicker."""
    if text[:1].isspace() or text[-1:].isspace() or any(uneven in text for uneven in _UNEVEN):
        return False
    return text.replace("\n", "").isprintable() and unicodedata.is_normalized("NFC", text)  # of blanks only " " is


def _indentations(lines: Sequence[str]) -> list[int]:
    """Columns to keep before each line: those beyond the margin of the text, 0 where no line has two of them."""
    blanks = [line[: len(line) - len(line.lstrip())] for line in lines]
    columns = [
        len(blank.expandtabs(4)) if len(blank) < len(line) else -1 for blank, line in zip(blanks, lines, strict=True)
    ]
    margin = min((column for column in columns if column >= 0), default=0)
    steps = [max(0, column - margin) if line.strip() else 0 for column, line in zip(columns, lines, strict=True)]
    return steps if max(steps) >= STEP else [0] * len(steps)


def normalise_cells(table: pd.DataFrame) -> pd.DataFrame:
    """Normalise every cell."""
    return map_cells(table, normalise)


def drop_empty(table: pd.DataFrame) -> pd.DataFrame:
    """Drop the rows with an empty cell."""
    return table[(table != "").all(axis=1)]


def drop_duplicates(table: pd.DataFrame) -> pd.DataFrame:
    """Of rows that are the same, summary included, keep the first."""
    return table[~table.duplicated()]


def drop_near(table: pd.DataFrame, *, alike: float) -> pd.DataFrame:
    """Drop the texts that are nearly equal to an earlier one, with all their rows; equal ones are one text."""
    texts = list(dict.fromkeys(table["text"]))
    lost = {texts[index] for index in repeated(texts, alike)}
    return table[~table["text"].isin(lost)] if lost else table


_HERE, _HEALTH = "poetas.data.pipeline.steps", "poetas.data.health"
STEPS: Mapping[str, str] = {
    "normalise": f"{_HERE}:normalise_cells",
    "fix-mojibake": f"{_HEALTH}.mojibake:fix_mojibake",
    "strip-html": f"{_HEALTH}.html_markup:strip_markup",
    "drop-lost": f"{_HEALTH}.lost_characters:drop_lost",
    "mask-urls": f"{_HEALTH}.url_tokens:mask_urls",
    "mask-emails": f"{_HEALTH}.email_addresses:mask_emails",
    "mask-payment": f"{_HEALTH}.payment_numbers:mask_payment",
    "mask-documents": f"{_HEALTH}.identity_documents:mask_documents",
    "mask-phones": f"{_HEALTH}.phone_numbers:mask_phones",
    "swap-columns": f"{_HEALTH}.swapped_columns:swap_columns",
    "drop-empty": f"{_HERE}:drop_empty",
    "drop-long-summaries": f"{_HEALTH}.summary_length:drop_long_summaries",
    "drop-outliers": f"{_HEALTH}.text_length:drop_outliers",
    "drop-other-language": f"{_HEALTH}.mixed_languages:drop_other_language",
    "drop-invented": f"{_HEALTH}.invented_facts:drop_invented",
    "drop-other-summaries": f"{_HEALTH}.several_summaries:drop_other_summaries",
    "drop-duplicates": f"{_HERE}:drop_duplicates",
    "drop-near": f"{_HERE}:drop_near",
}


def run_step(table: pd.DataFrame, step: PipelineStep) -> tuple[pd.DataFrame, AppliedStep]:
    """Run one step. Raises KeyError for an unknown one."""
    module, _colon, function = STEPS[step.name].partition(":")
    action: Action = getattr(importlib.import_module(module), function)
    after = action(table, **step.parameters)
    if after is table:
        return table, AppliedStep(step, len(table), len(table), 0, ())
    changed = tuple(after.index[(table.loc[after.index] != after).any(axis=1)].tolist())
    dropped = tuple(table.index.difference(after.index, sort=True).tolist())
    return after, AppliedStep(step, len(table), len(after), len(changed), dropped[:SHOWN], changed, dropped)


def apply(table: pd.DataFrame, steps: Sequence[PipelineStep]) -> tuple[pd.DataFrame, tuple[AppliedStep, ...]]:
    """Apply steps in order to a copy of the table. Raises KeyError for an unknown step.

    >>> clean, applied = apply(pd.DataFrame({"text": ["Sol  y luna", "", "Sol y luna"]}), DEFAULT)
    >>> clean["text"].tolist(), [result.after for result in applied]
    (['Sol y luna'], [3, 2, 1, 1])
    """
    applied: list[AppliedStep] = []
    for step in steps:
        table, result = run_step(table, step)
        applied.append(result)
    return table, tuple(applied)
