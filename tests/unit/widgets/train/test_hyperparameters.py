"""Hyperparameters: presets, dials, the bound of app 2, and what is kept of them."""

import json

import pytest

from poetas.i18n import size
from poetas.training.config import TrainingConfig
from poetas.training.presets import PRESETS
from poetas.workspace import Workspace
from tests.unit.widgets.train.steps import again, dataset, finished, news, plain
from tests.unit.widgets.train.test_run_estimate import measured
from widgets import Hyperparameters, PageContext, TrainingPanel
from widgets.core.elements import is_shown
from widgets.train.dataset_records import dataset_config
from widgets.train.run_estimate import about

pytestmark = pytest.mark.slow


def test_knobs_follow_the_presets_and_the_dials_and_are_kept(ready):
    knobs = Hyperparameters(context=ready)
    knobs.cards["a-fondo"].button.click()
    assert knobs.value == PRESETS["a-fondo"].config
    assert knobs.sliders["epochs"].value == 5
    assert not is_shown(knobs.cards["a-fondo"].button)
    knobs.sliders["batch_size"].box.value = 2
    assert knobs.value.batch_size == 2
    assert knobs.value.epochs == 5
    assert is_shown(knobs.cards["a-fondo"].button)
    ready.poller.drain(10)
    other = again(ready)
    assert Hyperparameters(context=other).value == knobs.value
    other.close()


def prepared(project, rows=26, **record):
    folder = dataset(project, news(rows))
    known = json.loads((folder / "dataset.json").read_text("utf-8"))
    (folder / "dataset.json").write_text(json.dumps({**known, **record}), "utf-8")
    return str(folder)


def test_as_much_of_a_text_is_read_as_app_2_said(empty):
    empty.dataset = first = prepared(empty.project, longest=901)
    knobs = Hyperparameters(context=empty)
    assert knobs.value.longest == knobs.sliders["longest"].value == 901
    assert "hasta 901 pedacitos de cada texto: la perilla empieza ahí" in knobs.cut.value
    assert "hasta 901 pedacitos" in knobs.cards["rapido"].message.value, "no combination cuts what was said to fit"
    assert not knobs.done, "no knob was moved"
    assert not is_shown(knobs.cards["equilibrado"].button)
    knobs.cards["a-fondo"].button.click()
    assert (knobs.value.epochs, knobs.value.longest) == (5, 901)
    assert knobs.done
    knobs.sliders["longest"].box.value = 77
    empty.poller.drain(10)
    empty.dataset = prepared(empty.project)
    assert knobs.cut.value == ""
    assert knobs.value == TrainingConfig(), "what was chosen for one dataset is not chosen for another"
    empty.dataset = first
    assert knobs.value.longest == 77, "moved by hand, it stays"
    empty.poller.drain(10)


@pytest.mark.parametrize(
    ("record", "longest", "phrase"),
    [
        ({"longest": 9}, 16, "La perilla empieza en 16"),
        ({"longest": 9000}, 4096, "La perilla llega hasta 4.096"),
        ({"longest": 96, "measured": {"model": "otro", "longest": 200}}, 96, "la tijera de «otro»"),
        ({"measured": {"model": "tiny", "longest": 700}}, 700, ""),
        ({"measured": {"model": "otro", "longest": 700}}, 1400, ""),
    ],
)
def test_the_knob_begins_where_all_fits_that_app_2_said_would_fit(empty, record, longest, phrase):
    empty.model = "tiny"
    empty.dataset = prepared(empty.project, **record)
    knobs = Hyperparameters(context=empty)
    assert knobs.value.longest == longest
    assert phrase in knobs.cut.value if phrase else knobs.cut.value == ""


def test_a_browser_that_rounds_a_slider_changes_nothing(ready):
    knobs = Hyperparameters(context=ready)
    knobs.cards["rapido"].button.click()
    knobs.sliders["learning_rate"].slider.value = 10**-3.5  # the nearest place on its grid
    assert knobs.value.learning_rate == 3e-4
    knobs.sliders["learning_rate"].slider.value = 10**-3.4
    assert knobs.value.learning_rate == pytest.approx(4e-4)
    ready.poller.drain(10)


def test_smaller_takes_fewer_texts_at_once_and_then_shorter_ones(ready):
    knobs = Hyperparameters(context=ready)
    knobs.reset()
    batch = knobs.value.batch_size
    knobs.smaller()
    assert knobs.value.batch_size < batch
    while knobs.value.batch_size > 1:
        knobs.smaller()
    longest = knobs.value.longest
    knobs.smaller()
    assert knobs.value.longest < longest
    rate = knobs.value.learning_rate
    knobs.slower()
    assert knobs.value.learning_rate < rate
    ready.poller.drain(10)


def test_knobs_that_were_edited_by_hand_into_nonsense_are_the_usual_ones(tmp_path):
    workspace = Workspace(tmp_path / "home")
    workspace.project().remember(knobs={"epochs": 10**9})
    assert Hyperparameters(context=PageContext(workspace)).value == TrainingConfig()


def test_the_knobs_are_folded_until_asked_for_and_what_was_moved_is_named_all_the_same(empty):
    empty.dataset = str(dataset(empty.project, news(26)))
    empty.model = "tiny"
    knobs = Hyperparameters(context=empty)
    assert not is_shown(knobs.slider_box)
    assert knobs.moved.value == ""
    knobs.fold.click()
    assert is_shown(knobs.slider_box)
    assert "open" in knobs.fold._dom_classes
    knobs.sliders["epochs"].box.value = 7
    knobs.sliders["batch_size"].box.value = 3
    knobs.fold.click()
    assert not is_shown(knobs.slider_box)
    assert (
        plain(knobs.moved.value).strip()
        == "Moviste 2 perillas de «Equilibrado»: vueltas al cuaderno (épocas) y textos por corrección (tanda)."
    )
    knobs.cards["equilibrado"].button.click()
    assert knobs.moved.value == ""
    knobs.fold.click()
    empty.poller.drain(10)
    other = again(empty)
    assert is_shown(Hyperparameters(context=other).slider_box), "as it was left"
    other.close()


def test_each_card_says_its_minutes_and_memory_once_they_were_measured(alone):
    knobs = Hyperparameters(context=alone)
    assert all("se mide más abajo" in card.message.value for card in knobs.cards.values())
    finished(alone, "dry_run", dataset_config(alone), measured())
    knobs.estimate.attach()
    alone.poller.drain(10)
    costs = [knobs.estimate.cost(PRESETS[name].config) for name in knobs.cards]
    assert costs[0].seconds < costs[1].seconds
    for card, cost in zip(knobs.cards.values(), costs, strict=True):
        assert f"{about(cost.seconds)} · {size(cost.memory)} de memoria" in card.message.value


def test_the_button_below_the_cards_trains_once_there_is_a_step_that_does(alone, monkeypatch):
    knobs = Hyperparameters(context=alone)
    assert not is_shown(knobs.train), "no dead button"
    asked = []
    monkeypatch.setattr(TrainingPanel.load(), "_launch", lambda _panel: asked.append("train"))
    TrainingPanel(knobs)
    assert is_shown(knobs.train)
    assert knobs.train.description == "Entrenar"
    for _click in range(2):
        knobs.train.click()
    alone.poller.drain(10)
    assert len(asked) == 1
    assert not is_shown(knobs.train)
