"""The exercises of app 2, solved as their answers say, on its real steps."""

import numpy as np
import pytest

from poetas.course.course_record import Part, course_entries
from poetas.course.question_bank import current_bank
from tests.embedded import embedded_model
from tests.unit.widgets.prepare.steps import bring, plain
from widgets import Exercises, Feedback, HealthReport, LengthChart, PageContext, SplitControls, TokenizerView
from widgets.core.elements import is_shown

EXAMPLES = {exercise.id: exercise.example for exercise in current_bank().exercises_of("preparar")}


@pytest.fixture
def page(context, measured):
    parts = [kind(context=context) for kind in (TokenizerView, HealthReport, SplitControls)]
    context.poller.drain()
    return Exercises(*parts, measured, app="preparar")


def card(page, name):
    [chosen] = [each for each in page.cards if each.exercise.id == name]
    return chosen


def tried(page, name):
    """What a click on «Comprobar» says."""
    card(page, name).check.click()
    return plain(card(page, name).outcome.value)


def part(page, kind):
    return page._page[kind.__name__]


def test_each_is_solved_as_its_answer_says_and_not_before(page, context):
    ending = Feedback(app="preparar", context=context)
    assert "hacé primero ese paso" in tried(page, "palabra-hecha-trizas")
    view = part(page, TokenizerView)
    view.prediction.skip()
    view.value = "luna y sol"
    context.poller.drain()
    assert "una sola palabra" in tried(page, "palabra-hecha-trizas")
    view.value = "y"
    context.poller.drain()
    assert "Todavía no" in tried(page, "palabra-hecha-trizas")
    view.value = EXAMPLES["palabra-hecha-trizas"]
    context.poller.drain()
    assert "¡Sí!" in tried(page, "palabra-hecha-trizas")

    chart = part(page, LengthChart)
    assert "podés correrla a la izquierda" in tried(page, "nueve-de-diez"), "all of them fit"
    chart.value = int(np.median(chart.lengths))
    assert "Todavía no" in tried(page, "nueve-de-diez"), "half of them are cut"
    chart.value = int(np.sort(chart.lengths)[int(np.ceil(0.9 * len(chart.lengths))) - 1])
    assert "¡Sí!" in tried(page, "nueve-de-diez")
    context.poller.drain()

    controls = part(page, SplitControls)
    assert "son los mismos textos" in tried(page, "otros-al-examen")
    controls.again.click()
    context.poller.drain()
    assert "¡Sí!" in tried(page, "otros-al-examen")

    health = part(page, HealthReport)
    findings = [finding for finding in health.report["findings"] if finding["button"]]
    assert "Todavía no" in tried(page, "un-arreglo")
    health._toggle(findings[0]["code"], True)
    context.poller.drain()
    assert "¡Sí!" in tried(page, "un-arreglo")
    assert page.done
    assert "Resolviste 4 de 4" in plain(page.count.value)
    assert "Resolviste 4 ejercicios de 4." in plain(ending.achieved.value), "it is drawn as soon as one is solved"

    count = next(iter(view.counts.values()))
    assert view.seen() == f"«{view.value}» quedó en {count} pedacitos.", "what the notes of those steps begin with"
    share = 100 * float((chart.lengths <= chart.value).mean())
    assert f"Con la línea en {chart.value} tokens entran enteros el {share:.0f}\xa0%" in chart.seen()
    assert f"quedaron {controls.split['counts']['test']} textos" in controls.seen()


@pytest.mark.embedded
@pytest.mark.parametrize("model", ["gemma3-270m", "smollm2-135m"])
def test_the_word_of_the_answer_is_cut_as_it_says_by_an_embedded_model(model, context, monkeypatch):
    monkeypatch.setenv("POETAS_MODELS", str(embedded_model(model).parent))
    context.model = model
    view = TokenizerView(EXAMPLES["palabra-hecha-trizas"], context=context)
    view.prediction.skip()
    context.poller.drain(60)
    assert list(view.counts) == [model]
    assert "¡Sí!" in tried(Exercises(view, app="preparar"), "palabra-hecha-trizas")


def test_hint_and_answer_are_kept_and_the_step_is_done_once_each_answer_was_read(context):
    page = Exercises(app="preparar", context=context)
    first = page.cards[0]
    first.hint.click()
    assert first.exercise.hint in plain(first.help.value)
    assert first.exercise.answer not in plain(first.help.value)
    for each in page.cards:
        assert not page.done
        each.answer.click()
    assert page.done
    again = Exercises(app="preparar", context=PageContext(context.workspace, poller=context.poller))
    assert again.done
    assert again.cards[0].exercise.hint in plain(again.cards[0].help.value)
    assert not is_shown(again.cards[0].hint)
    kept = course_entries(context.state(), Part.EXERCISES)[first.exercise.id]
    assert (kept["solved"], kept["hints"], kept["answer_seen"]) == (False, 1, True)


def test_without_the_step_the_learner_is_believed_and_before_it_she_is_sent_there(context, file):
    page = Exercises(app="preparar", context=context)
    assert "te creo" in tried(page, "palabra-hecha-trizas")
    bring(context, file)
    page = Exercises(TokenizerView(context=context), app="preparar")
    assert "hacé primero ese paso" in tried(page, "palabra-hecha-trizas")
    assert 'href="#tokens"' in card(page, "palabra-hecha-trizas").heading.value


def test_what_was_erased_is_not_written_again(context):
    page = Exercises(app="preparar", context=context)
    page.cards[0].answer.click()
    page.cards[1].hint.click()
    context.project.update(lambda _state: {})  # as «Borrar mis datos» does
    page.cards[0].hint.click()
    kept = course_entries(context.state(), Part.EXERCISES)
    assert list(kept) == [page.cards[0].exercise.id]
    assert kept[page.cards[0].exercise.id]["answer_seen"] is False


def test_what_was_written_into_the_record_by_hand_does_no_harm(context):
    context.save_at(
        {("course", "exercises"): {"palabra-hecha-trizas": {"solved": "<b>", "hints": [], "answer_seen": 7}}}
    )
    page = Exercises(app="preparar", context=context)
    assert not page.cards[0].solved
    context.save_at({("course", "exercises"): "nada"})
    assert not Exercises(app="preparar", context=context).done
