"""Bets of the course: the table of them, how one is kept in a project's state, and how its outcome is worded.

A bet is made before an experiment shows its result, and kept with its outcome: `kept` returns the changes for
`PageContext.keep_answers`, `made_bets` reads them back. Of a bet that is made again, the first outcome stays, and how
often it was made. To add one: a row in `BETS`, and a `BetPrompt` with its id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import log2
from time import time
from typing import Any

from poetas.course.course_record import Part, course_entries, course_path
from poetas.data.storage.state_scopes import KeyPath
from poetas.i18n import _, ngettext, number
from poetas.util.excerpt import shortened

CLOSE = 0.1  # a number at most this share away from the outcome is a hit
LONGEST, SENTENCE = 80, 400  # characters of an answer and of a sentence that are kept
MOST = 999  # times that are counted
FARTHEST = 6.0  # largest miss: a number 64 times too large or too small


class Topic(StrEnum):
    """What a bet is about; the libreta says in which of these intuition failed."""

    NEXT_WORD = "next-word"
    SAMPLING = "sampling"
    TOKENS = "tokens"
    TEXTS = "texts"
    LEARNING = "learning"
    HABITS = "habits"


@dataclass(frozen=True, slots=True)
class CourseBet:
    """One row of the table. step: slug of the notebook's heading, which the libreta links to."""

    id: str
    app: str
    step: str
    topic: Topic


BETS: tuple[CourseBet, ...] = (
    CourseBet("que-sigue-1", "conocer", "que-sigue", Topic.NEXT_WORD),
    CourseBet("que-sigue-2", "conocer", "que-sigue", Topic.NEXT_WORD),
    CourseBet("que-sigue-3", "conocer", "que-sigue", Topic.NEXT_WORD),
    CourseBet("juguete", "conocer", "juguete", Topic.LEARNING),
    CourseBet("proxima", "conocer", "proxima", Topic.NEXT_WORD),
    CourseBet("pesaron", "conocer", "proxima", Topic.NEXT_WORD),
    CourseBet("rondas", "conocer", "proxima", Topic.NEXT_WORD),
    CourseBet("sin-azar", "conocer", "azar", Topic.SAMPLING),
    CourseBet("tareas", "conocer", "tareas", Topic.HABITS),
    CourseBet("justo", "conocer", "justo", Topic.HABITS),
    CourseBet("ficha", "conocer", "ficha", Topic.HABITS),
    CourseBet("tokens", "preparar", "tokens", Topic.TOKENS),
    CourseBet("cuanto-entra", "preparar", "cuanto-entra", Topic.TOKENS),
    CourseBet("examen", "preparar", "examen", Topic.TEXTS),
    CourseBet("antes", "entrenar", "antes", Topic.LEARNING),
    CourseBet("curva", "entrenar", "entrena", Topic.LEARNING),
    CourseBet("cata", "entrenar", "cata", Topic.LEARNING),
    CourseBet("mejoro", "entrenar", "mejoro", Topic.LEARNING),
)
_BY_ID = {bet.id: bet for bet in BETS}


def course_bet(bet: str) -> CourseBet:
    """Return a bet of the table. Raises KeyError for an id that it lacks: add a row to `BETS`."""
    return _BY_ID[bet]


@dataclass(frozen=True, slots=True)
class BetVerdict:
    """Answer to a bet.

    sentence: names the surprise; shown at once and kept. outcome: what came out, as the libreta shows it. won: None
    where nothing can be said to be right. miss: how far off, 0 for a hit, 1 for a wrong button or half the number.
    waits: nothing came out that could settle it: it is not kept, and the next result is its first.
    """

    sentence: str
    outcome: str
    won: bool | None
    miss: float = 0.0
    waits: bool = False


def number_verdict(bet: int, actual: int, detail: str = "") -> BetVerdict:
    """Compare numbers. detail: clause that names the surprise, without a capital or a full stop, or "".

    >>> number_verdict(12, 16, "mirá «ombú», se llevó tres").sentence
    'Dijiste 12 y son 16: mirá «ombú», se llevó tres.'
    >>> number_verdict(16, 16).sentence, number_verdict(15, 16).won, number_verdict(0, 1).won
    ('Justo: son 16.', True, False)
    """
    if bet == actual:
        said = ngettext("Justo: es {actual}", "Justo: son {actual}", actual)
    elif is_close(bet, actual):
        said = ngettext("Casi: dijiste {bet} y es {actual}", "Casi: dijiste {bet} y son {actual}", actual)
    else:
        said = ngettext("Dijiste {bet} y es {actual}", "Dijiste {bet} y son {actual}", actual)
    said = said.format(bet=number(bet), actual=number(actual))
    won = is_close(bet, actual)
    miss = 0.0 if won else min(FARTHEST, max(0.5, abs(log2((bet + 1) / (actual + 1)))))
    return BetVerdict(_with_detail(said, detail), number(actual), won, miss)


def is_close(bet: int, actual: int) -> bool:
    """Return whether a number counts as a hit.

    >>> is_close(90, 100), is_close(89, 100), is_close(3, 4), is_close(9, 10)
    (True, False, False, True)
    """
    return abs(bet - actual) <= CLOSE * actual


def choice_verdict(bet: str, actual: str, outcome: str, *, won: bool | None, detail: str = "") -> BetVerdict:
    """Compare what was chosen with what came out.

    bet, actual: clauses as they follow «Apostaste», such as "que sí". outcome: label of what came out.

    >>> choice_verdict("que sí", "que sí", "Sí", won=True, detail="le ganó por 23 puntos").sentence
    'Apostaste que sí, y fue que sí: le ganó por 23 puntos.'
    """
    said = _("Apostaste {bet}, y fue {actual}").format(bet=bet, actual=actual)
    return BetVerdict(_with_detail(said, detail), outcome, won, 0.0 if won is not False else 1.0)


def _with_detail(said: str, detail: str) -> str:
    return f"{said}: {detail.rstrip('.')}." if detail else f"{said}."


# -- in the project's state


def kept(
    state: Mapping[str, Any], bet: str, verdict: BetVerdict, *, question: str, said: str, about: str = ""
) -> dict[KeyPath, Any]:
    """Return the changes that keep a bet with its outcome: the first one, and how often the bet was made.

    question, said: as shown. about: identifies what came out, such as a job, where a reload shows the same answer
    again: that is no further bet.
    """
    entry, row = bet_entry(state, bet), course_bet(bet)
    answered = _answered(entry)
    if verdict.waits or (about and about in answered):
        return {}
    if not short_text(entry, "outcome"):
        entry = {
            "app": row.app,
            "step": row.step,
            "question": shortened(question, SENTENCE),
            "bet": shortened(said, LONGEST),
            "outcome": shortened(verdict.outcome, LONGEST),
            "won": verdict.won,
            "sentence": shortened(verdict.sentence, SENTENCE),
            "miss": round(verdict.miss, 2),
            "time": round(time()),
        }
    times = min(MOST, bounded_count(entry.get("times")) + 1)
    if about:
        last = {"about": about, "sentence": shortened(verdict.sentence, SENTENCE), "won": verdict.won}
        entry = {**entry, "last": last}
    return {
        course_path(Part.BETS, bet): {
            **entry,
            "times": times,
            "about": [*answered, *([about] if about else [])][-MOST:],
        }
    }


def bet_entry(state: Mapping[str, Any], bet: str) -> dict[str, Any]:
    """Return what is kept of a bet, {} before it was made."""
    entry = course_entries(state, Part.BETS).get(bet)
    return dict(entry) if isinstance(entry, Mapping) else {}


def last_verdict(state: Mapping[str, Any], bet: str, about: str) -> BetVerdict | None:
    """Return what a bet was last answered with, None where that was about something else."""
    last = bet_entry(state, bet).get("last")
    if not isinstance(last, Mapping) or last.get("about") != about or not short_text(last, "sentence"):
        return None
    won = last.get("won")
    return BetVerdict(short_text(last, "sentence"), "", won if isinstance(won, bool) else None, 0.0)


def _answered(entry: Mapping[str, Any]) -> list[str]:
    """What the bet was answered about before."""
    about = entry.get("about")
    return [name for name in about if isinstance(name, str)] if isinstance(about, list) else []


def bounded_count(value: object) -> int:
    """Return a count of an entry, at most `MOST`; 0 for what is none."""
    return min(value, MOST) if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def short_text(entry: Mapping[str, Any], key: str) -> str:
    """Return a text of an entry, shortened; "" where it has none."""
    value = entry.get(key)
    return shortened(value, SENTENCE) if isinstance(value, str) else ""
