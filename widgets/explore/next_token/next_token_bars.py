"""Bars of the next-token chart: probabilities and token texts in, bars with the learner's own bet among them out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poetas.i18n import _
from widgets.controls.bar_list.bar_list import Bar, in_brief
from widgets.explore.next_token.token_html import label

SHOWN = 10  # bars: enough to see the drop, few enough to read


def token_bar(piece: str, share: float, *, mine: bool = False, spoken: str = "") -> Bar:
    """Return the bar of a token. mine: it is the learner's bet. spoken: what a click on it does."""
    note = _("tu apuesta") if mine else ""
    return Bar(label(piece), share, in_brief(share), mine=mine, note=note, spoken=spoken)


def clickable_bars(
    ids: NDArray[np.int64],
    pieces: Sequence[str],
    probabilities: NDArray[Any],
    bet: str,
    bet_share: float | None,
) -> list[tuple[Bar, str]]:
    """Return the bars of the likeliest tokens, each with the text that a click on it appends.

    ids, pieces: the tokens, likeliest first. probabilities: [vocabulary]. bet: the learner's word, "" for none, which
    gets a bar of its own where none of these shows it; bet_share: its probability.
    """
    mine, spoken = bet.strip().lower(), _("Agregar")
    shown = [
        (
            token_bar(
                piece, float(probabilities[token]), mine=bool(mine) and piece.strip().lower() == mine, spoken=spoken
            ),
            piece,
        )
        for token, piece in zip(ids[:SHOWN], pieces[:SHOWN], strict=False)
    ]
    if mine and bet_share is not None and not any(bar.mine for bar, _piece in shown):
        piece = " " + bet
        shown.append((token_bar(piece, bet_share, mine=True, spoken=spoken), piece))
        shown.sort(key=lambda entry: -entry[0].share)
    return shown
