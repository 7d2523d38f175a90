"""The exercises of app 1, solved as their answers say: with an embedded model, and with the learner's own verses."""

import pytest

from poetas.course.own_text import OWN_TEXT
from poetas.course.question_bank import current_bank
from poetas.generation.sampling import distribution
from poetas.workspace import Workspace
from tests.embedded import embedded_model
from tests.unit.widgets.pollers import new_poller
from widgets import Exercises, NextTokenChart, PageContext, SamplingControls, ToyModel

EXAMPLES = {exercise.id: exercise.example for exercise in current_bank().exercises_of("conocer")}


def tried(page, name):
    [card] = [each for each in page.cards if each.exercise.id == name]
    card.check.click()
    return card.outcome.value


def asked(chart, words):
    chart.box.value = words
    chart.prediction.skip()
    chart._ask()
    chart.context.poller.drain(120)


@pytest.mark.embedded
@pytest.mark.parametrize("model", ["gemma3-270m", "smollm2-135m"])
def test_the_bets_and_the_draw_with_an_embedded_model(model, tmp_path, monkeypatch):
    monkeypatch.setenv("POETAS_MODELS", str(embedded_model(model).parent))
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    context.model = model
    chart = NextTokenChart(context=context)
    page = Exercises(chart, SamplingControls(chart), app="conocer")
    assert "hacé primero ese paso" in tried(page, "casi-seguro")
    asked(chart, chart.value)
    assert "el de muestra" in tried(page, "muchas-puertas")
    asked(chart, EXAMPLES["muchas-puertas"])
    assert "¡Sí!" in tried(page, "muchas-puertas")
    assert "Todavía no" in tried(page, "casi-seguro")
    asked(chart, EXAMPLES["casi-seguro"])
    assert "¡Sí!" in tried(page, "casi-seguro")
    assert "Todavía no" in tried(page, "muchas-puertas")

    controls = page._page["SamplingControls"]
    controls.more.buttons[0].click()
    knobs = controls.knobs
    knobs.temperature.value = 0.0
    assert "no hay sorteo" in tried(page, "un-solo-papelito")
    knobs.temperature.value = 1.0
    assert "Todavía no" in tried(page, "un-solo-papelito")
    knobs.top_k.value = 1
    assert "¡Sí!" in tried(page, "un-solo-papelito")
    knobs.top_k.value, knobs.top_p.value = 0, 0.05
    assert int(distribution(chart.logits, 1.0, 0, 0.05).kept.sum()) == 1
    assert "¡Sí!" in tried(page, "un-solo-papelito")
    share = float(distribution(chart.logits).probabilities.max())
    assert f"Después de «Ay, ay, ay, ay, ay,», la favorita fue «ay», con el {round(100 * share)}" in chart.seen()
    assert f"se lleva el 100\xa0%; tal cual, el {round(100 * share)}" in page._page["SamplingControls"].seen()
    context.services.connect("generation").quit()
    context.close()


def test_a_word_that_always_follows(tmp_path):
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    toy = ToyModel(context=context)
    page = Exercises(toy, app="conocer")
    assert "hacelo con tus textos" in tried(page, "siempre-la-misma"), "it is made of the coplas"
    context.save_at({OWN_TEXT: "Ay, mi río manso,\nay, mi río lento.\n\nVolvió mi madre con el río."})
    toy = ToyModel(context=context)
    page = Exercises(toy, app="conocer")
    toy.box.value = "mi"
    assert "En la tabla hay 2 palabras distintas, vistas 3 veces en total. Todavía no." in tried(
        page, "siempre-la-misma"
    )
    toy.window.value = 2
    toy.box.value = "ay mi"
    assert "«ay mi» vino siempre la misma" in tried(page, "siempre-la-misma")
    toy.box.value = "con"
    assert "1 palabra distinta, vista 1 vez" in tried(page, "siempre-la-misma")
