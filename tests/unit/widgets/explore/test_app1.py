"""App 1's components with a real (tiny) model behind a real generation service."""

from html import unescape

import numpy as np
import pytest

from poetas.generation.sampling import distribution, softmax
from poetas.workspace import Workspace
from tests.tiny_model import TINY
from tests.unit.widgets.pollers import INLINE, backwards, needs_loop, new_poller
from widgets import ModelPicker, NextTokenChart, PageContext, SamplingControls, SideBySide, StepCard
from widgets.controls.bar_list.bar_list import SCALE
from widgets.core.component import State
from widgets.core.elements import is_shown


@pytest.fixture
def chart(context):
    chart = NextTokenChart("La panadera del barrio", context=context)
    chart.prediction.place("abre")
    context.poller.drain(120)
    return chart


def test_the_bars_stay_hidden_until_a_guess_and_the_guess_is_then_among_them(context):
    chart = NextTokenChart("El río", context=context)
    assert not is_shown(chart.shown)
    assert chart.logits is None
    chart.prediction.place("creció")
    assert chart.state is State.BUSY or INLINE
    context.poller.drain(120)
    assert is_shown(chart.shown)
    assert chart.done
    mine = [row for row in chart.bars.rows if row["mine"]]
    assert [row["label"] for row in mine] == ["␣creció"]


def test_the_percentages_are_the_exact_softmax_of_the_full_logits(chart):
    probabilities = softmax(chart.logits)
    assert probabilities.sum() == pytest.approx(1)
    shares = [row["share"] for row in chart.bars.rows if not row["mine"]]
    assert shares == pytest.approx(sorted(probabilities, reverse=True)[: len(shares)], rel=1e-9)


def test_percentages_are_said_to_be_rounded_only_where_the_weights_are(context, chart):
    dtype = context.services.generation.load(TINY)["dtype"]
    assert ("redondeados" in chart.rounded.value) == (dtype != "float32")


def test_a_click_on_a_bar_writes_it_and_asks_again_and_undo_takes_it_back(context, chart):
    before, logits = chart.value, chart.logits
    written = chart.pieces[0]
    first = next(place for place, row in enumerate(chart.bars.rows) if not row["mine"])
    chart.bars.pick(first)
    context.poller.drain(120)
    assert chart.value == before + written
    assert not np.array_equal(chart.logits, logits)
    chart.undo.click()
    context.poller.drain(120)
    assert chart.value == before
    assert np.array_equal(chart.logits, logits)


def test_two_bets_that_differ_by_a_blank_look_different_and_each_writes_itself(context, chart):
    chart.pieces = ["la", " la", *chart.pieces[2:]]
    chart.draw()
    assert [row["label"] for row in chart.bars.rows[:2]] == ["la", "␣la"]
    before = chart.value
    chart.bars.pick(1)
    assert chart.value == before + " la"
    context.poller.drain(120)


def test_the_note_rounds_the_favourites_share_as_its_bar_does(chart):
    share = chart.bars.rows[0]["text"]
    assert "," in share, "below a tenth the bars have a decimal"
    assert f"con el {share}" in chart.seen()


def test_writing_another_text_hides_the_bars_and_invites_another_guess(chart):
    chart.box.value = "Otra cosa"
    assert chart.logits is None
    assert not is_shown(chart.shown)
    assert not chart.prediction.revealed


def test_the_first_key_in_the_text_hides_its_bars_and_a_click_on_one_of_them_that_is_on_its_way_writes_nothing(chart):
    assert chart.box.continuous_update
    chart.box.value += "x"
    assert not is_shown(chart.shown)
    chart.bars.pick(0)
    assert chart.value == chart.box.value == "La panadera del barriox"
    assert chart.state is State.READY


@needs_loop
def test_another_text_while_the_first_is_read_overtakes_it(context):
    chart = NextTokenChart("La panadera", context=context)
    chart.prediction.skip()
    assert is_shown(chart.stop)
    old = chart._requests.stream
    chart.box.value = "El río"
    assert old.cancelled
    assert chart.state is State.READY
    assert not chart.prediction.revealed
    context.poller.drain(120)
    assert chart.logits is None  # the answer about the first text is dropped
    chart.prediction.skip()
    context.poller.drain(120)
    assert "río" in chart.cut.value


@needs_loop
def test_bars_are_of_the_newest_text_though_an_earlier_answer_comes_last(context, monkeypatch):
    chart = NextTokenChart("La panadera", context=context)
    with backwards(context, monkeypatch) as ask:
        ask(lambda: chart.prediction.place("sale"))
        chart.box.value = "El río"
        ask(lambda: chart.prediction.place("creció"))
    assert chart.state is State.DONE
    assert "río" in chart.cut.value
    assert chart.logits is not None


def test_reading_can_be_stopped_and_the_bet_is_kept(context):
    chart = NextTokenChart("La panadera", context=context)
    chart.prediction.place("abre")
    chart.stop.click()
    context.poller.drain(120)
    assert chart.state is State.READY
    assert is_shown(chart.prediction)
    assert chart.prediction.typed == "abre"
    assert not is_shown(chart.stop)
    assert chart.alert.problem is None


def test_a_long_text_is_read_from_its_end_as_the_page_says_and_not_all_its_pieces_are_drawn(context):
    chart = NextTokenChart("ñandú " * 900 + "corre", context=context)
    chart.prediction.skip()
    context.poller.drain(120)
    assert "Tu texto es largo" in chart.cut.value
    assert "quedaron afuera" in chart.cut.value
    assert "196 más" in chart.cut.value  # 256 are read, 60 drawn
    assert chart.cut.value.count("<span>") == 60
    assert chart.values()["LONGEST"] == 256


@needs_loop
def test_the_model_is_said_to_wake_up_only_before_its_first_answer(context):
    chart = NextTokenChart("La panadera", context=context)
    chart.prediction.skip()
    assert "La primera vez" in chart.status.value
    context.poller.drain(120)
    chart.add.click()
    assert "leyendo" in chart.status.value
    assert "La primera vez" not in chart.status.value
    context.poller.drain(120)


def test_bars_that_are_old_go_away_where_the_new_ones_cannot_be_had(chart, context, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(context.services, "connect", lambda _name: (_ for _ in ()).throw(OSError("gone")))
        chart.add.click()
        context.poller.drain(60)
    assert chart.alert.problem is not None
    assert not is_shown(chart.shown)
    assert is_shown(chart.prediction)
    chart.alert.button.click()  # once more, and this time it can be had
    context.poller.drain(120)
    assert chart.alert.problem is None
    assert is_shown(chart.shown)
    assert chart.prediction.revealed  # no question stands above its own answer


def test_a_guess_of_300_letters_is_shown_by_its_beginning(context):
    chart = NextTokenChart("La panadera", context=context)
    chart.prediction.place("a" * 300)
    context.poller.drain(120)
    [mine] = [row for row in chart.bars.rows if row["mine"]]
    assert mine["label"].endswith("…")
    assert len(mine["label"]) <= 25


def test_the_knobs_reshape_the_same_bars_without_calling_the_model_and_grey_out_what_is_cut(
    context, chart, monkeypatch
):
    controls = SamplingControls(chart)
    monkeypatch.setattr(context.services, "stream", lambda *_a, **_k: pytest.fail("the model was called"))
    knobs = controls.knobs
    assert knobs.top_k is None  # two of the three are built when they are asked for
    controls.more.buttons[0].click()
    knobs.temperature.value = 0.5
    knobs.top_k.value = 3
    result = distribution(chart.logits, 0.5, 3, 1.0)
    shown = controls.bars.rows
    kept = [bool(result.kept[i]) for i in chart.ids[:10]]  # bets level with the third stay in
    assert [row["kept"] for row in shown] == kept
    assert kept[:3] == [True] * 3
    assert not all(kept)
    assert [row["share"] for row in shown[:3]] == pytest.approx([result.probabilities[i] for i in chart.ids[:3]])
    whole = max([SCALE, *(row["share"] for row in shown)])
    assert [row["length"] for row in shown] == pytest.approx([row["share"] / whole for row in shown])


def test_note_and_code_of_the_step_follow_the_knobs_and_the_chart(context, chart):
    card = StepCard("azar", SamplingControls(chart), context=context)
    card.component.done = True
    context.active = chart
    card.component.draw()
    assert context.active is chart  # nothing of this step was touched
    card.component.knobs.temperature.value = 0.5
    assert "temperatura en 0,5" in card.note.seen
    assert card.code.values["TEMPERATURE"] == 0.5
    chart.box.value = "Otro comienzo"
    chart.prediction.skip()
    context.poller.drain(120)
    assert card.note.seen == card.component.seen() != ""
    assert card.code.values["TEXT"] == chart.value == "Otro comienzo"


def test_the_same_seed_writes_the_same_text_twice_and_another_one_another(context, chart):
    pair = SideBySide(chart)
    left, right = pair.sides
    left.knobs.temperature.value = right.knobs.temperature.value = 1.5

    def texts():
        pair.write.click()
        context.poller.drain(120)
        assert pair.state is State.DONE
        return ["".join(side.written) for side in pair.sides]

    first = texts()
    assert first[0] == first[1]  # the same settings on both sides, and one seed
    pair.more.buttons[0].click()
    left.knobs.top_k.value = 1
    second = texts()
    assert second[1] == first[1]
    assert second[0] != first[0]
    assert "Temperatura 1,5, top-k 1<" in left.text.value
    assert [label for label, _place in pair.favourite.options] == ["Temperatura 1,5, top-k 1", "Temperatura 1,5"]
    pair.favourite.value = 1
    assert f"Te quedás con «{' '.join(second[1].split())[:10]}" in unescape(pair.said.value)
    assert "(temperatura 1,5)" in pair.said.value
    assert "no es creatividad" in pair.moral.value
    assert "páginas web" not in pair.moral.value
    right.written.append(" y <strong>sol</strong>")
    pair.refresh()
    assert "páginas web" in pair.moral.value, "what looks like a broken page is explained"
    pair.another.click()
    context.poller.drain(120)
    assert "".join(right.written) != first[1]
    assert pair.favourite.value is None, "other texts, another choice"
    assert not is_shown(pair.said)


@needs_loop
def test_a_double_click_writes_once_and_stop_reaches_all_that_is_written(context, chart):
    pair = SideBySide(chart)
    pair.write.click()
    first = list(pair._streams)
    pair.write.click()
    pair.another.click()
    assert len(first) == 2
    assert pair._streams == first, "Stop would not reach the streams of the first click"
    pair.stop.click()
    context.poller.drain(120)
    assert all(stream.cancelled for stream in first)
    assert pair.state is State.DONE


def test_a_beginning_alone_does_not_stay_where_an_answer_was_to_be(context, chart):
    knobs = SideBySide(chart)
    weights = context.workspace.models / TINY / "model.safetensors"
    kept = weights.rename(weights.with_suffix(".kept"))
    try:
        weights.write_bytes(b"x" * 100)
        knobs.write.click()
        context.poller.drain(120)
    finally:
        kept.replace(weights)
    assert knobs.alert.problem.action == "fetch-again"
    assert "#modelo" in knobs.alert.message.value
    assert [side.text.value for side in knobs.sides] == ["", ""]


def test_without_a_model_nothing_is_dead_without_a_reason_and_nothing_is_written(tmp_path):
    empty = PageContext(Workspace(tmp_path / "nothing"), poller=new_poller())
    chart = NextTokenChart(context=empty)
    SamplingControls(chart)
    picker = ModelPicker(empty)
    assert chart.prediction.disabled
    assert picker.grid.children
    assert not (tmp_path / "nothing").exists()


def test_choosing_a_model_that_is_here_is_one_click_and_survives_a_reload(home):
    context = PageContext(home, project="otro", poller=new_poller())
    picker = ModelPicker(context)
    [card] = [card for card in picker.grid.cards if card.entry.id == TINY]
    card.button.click()
    assert context.model == TINY
    assert picker.done
    assert PageContext(home, project="otro", poller=new_poller()).model == TINY
    context.poller.drain(60)
    context.close()


def test_a_licence_is_asked_for_before_anything_is_fetched(tmp_path):
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    picker = ModelPicker(context)
    card = next(card for card in picker.grid.cards if card.entry.must_accept)
    card.button.click()
    assert is_shown(picker.licence)
    assert not context.workspace.jobs.exists()
    picker.licence.refuse.click()
    assert not is_shown(picker.licence)
    assert not context.workspace.root.exists()


def test_a_hostile_text_is_shown_and_never_becomes_markup(context):
    chart = NextTokenChart('<img src=x onerror="alert(1)">', context=context)
    chart.prediction.skip()
    context.poller.drain(120)
    assert "<img" not in chart.cut.value
