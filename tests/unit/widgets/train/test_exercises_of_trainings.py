"""The exercises of app 3, solved as their answers say."""

from poetas.data.dataset_schema import RECORD
from poetas.training.config import TrainingConfig
from poetas.training.presets import PRESETS
from poetas.util.files import read_json, write_json
from tests.unit.widgets.train.steps import dataset, news, plain, run_by_hand
from widgets import Exercises, Hyperparameters, TrainingPanel, TryIt
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
    for unchecked in ("pescar-un-invento", "pescar-un-eco"):
        assert "Anotado" in tried(page, unchecked), "it is seen only by reading"


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
