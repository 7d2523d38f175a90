"""Bets that were made, read from a project's state, and the sentence that says where intuition failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from poetas.course.bets import BETS, FARTHEST, CourseBet, Topic, bet_entry, bounded_count, short_text
from poetas.course.course_record import APPS
from poetas.i18n import _, ngettext, number


def topic_name(topic: Topic) -> str:
    """Return the noun phrase for a topic, for the middle of a sentence."""
    return {
        Topic.NEXT_WORD: _("qué palabra sigue"),
        Topic.SAMPLING: _("qué hace el azar"),
        Topic.HABITS: _("qué inventa, qué arrastra y qué calla un modelo"),
        Topic.TOKENS: _("en cuántos pedacitos se corta un texto"),
        Topic.TEXTS: _("cuántos textos hacen falta"),
        Topic.LEARNING: _("qué aprende un modelo"),
    }[topic]


@dataclass(frozen=True, slots=True)
class MadeBet:
    """A bet that was made. won: None where nothing could be right. times: how often it was made."""

    row: CourseBet
    question: str
    bet: str
    outcome: str
    won: bool | None
    sentence: str
    miss: float
    times: int


def made_bets(state: Mapping[str, Any]) -> list[MadeBet]:
    """Return the bets that were made, in the order of the course; what the file has damaged is left out."""
    made = []
    for row in sorted(BETS, key=lambda row: APPS.index(row.app)):
        entry = bet_entry(state, row.id)
        bet, question = short_text(entry, "bet"), short_text(entry, "question")
        won, outcome, miss = entry.get("won"), short_text(entry, "outcome"), entry.get("miss")
        if not (bet and outcome):
            continue
        made.append(
            MadeBet(
                row,
                question,
                bet,
                outcome,
                won if isinstance(won, bool) else None,
                short_text(entry, "sentence"),
                float(miss) if isinstance(miss, int | float) and 0 <= miss <= FARTHEST else 0.0,
                max(1, bounded_count(entry.get("times"))),
            )
        )
    return made


def score_sentence(made: list[MadeBet]) -> str:
    """Return how many bets were won, and where intuition failed; "" while no bet has an outcome."""
    judged = [bet for bet in made if bet.won is not None]
    if not judged:
        return ""
    hits = sum(bool(bet.won) for bet in judged)
    score = ngettext("Acertaste {hits} de {all}.", "Acertaste {hits} de {all}.", hits)
    score = score.format(hits=number(hits), all=number(len(judged)))
    missed = [bet for bet in judged if not bet.won]
    if not missed:
        return score + " " + _("Todavía no te sorprendió nada: arriesgá más en la próxima.")
    topics = {bet.row.topic: sum(other.miss for other in missed if other.row.topic is bet.row.topic) for bet in missed}
    worst = max(topics, key=lambda topic: topics[topic])
    largest = max((bet for bet in missed if bet.row.topic is worst), key=lambda bet: bet.miss)
    words = _("Donde más te sorprendió: {topic}. {sentence}")
    return score + " " + words.format(topic=topic_name(worst), sentence=largest.sentence).strip()
