"""The sheet of an exam: a style's form as bars, its scores as cards on a phone; a mixed verdict is not green."""

import re

import pytest

from poetas.evaluation.bootstrap import Interval
from poetas.evaluation.verdict import VerdictKind, verdict
from poetas.exam_size import FEWEST
from poetas.i18n import percent, signed
from tests.unit.widgets.train.steps import an_exam
from widgets.core.elements import is_shown
from widgets.train.evaluation.exam_bet import answer, question
from widgets.train.evaluation.score_sheet import ScoreSheet
from widgets.train.evaluation.verdict_box import LOOK, verdict_box

STYLE = {
    "task": "style",
    "n": 12,
    "rows": [
        {"system": "human", "title": "Una persona", "scores": {"copied": 3, "repetition": 0.01}, "intervals": {}},
        {
            "system": "tuned",
            "title": "Modelo ajustado",
            "scores": {"loss": 3.1, "copied": 9, "repetition": 0.02},
            "intervals": {},
        },
    ],
}


def test_the_scores_of_a_style_are_cards_on_a_phone_and_prose_has_no_bars_of_metre():
    sheet = ScoreSheet()
    sheet.value = STYLE
    table = sheet.plain.value
    assert "En 12 textos que nadie estudió. La pérdida, cuanto más baja, mejor" in table
    assert 'data-label="Pérdida"' in table
    assert "<figure" not in table.partition("<details")[0]
    assert 'class="share"' not in table


def test_metre_and_rhyme_are_bars_of_the_texts_before_and_after():
    forms = {"human": (1.0, 0.69), "base": (0.13, 0.11), "tuned": (0.29, 0.18)}
    rows = [
        {"system": system, "title": system, "scores": {"metre": metre, "rhyme": rhyme, "recited": 0.5}, "intervals": {}}
        for system, (metre, rhyme) in forms.items()
    ]
    sheet = ScoreSheet()
    sheet.value = {**STYLE, "rows": rows}
    metre, rhyme = re.findall(r"<figure.*?</figure>", sheet.plain.value)
    assert re.findall(r"width:([\d.]+)%", metre) == ["100.00", "13.00", "29.00"]
    assert re.findall(r"<figcaption>(.*?)</figcaption>", metre + rhyme) == ["Versos de tu medida", "Versos que riman"]
    assert re.findall(r'reach-text">(.*?)<', rhyme) == [percent(0.69), percent(0.11), percent(0.18)]
    assert re.findall(r'class="(reach[ me]*)"', metre) == ["reach", "reach", "reach me"]


def test_a_verdict_that_says_worse_in_another_score_is_not_drawn_as_good_news():
    better, worse = Interval(9, 6, 12, 44), Interval(-8, -11, -5, 44)
    judged = verdict({"base": better}, others={"chrf": {"base": worse}}).as_dict()
    drawn = verdict_box({"verdict": judged, "n": 44})
    first, _folded = drawn.split("<details")
    assert "Sí y no: mejoró en palabras en común (ROUGE-1), pero empeoró en letras en común (chrF)." in first
    assert 'class="verdict unsure poetas-verdict"' in first


@pytest.mark.parametrize("kind", VerdictKind)
def test_every_kind_of_verdict_has_its_look(kind):
    assert kind.value in LOOK


def exam(second, tuned, low, high):
    rows = [
        {"system": system, "scores": {"rouge1": value}}
        for system, value in (("lead1", 0.23), ("second", second), ("base", 0.9), ("tuned", tuned))
    ]
    interval = {"second": {"rouge1": {"low": low, "high": high}}}
    return {"task": "summary", "n": 44, "rows": rows, "differences": interval}


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (exam(0.407, 0.45, 0.01, 0.08), "El modelo ajustado le ganó por 4,3."),
        (exam(0.407, 0.35, -0.09, -0.01), "El modelo ajustado perdió por 5,7."),
        (exam(0.407, 0.41, -0.02, 0.03), "quedó 0,3 arriba, pero con estos textos puede ser suerte."),
        (exam(0.407, 0.40, -0.03, 0.02), "quedó 0,7 abajo, y con estos textos puede ser suerte."),
    ],
)
def test_the_bet_is_against_the_strongest_baseline_without_a_model(result, words):
    sentence = answer(result)
    assert sentence.startswith(
        "La mejor de las que no cuestan esfuerzo fue «Segunda oración», con 40,7 puntos de palabras en común (ROUGE-1)."
    )
    assert sentence.endswith(words)
    assert "la mejor de las que no cuestan esfuerzo" in question(style=False)


def test_with_too_few_texts_the_bet_is_neither_won_nor_lost():
    assert "puede ser suerte" in answer({**exam(0.407, 0.45, 0.01, 0.08), "n": FEWEST - 1})
    assert "le ganó" in answer({**exam(0.407, 0.45, 0.01, 0.08), "n": FEWEST})


@pytest.mark.parametrize(
    ("count", "interval", "said"),
    [
        # In words before the metric's name.
        (FEWEST, (0.03, 0.08), "Con 10 textos, la diferencia con el modelo como vino está entre +3,0 y +8,0 puntos de"),
        (
            FEWEST - 1,
            (0.03, 0.08),
            "Con 9 textos, la diferencia con el modelo como vino fue +5,0 puntos de palabras en común (ROUGE-1):",
        ),
        (
            1,
            (None, None),
            "Con 1 texto, la diferencia con el modelo como vino fue +5,0 puntos de palabras en común (ROUGE-1):",
        ),
    ],
)
def test_the_verdict_gives_no_interval_of_too_few_texts(count, interval, said):
    low, high = interval
    difference = {"rouge1": {"mean": 0.05, "low": low, "high": high}}
    drawn = verdict_box({"verdict": {"headline": "Veredicto."}, "n": count, "difference": difference})
    assert said in drawn
    assert ("entre" in drawn) == (count >= FEWEST)


def doubts(count, base, tuned):
    rows = [{"system": system, "scores": {"loss": loss}} for system, loss in (("base", base), ("tuned", tuned))]
    difference = {"loss": {"mean": -0.87, "low": -0.94, "high": -0.79}}
    return {"verdict": {"headline": "Veredicto."}, "n": count, "difference": difference, "rows": rows}


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (33, "En los 33 textos del examen, antes de cada pedacito que venía, el modelo como vino dudaba entre unos 20"),
        (1, "En el texto del examen, antes de cada pedacito que venía, el modelo como vino dudaba entre unos 20;"),
    ],
)
def test_two_losses_are_said_as_pieces_and_their_interval_waits_in_the_fold(count, said):
    opened, _fold, folded = verdict_box(doubts(count, 3.0, 2.13)).partition("<details")
    assert said in opened
    assert "el que estudió duda entre unos 8,4." in opened
    assert "-0,87" not in opened.replace("\N{MINUS SIGN}", "-")
    assert "de belleza" in opened or "no belleza" in opened
    few = count < FEWEST
    assert ("En otros textos puede ser otra cosa." in opened) == few
    # 20,09 pieces times what e to the power of either end is
    assert ("duda entre 20 pedacitos, el que estudió duda entre 7,8 y 9,1" in folded) == (not few)


@pytest.mark.parametrize(("base", "tuned"), [(None, 2.0), (3.0, float("nan")), (1e9, 2.0), (3.0, "x")])
def test_losses_that_are_no_figures_are_said_as_no_pieces(base, tuned):
    assert "pedacito" not in verdict_box(doubts(33, base, tuned)).partition("<details")[0]
    assert "los dos dudan entre unos 7,4." in verdict_box(doubts(33, 2.0, 2.0))


def lengthy(loss, low, high):
    intervals = {"loss": {"mean": loss, "low": low, "high": high}}
    return {"title": "Modelo", "scores": {"loss": loss, "copied": 9, "repetition": 0.02}, "intervals": intervals}


@pytest.mark.parametrize(("low", "said"), [(2.9, True), (None, False)])
def test_two_intervals_of_a_style_that_overlap_are_no_verdict_either(low, said):
    high = None if low is None else 3.3
    rows = [{"system": system, **lengthy(3.1, low, high)} for system in ("base", "tuned")]
    sheet = ScoreSheet()
    sheet.value = {**STYLE, "rows": rows}
    assert ("el veredicto compara texto por texto" in sheet.plain.value) == said


def test_a_style_has_no_baseline_to_bet_against():
    assert answer(STYLE) == ""


def test_the_differences_are_drawn_against_a_line_at_zero_in_words_first():
    sheet = ScoreSheet()
    result = an_exam()
    sheet.value = result
    assert "El modelo ajustado contra cada uno, en puntos de palabras en común (ROUGE-1)" in sheet.differences.value
    rows = sheet.differences.value.split('class="reach"')[1:]
    assert len(rows) == len(result["rows"]) - 1, "one line a point of comparison"
    assert all('class="zero"' in row and 'class="line"' in row for row in rows)
    place = [row["system"] for row in result["rows"]].index("base")
    interval = result["differences"]["base"]["rouge1"]
    assert f"{signed(100 * interval['mean'], 1)} (de {signed(100 * interval['low'], 1)} a " in rows[place]
    sheet.table.pick(0, 3)
    assert "en puntos de letras en común (chrF)" in sheet.differences.value
    assert sheet.table.columns[1:] == ["Palabras (ROUGE-1)", "Pares (ROUGE-2)", "Orden (ROUGE-L)", "Letras (chrF)"]


def test_the_texts_that_may_lie_are_one_click_away():
    sheet = ScoreSheet()
    result = an_exam()
    assert result["best"] == [], "all of them invent: none is shown as a best one"
    sheet.value = result
    assert "leé estos tres" in sheet.verdict.value
    assert sheet.reader.read.description == "Leer los 3 que pueden mentir"
    assert not is_shown(sheet.reader.best)
    seen = [sheet.reader.value]
    for _click in range(3):
        sheet.reader.read.click()
        seen.append(sheet.reader.value)
    assert seen == [*result["read"], result["read"][0]]
    sheet.value = {**result, "read": []}
    assert not is_shown(sheet.reader.read)


def test_a_column_that_could_not_be_measured_is_left_out_and_one_that_could_is_there():
    sheet = ScoreSheet()
    sheet.value = STYLE
    assert "Versos de tu medida" not in sheet.plain.value
    rows = [{**row, "scores": {**row["scores"], "metre": 0.775}} for row in STYLE["rows"]]
    sheet.value = {**STYLE, "rows": rows}
    assert "Versos de tu medida</th>" in sheet.plain.value
    assert "los versos de tu medida, cuantos más, mejor" in sheet.plain.value
    assert "78\N{NO-BREAK SPACE}%" in sheet.plain.value


def test_the_change_of_the_loss_is_drawn_beside_zero():
    sheet = ScoreSheet()
    sheet.value = {**STYLE, "difference": {"loss": {"mean": -0.5, "low": -0.6, "high": -0.4}}}
    drawn = sheet.plain.value
    assert "−0,50 (de −0,60 a −0,40)" in drawn
    assert 'class="zero"' in drawn
    assert "A la izquierda del cero, mejoró." in drawn
    sheet.value = {**STYLE, "n": FEWEST - 1, "difference": {"loss": {"mean": -0.5, "low": -0.6, "high": -0.4}}}
    assert "(de" not in sheet.plain.value


def test_no_interval_of_too_few_texts_is_drawn_and_none_is_explained():
    sheet = ScoreSheet()
    exam = an_exam()
    sheet.value = exam
    assert " (de " in sheet.reaches.value
    assert "Si el tramo pisa la línea del cero" in sheet.differences.value
    sheet.value = {**exam, "n": FEWEST - 1}
    assert " (de " not in sheet.reaches.value
    assert "entre cuánto y cuánto" not in sheet.reaches.value
    assert "tramo" not in sheet.differences.value
