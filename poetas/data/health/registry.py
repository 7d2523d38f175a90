"""Table of the health checks, in the order in which their repairs run; the steps that a learner's choices make.

To add one: a module with a ``CHECK`` and its name here; its repair is a line in `poetas.data.pipeline.steps.STEPS`.
"""

from __future__ import annotations

from collections.abc import Mapping

from poetas.data.health import (
    email_addresses,
    empty_rows,
    exact_duplicates,
    html_markup,
    identity_documents,
    invented_facts,
    lost_characters,
    mixed_languages,
    mojibake,
    payment_numbers,
    phone_numbers,
    several_summaries,
    similar_rows,
    summary_length,
    swapped_columns,
    text_length,
    url_tokens,
)
from poetas.data.health.base import HealthCheck, Repairs
from poetas.data.pipeline.steps import NORMALISE, PipelineStep

# Letters first, then what is hidden, then whole rows: a row that becomes empty or a copy by a repair is seen as one.
CHECKS: tuple[HealthCheck, ...] = tuple(
    module.CHECK
    for module in (
        mojibake,
        html_markup,
        lost_characters,
        url_tokens,
        email_addresses,
        payment_numbers,
        identity_documents,
        phone_numbers,
        swapped_columns,
        empty_rows,
        summary_length,
        text_length,
        mixed_languages,
        invented_facts,
        several_summaries,
        exact_duplicates,
        similar_rows,
    )
)
BY_CODE: Mapping[str, HealthCheck] = {check.code: check for check in CHECKS}


def is_on(check: HealthCheck, repairs: Repairs) -> bool:
    """Whether a check's repair is applied: as chosen, else as it is by default."""
    return check.on if check.fixed else repairs.get(check.code, check.on)


def known_repairs(repairs: Mapping[str, object]) -> dict[str, bool]:
    """The choices that mean something, of a mapping that may come from a file.

    >>> known_repairs({"html": True, "nada": True, "email": "x", "empty": False})
    {'html': True}
    """
    return {
        code: value
        for code, value in repairs.items()
        if isinstance(value, bool) and code in BY_CODE and not BY_CODE[code].fixed
    }


def steps_for(repairs: Repairs, *, summary: bool) -> tuple[PipelineStep, ...]:
    """The steps of the preparation with these repairs.

    >>> [step.name for step in steps_for({"html": True, "near-duplicates": False}, summary=False)]
    ['normalise', 'strip-html', 'drop-empty', 'drop-duplicates']
    """
    chosen = (check for check in CHECKS if is_on(check, repairs) and (summary or not check.summary))
    return (NORMALISE, *(step for check in chosen for step in check.steps))
