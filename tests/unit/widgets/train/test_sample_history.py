"""FilmStrip: the samples of a run step by step, also after a resume."""

from poetas.jobs import Sample, Saved, Started
from poetas.jobs.events import encode
from tests.unit.widgets.train.steps import trained_by_hand
from widgets import TrainingPanel
from widgets.train.dataset_records import dataset_config
from widgets.train.sample_history.sample_history import FilmStrip


def written(film, index=0):
    """The words of each frame of a text, by step; new words in brackets."""
    frames = film.films[index]["frames"]
    return {
        frame["step"]: "".join(f"[{text}]" if fresh else text for text, fresh in frame["parts"]) for frame in frames
    }


def test_the_film_of_a_training_begins_with_what_the_model_wrote_before(alone):
    rows = [{"text": "un río", "summary": "agua", "plain": "lavaba", "shown": "nada"}]
    alone.save(before={**dataset_config(alone), "model": alone.model, "guess": "no", "rows": rows})
    folder = trained_by_hand(alone, {"steps": 3})
    with (folder / "events.jsonl").open("a", encoding="utf-8") as events:
        events.write("\n" + encode(Sample(2, 0, "un río", "agua", "llueve")) + "\n")
    training = TrainingPanel(context=alone)
    alone.poller.drain(10)
    assert written(training.film) == {0: "lavaba", 2: "[llueve]"}


def test_each_measure_marks_what_changed_and_a_text_that_is_empty_or_the_same_says_so():
    film = FilmStrip()
    assert film.films == film.measures == []
    texts = ["", "<b>un río</b>", "<b>un lento río</b>", "<b>un lento río</b>"]
    film.add([Sample(step, 0, "un río", "agua", text) for step, text in enumerate(texts)])
    assert written(film) == {
        0: "",
        1: "[<b>un río</b>]",
        2: "<b>un [lento ]río</b>",
        3: "<b>un lento río</b>",
    }
    assert [frame["same"] for frame in film.films[0]["frames"]] == [False, False, False, True]
    assert [measure["name"] for measure in film.measures] == [
        "Antes de estudiar",
        "Corrección 1",
        "Corrección 2",
        "Corrección 3",
    ]


def test_a_run_that_wrote_before_its_first_step_needs_no_other_beginning():
    film = FilmStrip()
    film.begin(["lavaba"])
    film.add([Sample(0, 0, "un río", "agua", "corría"), Sample(2, 0, "un río", "agua", "llueve")])
    assert written(film) == {0: "corría", 2: "[llueve]"}


def test_a_text_that_breaks_off_is_marked():
    film = FilmStrip()
    film.add([Sample(0, 0, "un río", "", "el río que", cut=True), Sample(2, 0, "un río", "", "El río.")])
    assert written(film)[0] == "el río que…"
    assert "…" not in written(film)[2]


def test_a_style_shows_the_beginning_that_the_model_goes_on_from():
    film = FilmStrip()
    film.add([Sample(2, 0, "Ay, río,\nrío manso.", "", "río bravo.")])
    assert (film.films[0]["lead"], film.films[0]["style"], film.films[0]["reference"]) == ("Ay, río,", True, "")
    assert film.films[0]["frames"][0]["verse"]
    film.clear()
    prose = " ".join(["It was the first time that he had ever seen the river from there."] * 4)
    film.add([Sample(0, 0, "Ay, río,\nrío manso.", "", prose), Sample(2, 0, "Ay, río,\nrío manso.", "", "río bravo.")])
    assert [frame["verse"] for frame in film.films[0]["frames"]] == [True, True], "its lines stay where they are"
    film.clear()
    film.add([Sample(2, 0, "Llovió mucho.", "Llovió.", "Una sola oración.")])
    assert not film.films[0]["frames"][0]["verse"]


def test_a_resumed_run_forgets_the_frames_beyond_its_last_checkpoint():
    film = FilmStrip()
    film.add([Saved(4, "checkpoints/4"), Sample(4, 0, "un río", "", "llueve"), Sample(8, 0, "un río", "", "escampa")])
    assert list(written(film)) == [4, 8]
    film.add([Started(9, resumed=True)])
    assert written(film) == {4: "llueve"}


def test_a_run_that_was_resumed_before_its_first_checkpoint_has_no_film_yet():
    film = FilmStrip()
    film.add([Sample(2, 0, "un río", "", "llueve"), Started(9, resumed=True)])
    assert film.films == film.measures == []
