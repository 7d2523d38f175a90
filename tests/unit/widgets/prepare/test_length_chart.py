"""LengthChart: the histogram of lengths, its cut, and the words that a cut loses."""

import numpy as np

from poetas.data.storage.samples import sample
from tests.unit.widgets.prepare.steps import ROWS, bring, plain
from widgets import FilePicker
from widgets.controls.previews import BEFORE, xray
from widgets.core.component import State
from widgets.prepare.dataset_draft import DatasetDraft


def test_lengths_are_drawn_and_nothing_is_cut_at_first(measured, context):
    assert len(measured.lengths) == ROWS
    assert measured.value == int(measured.lengths.max()) == measured.slider.box.max
    assert sum(count for _left, _right, count in measured.chart.bars) == ROWS
    assert len(measured.chart.bars) <= 40
    assert "entran enteros" in measured.cost.message.value
    assert measured.done


def test_the_x_ray_strikes_out_the_exact_words_that_are_lost(measured, context):
    measured.slider.box.value = int(np.median(measured.lengths))
    context.poller.drain()
    assert measured.value == int(np.median(measured.lengths))
    assert "Se cortan 12 de 24 textos" in measured.cost.message.value
    draft = DatasetDraft.of(context)
    first_cut = int(np.flatnonzero(measured.lengths > measured.value)[0])
    answer = context.services.connect("preparation").call("row", index=first_cut)
    body = measured.cost.xray.value.split('tabindex="0">')[1]
    kept, lost = body.split("<s class", 1)
    kept, lost = plain(kept).removesuffix("hasta acá lee"), plain("<s class" + lost)
    assert lost
    assert kept + lost == answer["text"]
    first = measured.cost.xray.value
    measured.cost.after.click()
    context.poller.drain()
    assert measured.cost.xray.value != first
    measured.cost.before.click()
    context.poller.drain()
    assert measured.cost.xray.value == first
    assert draft.cut == measured.value
    measured.whole.click()
    context.poller.drain()
    assert "entran enteros" in measured.cost.message.value


def test_what_was_measured_of_one_file_is_not_promised_of_the_next(measured, context, tmp_path):
    draft = DatasetDraft.of(context)
    assert draft.measured["longest"] == int(measured.lengths.max())
    longer = tmp_path / "largas.csv"
    longer.write_text("texto\n" + "\n".join(f'"{n} {"de la casa al río " * 200}"' for n in range(5)), "utf-8")
    bring(context, longer)
    assert draft.measured == {}, "a training would cut the longer texts of this file without a notice"


def test_an_answer_about_a_cut_that_was_taken_back_is_not_shown(measured, context):
    measured.value = int(np.median(measured.lengths))  # asks what it costs
    measured.whole.click()  # before the answer is there
    context.poller.drain()
    assert "entran enteros" in measured.cost.message.value
    assert measured.cost.xray.value == ""


def test_a_cut_inside_a_word_is_said_and_one_between_words_is_not():
    assert "en medio de la palabra «biblioteca»: lee solo «biblio»" in plain(xray("Fui a la biblio", "teca ayer.", 9))
    for kept, lost in (("Fui a la ", "biblioteca"), ("Fui a la", " biblioteca"), ("", "Fui")):
        assert "en medio" not in xray(kept, lost, 9)


def test_the_beginning_of_a_long_text_is_folded_so_that_its_cut_is_in_sight():
    long, short = "palabra " * 100, "palabra " * 20
    drawn = xray(long, "y más", 200)
    assert plain(drawn).count("palabra") == 100, "folded, not lost"
    before = drawn.partition("</details>")[2].partition("poetas-xray-mark")[0]
    assert 30 < before.count("palabra") <= BEFORE / len("palabra ")
    assert "<details" not in xray(short, "y más", 40)


def test_a_dragged_line_moves_the_slider_and_the_choice_and_not_the_axis(measured, context):
    axis, middle = dict(measured.chart.axis), int(np.median(measured.lengths))
    measured.chart.cut = middle  # what the browser sends while it is dragged
    assert (measured.value, measured.slider.value, DatasetDraft.of(context).cut) == (middle, middle, middle)
    context.poller.drain()
    assert "Se cortan 12 de 24 textos" in measured.cost.message.value
    assert measured.chart.axis == axis
    measured.slider.box.value = middle + 1  # by keyboard
    assert measured.chart.cut == middle + 1


def test_another_file_asks_for_the_lengths_again(measured, context):
    FilePicker(context=context).copy(str(sample("coplas").path))
    context.poller.drain()
    assert measured.lengths is None
    assert measured.shown.children == ()
    assert measured.state is State.READY
