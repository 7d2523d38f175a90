"""FilmStrip: the samples of a run step by step, also after a resume."""

from poetas.jobs import Sample, Saved, Started
from tests.unit.widgets.train.steps import plain
from widgets.train.sample_history import FilmStrip


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
    assert film.layout.display == "none"
