"""The bet before an exam: its question and options, and its verdict from the result.

A summary is compared with the strongest of the baselines that cost no effort, a style with the model as it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.course.bets import BetVerdict, choice_verdict
from poetas.evaluation.metrics.registry import DECISIVE, STYLE_DECISIVE, metric, phrase
from poetas.evaluation.systems import BASE, EFFORTLESS, TUNED, title
from poetas.evaluation.verdict_kind import VerdictKind, kind_of
from poetas.exam_size import FEWEST
from poetas.i18n import _, number
from poetas.util.files import is_figure
from widgets.controls.bet_prompt.bet_prompt import BetOption
from widgets.train.loss_chart.loss_messages import tokens

WIN, TIE, LOSE = "win", "tie", "lose"


def question(*, style: bool) -> str:
    """Return what the learner bets on; which baseline is the strongest is known only afterwards."""
    if style:
        return _("¿lo van a sorprender menos los textos del examen que antes de estudiar?")
    return _("¿le va a ganar a la mejor de las que no cuestan esfuerzo (copiar oraciones o elegir la más central)?")


def options(*, style: bool) -> list[BetOption]:
    """Return the three answers."""
    if style:
        win, lose = _("Sí, lo sorprenden menos"), _("No, lo sorprenden más")
    else:
        win, lose = _("Sí, le gana"), _("No, pierde")
    return [
        BetOption(WIN, win, _("que sí")),
        BetOption(TIE, _("No se va a notar"), _("que no se iba a notar")),
        BetOption(LOSE, lose, _("que no")),
    ]


def exam_verdict(bet: str, result: Mapping[str, Any]) -> BetVerdict | None:
    """Compare a bet with a result; None where there is no such bet, or the result compares nothing.

    An exam that is void settles no bet; of outputs that collapsed nothing is said to have won.
    """
    style = result.get("task") == "style"
    said = {option.key: option for option in options(style=style)}
    outcome, detail = _style_outcome(result) if style else _summary_outcome(result)
    if bet not in said or not outcome:
        return None
    if kind_of(result) is VerdictKind.VOID:
        words = _("Apostaste {bet}, pero este examen no vale: no decide ninguna apuesta.").format(bet=said[bet].said)
        return BetVerdict(words, _("El examen no vale"), won=None, waits=True)
    rest = "" if style else strongest_sentence(result)
    if style and kind_of(result) is VerdictKind.COLLAPSED:
        rest = _("Eso mide la sorpresa: lo que escribe, así, no sirve.")
    if result.get("n", 0) < FEWEST:
        words = _("Apostaste {bet}, pero con tan pocos textos no se puede decir.").format(bet=said[bet].said)
        return BetVerdict(f"{words} {rest}".strip(), _("Faltan textos para decirlo"), won=None)
    actual = {WIN: _("que sí"), TIE: _("que no se nota"), LOSE: _("que no")}[outcome]
    verdict = choice_verdict(said[bet].said, actual, said[outcome].label, won=bet == outcome, detail=detail)
    return BetVerdict(f"{verdict.sentence} {rest}".strip(), verdict.outcome, verdict.won, verdict.miss)


def answer(result: Mapping[str, Any]) -> str:
    """Return, where nothing was bet, which baseline was the strongest and how the tuned model did.

    "" for a style, and for an exam that is void.
    """
    gap, kind = _gap(result), kind_of(result)
    if gap is None or kind is VerdictKind.VOID:
        return ""
    if kind is VerdictKind.COLLAPSED:
        return f"{_name(result)} {_('El modelo ajustado no le gana: {useless}.').format(useless=_useless())}"
    outcome, _detail = _summary_outcome(result)
    words = {
        WIN: _("El modelo ajustado le ganó por {points}."),
        LOSE: _("El modelo ajustado perdió por {points}."),
    }
    unclear = (
        _("El modelo ajustado quedó {points} arriba, pero con estos textos puede ser suerte.")
        if gap >= 0
        else _("El modelo ajustado quedó {points} abajo, y con estos textos puede ser suerte.")
    )
    return f"{_name(result)} {words.get(outcome, unclear).format(points=number(abs(gap), 1))}"


def strongest_sentence(result: Mapping[str, Any]) -> str:
    """Return which effortless baseline was the strongest; "" where there is none."""
    return _name(result) if _strongest(result) else ""


def _style_outcome(result: Mapping[str, Any]) -> tuple[str, str]:
    """What came out on held-out texts: the exam's loss beside that of the model as it came."""
    groups = result.get("verdict") or {}
    for key, outcome in (("beaten", WIN), ("not_beaten", LOSE), ("unclear", TIE)):
        if BASE in (groups.get(key) or ()):
            return outcome, ""
    return "", ""


def _summary_outcome(result: Mapping[str, Any]) -> tuple[str, str]:
    """What came out against the strongest baseline, and by how many points; "" where nothing is compared."""
    gap = _gap(result)
    if gap is None:
        return "", ""
    if kind_of(result) is VerdictKind.COLLAPSED:
        return LOSE, _useless()
    interval = (result.get("differences") or {}).get(_strongest(result), {}).get(DECISIVE) or {}
    low, high, points = interval.get("low"), interval.get("high"), number(abs(gap), 1)
    if result.get("n", 0) < FEWEST:  # the interval itself is not reliable, as the verdict says
        low = high = None
    if low is not None and low > 0:
        return WIN, _("le ganó por {points} puntos").format(points=points)
    if high is not None and high < 0:
        return LOSE, _("perdió por {points} puntos").format(points=points)
    if gap >= 0:
        return TIE, _("quedó {points} puntos arriba, y puede ser suerte").format(points=points)
    return TIE, _("quedó {points} puntos abajo, y puede ser suerte").format(points=points)


def _useless() -> str:
    return _("lo que escribió no sirve, saque el puntaje que saque")


def _scores(result: Mapping[str, Any], key: str = DECISIVE) -> dict[str, Any]:
    return {row["system"]: row["scores"].get(key) for row in result.get("rows") or ()}


def _strongest(result: Mapping[str, Any]) -> str:
    scores = _scores(result)
    rivals = [system for system in EFFORTLESS if system in scores]
    if result.get("task") == "style" or not rivals or TUNED not in scores:
        return ""
    return max(rivals, key=lambda system: scores[system])


def _gap(result: Mapping[str, Any]) -> float | None:
    scores, strongest = _scores(result), _strongest(result)
    return float(metric(DECISIVE).points * (scores[TUNED] - scores[strongest])) if strongest else None


def _name(result: Mapping[str, Any]) -> str:
    strongest = _strongest(result)
    return _("La mejor de las que no cuestan esfuerzo fue «{title}», con {score} puntos de {metric}.").format(
        title=title(strongest),
        score=number(metric(DECISIVE).points * _scores(result)[strongest], 1),
        metric=phrase(DECISIVE),
    )


def exam_seen(result: Mapping[str, Any]) -> str:
    """Say from which score to which the exam went, by the one that decides.

    "" where it does not hold both, and for an exam that is void.
    """
    if kind_of(result) is VerdictKind.VOID:
        return ""
    style = result.get("task") == "style"
    key = STYLE_DECISIVE.key if style else DECISIVE
    scores = _scores(result, key)
    before, after = scores.get(BASE), scores.get(TUNED)
    if not is_figure(before) or not is_figure(after):
        return ""
    if style:
        first, last = tokens(float(before)), tokens(float(after))
        if first == last:
            return ""
        words = _("Ante los textos del examen, como vino dudaba entre {first} pedacitos; el que estudió, entre {last}.")
        return words.format(first=first, last=last)
    points = metric(DECISIVE).points
    words = _("En el examen, como vino sacó {first} puntos de {metric}, y el que estudió, {last}.")
    figures = {"first": number(points * before, 1), "last": number(points * after, 1)}
    return words.format(**figures, metric=phrase(DECISIVE))
