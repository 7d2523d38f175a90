"""The exercises of app 3, solved as their answers say."""

from dataclasses import replace

import pytest

from poetas.data.dataset_schema import RECORD
from poetas.training.config import TrainingConfig
from poetas.training.presets import PRESETS
from poetas.util.files import read_json, write_json
from poetas.workspace import Workspace
from tests.embedded import embedded_model
from tests.tiny_model import TINY, build_tiny_model
from tests.unit.widgets.pollers import new_poller
from tests.unit.widgets.train.steps import LONG, an_exam, dataset, news, plain, run_by_hand
from widgets import Exercises, Hyperparameters, PageContext, Scoreboard, TrainingPanel, TryIt
from widgets.core.elements import is_shown


def tried(page, name):
    [card] = [each for each in page.cards if each.exercise.id == name]
    card.check.click()
    return plain(card.outcome.value)


def test_knobs_and_trainings(alone):
    knobs = Hyperparameters(context=alone)
    panel = TrainingPanel(knobs)
    page = Exercises(knobs, panel, app="entrenar")
    first = PRESETS["equilibrado"].config
    knobs.value = TrainingConfig()
    assert "buscá que sea de 8" in tried(page, "mismas-correcciones")
    knobs.value = TrainingConfig(batch_size=2 * first.batch_size)
    assert "Con 2 vueltas hace el 50\N{NO-BREAK SPACE}%" in tried(page, "mismas-correcciones")
    knobs.value = TrainingConfig(batch_size=2 * first.batch_size, epochs=1)
    assert "Con 1 vuelta hace el" in tried(page, "mismas-correcciones")
    knobs.value = TrainingConfig(batch_size=2 * first.batch_size, epochs=2 * first.epochs)
    assert "¡Sí!" in tried(page, "mismas-correcciones")

    assert "Hacen falta dos" in tried(page, "una-sola-perilla")
    run_by_hand(alone, "train-a", 1, [3.0, 2.5], epochs=1)
    run_by_hand(alone, "train-b", 2, [3.0, 2.5], epochs=3, lora_rank=8)
    panel.runs.draw()
    assert "en más de una" in tried(page, "una-sola-perilla")
    run_by_hand(alone, "train-c", 3, [3.0, 2.5], epochs=3)
    panel.runs.draw()
    assert "¡Sí!" in tried(page, "una-sola-perilla")


def test_an_exam_has_examples_to_read(alone):
    board = Scoreboard(context=alone)
    page = Exercises(board, app="entrenar")
    assert "hacé primero ese paso" in tried(page, "pescar-un-invento")
    exam = an_exam()
    page = Exercises(Scoreboard(exam, context=alone), app="entrenar")
    assert f"¡Sí! El examen tiene {len(exam['texts'])} ejemplos" in tried(page, "pescar-un-invento")


# By real trainings and a real exam, over both tasks: (task, rows, model, what is read in its exam). What is asked does
# not depend on how well a model writes: one embedded model is enough, and costs a minute.
VERSES = [
    {"text": f"El río {what} baja\ny canta su nombre,\nel viento lo escucha\ny nadie responde."} for what in "abcd"
]
TASKS = [
    pytest.param("summary", news(4), TINY, "pescar-un-invento", id="summary"),
    pytest.param("style", VERSES, "gemma3-270m", "pescar-un-eco", id="style", marks=pytest.mark.embedded),
]
LEAST = TrainingConfig(epochs=1, batch_size=2, lora_rank=2, longest=32)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("task", "rows", "model", "reading"), TASKS)
def test_all_are_solved_as_their_answers_say(task, rows, model, reading, tmp_path, monkeypatch):
    models = build_tiny_model(tmp_path / "modelos" / TINY) if model == TINY else embedded_model(model)
    monkeypatch.setenv("POETAS_MODELS", str(models.parent))
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    context.dataset, context.model = str(dataset(context.project, rows, (2, 1, 1))), model
    knobs = Hyperparameters(context=context)
    panel, board, trial = TrainingPanel(knobs), Scoreboard(context=context), TryIt(context=context)
    page = Exercises(knobs, panel, board, trial, app="entrenar")
    shown = {card.exercise.id for card in page.cards if is_shown(card)}
    assert shown == {"mismas-correcciones", "una-sola-perilla", "un-texto-de-afuera", reading}

    knobs.cards["equilibrado"].button.click()
    first = knobs.value
    knobs.value = replace(first, batch_size=2 * first.batch_size, epochs=2 * first.epochs)
    assert "¡Sí!" in tried(page, "mismas-correcciones")
    for config in (LEAST, replace(LEAST, epochs=2)):
        knobs.value = config
        panel.view.bet.prompt.skip()
        panel.start.click()
        context.poller.drain(LONG)
        assert panel.alert.problem is None
    assert "¡Sí!" in tried(page, "una-sola-perilla")
    trial.box.value = "El río de mi casa" if task == "style" else "El tren llegó tarde a Córdoba. Nadie esperaba."
    trial.write.click()
    context.poller.drain(LONG)
    assert "¡Sí!" in tried(page, "un-texto-de-afuera")
    board.guess.skip()
    context.poller.drain(LONG)
    assert "¡Sí!" in tried(page, reading)
    assert page.done
    context.services.connect("generation").quit()
    context.close()


def test_a_text_of_the_exam_or_of_the_page_is_not_from_outside(alone):
    trial = TryIt(context=alone)
    page = Exercises(trial, app="entrenar")
    assert "hacé primero ese paso" in tried(page, "un-texto-de-afuera")
    answers = {system: {"text": f"Dijo {system}.", "cut": False} for system in ("base", "tuned")}
    trial.pair.restore("", answers, style=False, known=False)
    assert trial.is_sample
    assert "de muestra" in tried(page, "un-texto-de-afuera")
    trial.box.value = "El tren llegó tarde a Córdoba."
    trial.pair.restore(trial.value, answers, style=False, known=True)
    assert "es del examen" in tried(page, "un-texto-de-afuera")
    trial.pair.restore(trial.value, answers, style=False, known=False)
    assert "¡Sí!" in tried(page, "un-texto-de-afuera")


def test_an_exercise_about_summaries_is_not_offered_over_a_style(alone):
    page = Exercises(app="entrenar", context=alone)
    [card] = [each for each in page.cards if each.exercise.id == "pescar-un-invento"]
    assert is_shown(card)
    for other in page.cards:
        if other is not card:
            other.answer.click()
    assert not page.done
    alone.dataset = str(dataset(alone.project, [{"text": row["text"]} for row in news(26)]))
    assert not is_shown(card), "nothing is underlined there"
    assert page.done


def test_the_sample_is_in_the_language_of_the_texts(alone):
    trial = TryIt(context=alone)
    assert "Villa Sauce" in trial.value
    folder = dataset(alone.project, news(26))
    write_json(folder / RECORD, {**read_json(folder / RECORD), "language": "en"})
    alone.dataset = str(folder)
    assert "Willow Creek" in trial.value
    assert trial.is_sample
