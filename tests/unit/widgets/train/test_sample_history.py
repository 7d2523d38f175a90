"""FilmStrip: the samples of a run step by step, also after a resume."""

from poetas.jobs import Sample, Saved, Started
from poetas.jobs.events import encode
from tests.unit.widgets.train.steps import plain, trained_by_hand
from widgets import TrainingPanel
from widgets.core.elements import is_shown
from widgets.train.dataset_records import dataset_config
from widgets.train.sample_history import FilmStrip


def test_the_film_of_a_training_begins_with_what_the_model_wrote_before(alone):
    rows = [{"text": "un río", "summary": "agua", "plain": "lavaba", "shown": "nada"}]
    alone.save(before={**dataset_config(alone), "model": alone.model, "guess": "no", "rows": rows})
    folder = trained_by_hand(alone, {"steps": 3})
    with (folder / "events.jsonl").open("a", encoding="utf-8") as events:
        events.write("\n" + encode(Sample(2, 0, "un río", "agua", "llueve")) + "\n")
    training = TrainingPanel(context=alone)
    alone.poller.drain(10)
    assert "antes lavaba paso 2 llueve" in " ".join(plain(training.film.value).split())


def test_a_resumed_run_forgets_the_frames_beyond_its_last_checkpoint():
    film = FilmStrip()
    film.add([Saved(4, "checkpoints/4"), Sample(4, 0, "un río", "", "llueve"), Sample(8, 0, "un río", "", "escampa")])
    assert "paso 8" in plain(film.value)
    film.add([Started(9, resumed=True)])
    assert "paso 8" not in plain(film.value)
    assert "llueve" in plain(film.value)
    assert "van 4 pasos" in plain(film.value)


def test_a_run_that_was_resumed_before_its_first_checkpoint_has_no_film_yet():
    film = FilmStrip()
    film.add([Sample(2, 0, "un río", "", "llueve"), Started(9, resumed=True)])
    assert film.value == ""
    assert not is_shown(film)
