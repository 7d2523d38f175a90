"""BaselineSamples: what the model writes before it is trained, with and without examples."""

import time
from pathlib import Path

import pytest

from poetas.course.made_bets import made_bets
from poetas.course.own_text import OWN_TEXT
from tests.unit.widgets.pollers import INLINE, needs_loop, sweep
from tests.unit.widgets.train.steps import LONG, again, dataset, news, plain
from widgets import BaselineSamples
from widgets.core.component import State
from widgets.core.elements import is_shown
from widgets.train.baseline_rows import baseline_texts
from widgets.train.dataset_records import dataset_config

pytestmark = pytest.mark.slow


def test_three_texts_are_tried_with_and_without_examples_and_are_there_after_a_reload(ready):
    before = BaselineSamples(context=ready)
    before.prediction.place("2")
    assert before.state is State.BUSY or INLINE
    ready.poller.drain(LONG)
    assert before.alert.problem is None
    assert before.done
    rows = news(26)[12:15]
    assert [row["text"] for row in before.value] == [row["text"] for row in rows]
    assert all({"plain", "shown", "summary"} <= set(row) for row in before.value)
    assert before.value[0]["plain"] != before.value[0]["shown"]
    judgement = before.bet.judgement
    assert is_shown(judgement)
    assert not is_shown(before.prediction)
    assert "usarías algún resumen" in judgement.label
    judgement.place("0")
    assert "peor de lo que esperabas" in judgement.answered["text"]
    [bet] = [bet for bet in made_bets(ready.state()) if bet.row.id == "antes"]  # other tests bet there too
    assert (bet.bet, bet.outcome, bet.won, bet.times) == ("Dos", "Ninguno", False, 1)
    other = again(ready)
    kept = BaselineSamples(context=other)
    assert kept.bet.judgement.answered == judgement.answered
    assert [bet.times for bet in made_bets(other.state()) if bet.row.id == "antes"] == [1]
    assert kept.value == before.value
    assert kept.state is State.DONE
    assert rows[0]["summary"] in plain(kept.shown.value)
    assert not is_shown(kept.prediction)
    other.close()


def test_what_was_pasted_in_app_1_is_tried_after_them_as_long_as_it_is_there(ready):
    before = BaselineSamples(context=ready)
    if not before.done:
        before.prediction.skip()
        ready.poller.drain(LONG)
    given, judged = list(before.value), before.bet.judgement.value
    assert not is_shown(before.own)
    ready.save_at({OWN_TEXT: "Ay, mi río manso,\nay, mi río lento.\n\nVolvió mi madre."})
    before.refresh()
    assert is_shown(before.own)
    before.own.click()
    ready.poller.drain(LONG)
    *others, own = before.value
    assert others == given
    assert own["text"] == "Ay, mi río manso,\nay, mi río lento."
    assert own["plain"]
    assert before.done
    assert before.bet.judgement.value == judged, "it was about the three"
    assert not is_shown(before.own)
    assert plain(before.shown.value).count("El resumen de referencia") == len(given)
    assert len(baseline_texts(ready)) == len(given)
    other = again(ready)
    assert BaselineSamples(context=other).value == before.value
    other.save_at({OWN_TEXT: ""})
    assert BaselineSamples(context=other).value == given
    other.close()


def test_a_renamed_dataset_keeps_what_was_written_before(alone):
    rows = [{"text": "uno", "summary": "dos", "plain": "tres", "shown": "cuatro"}]
    alone.save(before={**dataset_config(alone), "model": alone.model, "guess": "no", "rows": rows})
    folder = Path(alone.dataset)
    alone.dataset = str(folder.rename(folder.with_name("otro-nombre")))
    before = BaselineSamples(context=alone)
    assert before.value == rows
    assert before.done
    assert baseline_texts(alone) == ["tres"]


@needs_loop
def test_an_answer_about_an_earlier_dataset_is_dropped(alone):
    """It arrives while the model is to write for the next one: its texts would be saved as that one's."""
    other = dataset(alone.project, list(reversed(news(26))))
    before = BaselineSamples(context=alone)
    before.prediction.skip()
    alone.dataset = str(other)
    before.prediction.skip()
    end = time.monotonic() + LONG
    while not before.value and time.monotonic() < end:
        sweep(alone.poller)
        time.sleep(0.01)
    assert [row["text"] for row in before.value] == [row["text"] for row in list(reversed(news(26)))[12:15]]
    before.stop.click()
    alone.poller.drain(LONG)
    assert before.state is State.READY


@needs_loop
def test_stopping_keeps_what_was_finished_and_going_on_does_the_rest(ready):
    before = BaselineSamples(context=ready)
    before.again.click()
    before.prediction.skip()
    end = time.monotonic() + LONG
    while not any("plain" in row for row in before.value) and time.monotonic() < end:
        sweep(ready.poller)
        time.sleep(0.01)
    before.stop.click()
    ready.poller.drain(LONG)
    assert before.state is State.READY
    left = before._left()
    assert 0 < len(left) < 6
    assert is_shown(before.more)
    before.more.click()
    ready.poller.drain(LONG)
    assert before.done
