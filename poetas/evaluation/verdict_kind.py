"""Kinds of verdict, and what is said of too few texts: shared by summaries and styles."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from poetas.evaluation.bootstrap import Interval
from poetas.exam_size import FEWEST
from poetas.i18n import ngettext, number, signed

FEW = FEWEST  # texts: with fewer the interval itself is not reliable


class VerdictKind(StrEnum):
    """How the tuned model did against its own base.

    MIXED: better in the score that decides, but worse in another, or not better than another text's summary, or
    inventing. COLLAPSED: its outputs are nearly all alike, or copies, whatever they score. VOID: the exam's texts have
    near-duplicates among the training texts.
    """

    IMPROVED = "improved"
    MIXED = "mixed"
    WORSE = "worse"
    UNCLEAR = "unclear"
    TOO_FEW = "too_few"
    COLLAPSED = "collapsed"
    VOID = "void"


def kind_of(result: Mapping[str, Any]) -> VerdictKind | None:
    """Return the kind of the verdict in an evaluation's result, None where there is none, or one that is not known.

    >>> kind_of({"verdict": {"kind": "void"}}) is VerdictKind.VOID, kind_of({"verdict": None}), kind_of({})
    (True, None, None)
    """
    kind = (result.get("verdict") or {}).get("kind")
    return VerdictKind(kind) if kind in set(VerdictKind) else None


def too_few(count: int) -> str:
    """Return what so few texts say, whichever way they point.

    >>> too_few(1)
    '1 texto no alcanza para saber si mejoró o empeoró.'
    """
    sentence = ngettext(
        "{n} texto no alcanza para saber si mejoró o empeoró.",
        "{n} textos no alcanzan para saber si mejoró o empeoró.",
        count,
    )
    return sentence.format(n=number(count))


def behind(gain: Interval, decimals: int) -> bool:
    """Tell whether a mean is below zero as it is written."""
    return signed(gain.mean, decimals).startswith("\N{MINUS SIGN}")
