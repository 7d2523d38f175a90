"""«¿Te conviene un LLM?»: what it shows of a real exam and its training, without one, and after a reload."""

import pytest

from poetas.evaluation.recommendation import Recommendation, RecommendationKind, Way, recommend
from poetas.jobs import process_lock
from tests.unit.widgets.train.steps import again, an_exam, finished, plain, trained_by_hand
from widgets import Advice, StepCard
from widgets.core.component import State
from widgets.core.elements import is_shown
from widgets.train.advice.advice_table import advice_table
from widgets.train.advice.way_costs import memory_cell, time_cell
from widgets.train.exam_changes import ExamChanges


def examined_page(context, result):
    """A page whose training was examined, by its jobs' real files."""
    folder = trained_by_hand(context, {"seconds": 400.0, "steps": 90, "best_step": 60, "peak_memory_mb": 2900.0})
    context.training = str(folder)
    finished(context, "evaluate", {"adapter": str(folder / "adapter")}, result)


def test_without_an_exam_it_says_so_and_links_to_it(alone):
    alone.training = str(trained_by_hand(alone, {}))
    step = Advice(context=alone)
    assert not is_shown(step.compare)
    assert "todavía no lo tomaste" in step.invitation.value
    assert 'href="#mejoro"' in step.invitation.value
    assert not step.done
    assert step.table.value == ""


def test_the_ways_stand_side_by_side_with_what_was_measured(alone):
    measured = {"per_text": {"lead1": 0.0001, "base": 0.9, "tuned": 1.2}, "memory_mb": {"base": 1600, "tuned": 1650}}
    exam = an_exam()
    exam["verdict"]["kind"] = "worse"
    examined_page(alone, {**exam, **measured})
    card = StepCard("conviene", Advice(context=alone), context=alone)
    step = card.component
    assert step.table.value == ""
    step.compare.click()
    assert step.done
    assert "conviene" in alone.steps
    assert "No te hace falta un LLM" in plain(step.box.value)  # copying shares more with the references
    shown = plain(step.table.value)
    for figure in ("Entrenar: 6 min 40 s, una vez", "Cien textos: 2 min", "Cien textos: menos de un segundo"):
        assert figure in shown
    assert "Entrenar: 2,9 GB" in shown
    assert "Escribir: 1,6 GB" in shown
    assert "Le gana a ajustarlo por" in shown
    assert step.table.value.count('role="row"') == 1 + 4
    assert step.table.value.count('class="me"') == 1
    assert card.code is not None
    assert "ADAPTER" in card.code.code
    page = again(alone)
    reopened = Advice(context=page)
    assert reopened.done
    assert reopened.table.value == step.table.value
    page.dataset = ""
    assert not reopened.done
    assert reopened.state is State.WAITING
    page.close()


@pytest.mark.parametrize(("place", "where"), [("local", "en tu máquina"), ("colab", "en esta máquina prestada")])
def test_the_ways_say_where_the_texts_are(place, where, monkeypatch):
    monkeypatch.setenv("POETAS_PLACE", place)
    exam = an_exam()
    led, fold, _table = advice_table(recommend(exam), exam, {"seconds": 125.0}).partition("<details")
    assert "Entrenarlo llevó 2 min 5 s en esta máquina" in led, "a sentence leads the table"
    assert fold
    shown = plain(advice_table(recommend(exam), exam, {}))
    assert f"Se entrena {where}." in shown
    assert ("en tu máquina" in shown) is (place == "local")


def test_while_an_exam_is_taken_it_says_so(alone):
    training = trained_by_hand(alone, {})
    alone.training = str(training)
    step = Advice(context=alone)
    exam = finished(alone, "evaluate", {"adapter": str(training / "adapter")}, an_exam())
    events = (exam / "events.jsonl").read_text("utf-8")
    (exam / "events.jsonl").write_text(events.splitlines()[0] + "\n", "utf-8")
    hold = process_lock.acquire(exam / "lock")  # as the exam's process does
    ExamChanges.of(alone).count += 1
    assert "que se está tomando" in step.invitation.value
    assert "todavía no lo tomaste" not in step.invitation.value
    (exam / "events.jsonl").write_text(events, "utf-8")
    hold.release()
    ExamChanges.of(alone).count += 1
    assert step.value["n"] == 12
    assert is_shown(step.compare)


def test_a_figure_that_was_not_measured_is_not_made_up(alone):
    exam = an_exam()
    advice = recommend(exam)
    assert "no se midió" in time_cell(Way.FINE_TUNE, advice, exam, {})
    assert "no se midió" in memory_cell(Way.FINE_TUNE, advice, exam, {"peak_memory_mb": "mucho"})
    assert "No carga ningún modelo" in memory_cell(Way.COPY, advice, exam, {})


def test_a_result_that_was_damaged_counts_as_no_exam(alone):
    examined_page(alone, {"rows": [1, 2]})
    assert Advice(context=alone).value == {}


def test_where_nothing_can_be_recommended_no_way_is_marked():
    result = {**an_exam(), "n": 4, "verdict": {"kind": "too_few", "headline": "No se sabe."}}
    advice = recommend(result)
    assert advice.kind is RecommendationKind.TOO_FEW
    assert 'class="me"' not in advice_table(advice, result, {})
    chosen = Recommendation(RecommendationKind.SIMPLER, advice.way, True, advice.systems, 12)
    assert 'class="me"' in advice_table(chosen, result, {})
