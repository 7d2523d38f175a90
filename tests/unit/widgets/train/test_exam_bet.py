"""Answer to the bet: it says that the tuned model won or lost only where the verdict may say so."""

import json

import pytest

from poetas.evaluation.evaluation_result import checked
from poetas.evaluation.recommendation import recommend
from poetas.evaluation.void_exam import void
from poetas.exam_size import FEWEST
from tests.unit.widgets.train.steps import an_exam, plain
from widgets.train.advice.advice_table import advice_table
from widgets.train.evaluation.exam_bet import answer, exam_seen, exam_verdict
from widgets.train.evaluation.score_sheet import ScoreSheet
from widgets.train.evaluation.verdict_box import verdict_box


def exam(count, difference):
    interval = {"mean": difference, "low": difference - 0.05, "high": difference + 0.05}
    rows = [{"system": "lead1", "scores": {"rouge1": 0.3}}, {"system": "tuned", "scores": {"rouge1": 0.3 + difference}}]
    return {"task": "summary", "n": count, "rows": rows, "differences": {"lead1": {"rouge1": interval}}}


@pytest.mark.parametrize(
    ("difference", "enough", "few"),
    [(0.1, "le ganó por 10,0", "quedó 10,0 arriba"), (-0.1, "perdió por 10,0", "quedó 10,0 abajo")],
)
def test_with_fewer_texts_than_a_verdict_needs_nothing_is_said_to_be_won_or_lost(difference, enough, few):
    assert enough in answer(exam(FEWEST, difference))
    assert few in answer(exam(FEWEST - 1, difference))
    assert "suerte" in answer(exam(FEWEST - 1, difference))


@pytest.mark.parametrize(
    ("bet", "difference", "won", "said"),
    [
        ("win", 0.1, True, "Apostaste que sí, y fue que sí: le ganó por 10,0 puntos."),
        ("win", -0.1, False, "Apostaste que sí, y fue que no: perdió por 10,0 puntos."),
        ("lose", -0.1, True, "Apostaste que no, y fue que no: perdió por 10,0 puntos."),
        ("tie", 0.01, True, "Apostaste que no se iba a notar, y fue que no se nota: quedó 1,0 puntos arriba"),
        ("win", 0.01, False, "Apostaste que sí, y fue que no se nota: quedó 1,0 puntos arriba, y puede ser suerte."),
    ],
)
def test_the_bet_is_compared_with_the_strongest_baseline_which_is_named(bet, difference, won, said):
    verdict = exam_verdict(bet, exam(FEWEST, difference))
    assert verdict.won is won
    assert verdict.sentence.startswith(said)
    assert "La mejor de las que no cuestan esfuerzo fue «" in verdict.sentence
    unsure = exam_verdict(bet, exam(FEWEST - 1, difference))
    assert unsure.won is None, "so few texts decide nothing"


def test_a_style_is_compared_with_the_model_as_it_came_and_a_bet_of_another_version_with_nothing():
    style = {"task": "style", "n": FEWEST, "rows": [], "verdict": {"beaten": ["base"]}}
    assert exam_verdict("win", style).won
    assert exam_verdict("lose", style).sentence == "Apostaste que no, y fue que sí."
    assert exam_verdict("sí, un poco", style) is None
    assert exam_verdict("win", {**style, "verdict": {}}) is None


def judged(kind, result):
    """Return a result with a verdict of that kind; a void one as the evaluation's job withdraws it."""
    verdict = {"beaten": ["base"], **(result.get("verdict") or {}), "headline": "Sí, mejoró."}
    return {**result, "verdict": void(verdict) if kind == "void" else {**verdict, "kind": kind}}


@pytest.mark.parametrize("result", [exam(FEWEST, 0.5), {"task": "style", "n": FEWEST, "rows": []}])
@pytest.mark.parametrize("bet", ["win", "tie", "lose"])
def test_a_void_exam_settles_no_bet_and_says_so(bet, result):
    verdict = exam_verdict(bet, judged("void", result))
    assert verdict.won is None
    assert "este examen no vale" in verdict.sentence
    assert "ganó" not in verdict.sentence
    assert verdict.waits, "a later exam that is valid settles it"
    assert answer(judged("void", result)) == ""
    assert exam_seen(judged("void", an_exam())) == ""
    assert exam_seen(judged("improved", an_exam()))


def test_a_void_exam_gives_no_reason_that_says_who_won():
    reasons = ("Contra copiar la primera oración: +9,0 puntos (entre 6,0 y 12,0). Le gana.", "Otra razón.")
    verdict = {"headline": "Sí, mejoró.", "sentences": reasons, "text": " ".join(reasons)}
    withdrawn = judged("void", {**exam(FEWEST, 0.5), "verdict": verdict})
    assert "gana" not in plain(verdict_box(withdrawn)) + withdrawn["verdict"]["text"]
    assert "hacen falta textos distintos" in plain(verdict_box(withdrawn))
    before = {**withdrawn["verdict"], "sentences": ["Hacen falta otros.", *reasons]}  # as an earlier version left it
    assert "gana" not in plain(verdict_box({**withdrawn, "verdict": before}))
    assert "Le gana" in plain(verdict_box(judged("improved", {**exam(FEWEST, 0.5), "verdict": verdict})))


def test_nothing_is_said_to_win_with_outputs_that_collapsed_whatever_they_score():
    useless = judged("collapsed", exam(FEWEST, 0.5))
    assert exam_verdict("lose", useless).won
    lost = exam_verdict("win", useless)
    assert lost.won is False
    for words in (lost.sentence, answer(useless)):
        assert "lo que escribió no sirve, saque el puntaje que saque" in words
        assert "le ganó" not in words
    style = judged("collapsed", {"task": "style", "n": FEWEST, "rows": []})
    assert exam_verdict("win", style).won, "its loss did fall, and that was the bet"
    assert "lo que escribe, así, no sirve" in exam_verdict("win", style).sentence


@pytest.mark.parametrize(
    ("kind", "said", "compared"),
    [
        ("void", "con gemelos entre los que estudió", False),
        ("collapsed", "que nadie estudió", False),
        ("worse", "que nadie estudió", True),
    ],
)
def test_what_a_table_says_of_the_texts_and_of_who_won_is_true_of_the_kind_of_exam(kind, said, compared):
    result = judged(kind, an_exam())
    sheet = ScoreSheet()
    sheet.value = checked(json.loads(json.dumps(result)))
    measured = {"system": "tuned", "title": "Modelo ajustado", "scores": {"copied": 9}, "intervals": {}}
    style = ScoreSheet()
    style.value = judged(kind, {"task": "style", "n": FEWEST, "rows": [measured], "samples": []})
    for words in (sheet.table.label, style.plain.value):
        assert said in words
        assert ("nadie" in words) is (kind != "void")
    assert ("a ajustarlo por" in plain(advice_table(recommend(result), result, {}))) is compared
