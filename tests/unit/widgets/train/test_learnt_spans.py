"""LearntSpans: a real training text in three marks, walked through, and dropped where another length changes it."""

import re
from itertools import groupby

from poetas.training.config import TrainingConfig
from tests.unit.widgets.train.steps import LONG, plain
from widgets import Hyperparameters, TrainingPanel
from widgets.core.elements import is_shown
from widgets.train.learnt_spans.learnt_spans import drawn


def kinds(spans):
    """The marks one after another; one that runs over an empty line is drawn in two pieces."""
    drawn_pieces = re.findall(r'class="poetas-label (\w+)', spans.words.value.split("poetas-label-legend")[0])
    return [kind for kind, _pieces in groupby(drawn_pieces)]


def test_a_text_is_shown_as_it_will_be_studied_before_the_training_and_the_arrows_walk_on(ready):
    knobs = Hyperparameters(context=ready)
    knobs.value = TrainingConfig(longest=16)
    panel = TrainingPanel(knobs)
    spans = panel.spans
    assert is_shown(spans.open)
    spans.open.click()
    ready.poller.drain(LONG)
    assert spans.alert.problem is None
    assert kinds(spans) == ["masked", "cut", "masked", "learnt", "end"]
    assert "Texto 1 de 12" in spans.place.value
    assert "no entra: el modelo nunca lo lee" in plain(spans.words.value)
    first = spans.words.value
    spans.before.click()
    ready.poller.drain(LONG)
    assert "Texto 12 de 12" in spans.place.value
    spans.after.click()
    ready.poller.drain(LONG)
    assert spans.words.value == first
    knobs.value = TrainingConfig(longest=64)
    assert is_shown(spans.open)
    assert not is_shown(spans.page)


def test_a_text_that_is_left_out_says_so_and_nothing_of_a_text_runs_in_the_page():
    assert "queda afuera" in drawn([])
    assert "<i>" not in drawn([{"kind": "cut", "text": "<i>"}, {"kind": "other", "text": "<i>"}])
