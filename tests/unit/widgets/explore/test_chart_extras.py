"""The experiments on the next-token chart with a real (tiny) model: window, word weights, rounds, greedy text."""

import time

import numpy as np
import psutil
import pytest

from poetas.course.course_record import Part, course_entries
from poetas.generation.sampling import softmax
from tests.unit.widgets.pollers import needs_loop, sweep
from widgets import GreedyLoop, GuessingRounds, NextTokenChart
from widgets.controls.bar_list.bar_list import in_brief
from widgets.controls.on_demand import OnDemand, OnDemandPart
from widgets.core.component import State
from widgets.core.elements import html, is_shown
from widgets.explore.next_token import greedy_loop
from widgets.explore.next_token.chart_extras import ROUNDS, WEIGHTS, WINDOW
from widgets.explore.next_token.token_html import word
from widgets.explore.next_token.word_bets import Round, end_sentence
from widgets.explore.next_token.word_weights import numbered, weight_sentence, weights_verdict

VERSE = "El río creció durante la tarde y los pescadores"


@pytest.fixture
def chart(context):
    chart = NextTokenChart(VERSE, context=context)
    chart.prediction.skip()
    context.poller.drain(120)
    return chart


def test_a_part_is_built_at_its_first_click_and_one_is_open_at_a_time():
    built = []
    parts = OnDemand(
        [OnDemandPart(name, lambda name=name: built.append(name) or html(name)) for name in ("uno", "dos")]
    )
    assert not built
    first, second = parts.buttons
    first.click()
    second.click()
    assert built == ["uno", "dos"]
    assert [is_shown(parts.built[place]) for place in (0, 1)] == [False, True]
    assert [button.description for button in parts.buttons] == ["uno", "Cerrar «dos»"]
    second.click()
    first.click()
    assert built == ["uno", "dos"]
    assert [is_shown(parts.built[place]) for place in (0, 1)] == [True, False]


def test_the_window_redraws_in_the_page_alone_and_says_what_is_out_of_sight(context, chart, monkeypatch):
    chart.extras.buttons[WINDOW].click()
    context.poller.drain(120)
    window = chart.extras.built[WINDOW]
    assert window.state is State.DONE
    shares = [row["share"] for row in window.bars.rows]
    assert shares == pytest.approx(
        np.sort(softmax(chart.logits))[::-1][:10], abs=2e-3
    )  # all of it: the chart's own bars
    monkeypatch.setattr(context.services, "stream", lambda *_a, **_k: pytest.fail("the model was called"))
    began = time.monotonic()
    window.slider.value = 2
    assert time.monotonic() - began < 0.1
    assert [row["share"] for row in window.bars.rows] != shares
    assert window.pieces.value.count('class="cut"') == window.slider.box.max - 2
    assert "Ve los últimos 2 pedacitos" in window.sentence.value
    assert "El río creció" in window.sentence.value


def test_what_was_seen_of_a_text_goes_when_the_text_changes_and_a_click_asks_about_the_new_one(context, chart):
    chart.extras.buttons[WINDOW].click()
    context.poller.drain(120)
    window = chart.extras.built[WINDOW]
    widest = window.slider.box.max
    chart.add.click()
    context.poller.drain(120)
    assert window.state is State.READY
    assert not is_shown(window.result)
    window.go.click()
    context.poller.drain(120)
    assert window.slider.box.max > widest


def test_the_weights_stand_on_the_words_with_their_numbers_and_name_the_heaviest(context, chart):
    chart.extras.buttons[WEIGHTS].click()
    weights = chart.extras.built[WEIGHTS]
    assert weights.state is State.READY  # a bet comes first
    assert [option["key"] for option in weights.bet.options] == VERSE.split()[-8:]
    assert weights.bet.kind == "buttons"
    weights.bet.place("tarde")
    context.poller.drain(120)
    assert weights.state is State.DONE
    assert len(weights.falls) == len(VERSE.split())
    marked = sum(abs(fall) >= np.log(1.25) for fall in weights.falls)
    assert marked
    assert weights.words.value.count("<small>") == marked  # a number beside every tint: colour is not the only sign
    assert weights.table.value.count('scope="row"') == len(VERSE.split())
    heaviest = VERSE.split()[int(np.argmax(weights.falls))]
    said = weights.bet.answered["text"]
    assert (f"«{heaviest}»" if max(weights.falls) >= np.log(1.25) else "Ninguna palabra sola") in said
    assert course_entries(context.state(), Part.BETS)["pesaron"]["bet"] == "«tarde»"
    before = weights.falls
    weights.menu.value = int(chart.ids[3])
    context.poller.drain(120)
    assert list(weights.falls) != list(before)
    assert weights.bet.answered["text"] == said  # the bet was on the favourite
    assert course_entries(context.state(), Part.BETS)["pesaron"]["times"] == 1
    assert f"«{word(chart.pieces[3])}»" in weights.sentence.value


def test_equal_words_are_told_apart_by_a_number_and_a_share_is_rounded_as_its_bar():
    names = numbered(["El", "río", "y", "el", "mar"])
    assert names == ["El (1.º)", "río", "y", "el (2.º)", "mar"]
    falls = [0.1, 0.2, 0.1, 2.0, 0.3]
    assert weights_verdict("el (2.º)", names, falls, "").won is True
    assert weights_verdict("El (1.º)", names, falls, "").won is False
    said = weight_sentence(names, falls, "bet", 0.554)
    assert "«el (2.º)»" in said
    assert f"de {in_brief(0.554)} a {in_brief(0.554 * np.exp(-2.0))}." in said
    assert f"de {in_brief(0.075)} a" in weight_sentence(names, falls, "bet", 0.075)


def test_a_bet_on_the_heaviest_word_is_compared_with_the_words_that_it_offers():
    words = ["Llovía", "y", "el", "río", "creció", "durante", "la", "tarde", "y"]
    falls = [3.0, 0, 0, 0.9, 0, 0, 0, 0, 0]
    verdict = weights_verdict("río", words, falls, "Pesó «Llovía».")
    assert (verdict.won, verdict.outcome) == (True, "río")
    assert "De las que podías elegir, la que más pesó es «río»" in verdict.sentence
    assert weights_verdict("tarde", words, falls, "").won is False
    assert weights_verdict("tarde", words, [3.0, *[0.1] * 8], "").won is None


@pytest.mark.parametrize("verse", ["", "🧉🌙", "قال البحر ليلا", '<img src=x onerror="alert(1)"> la', "a\0b c"])
def test_no_text_breaks_the_window_or_the_weights_or_becomes_markup(context, verse):
    chart = NextTokenChart("x", context=context)
    chart.box.value = verse
    chart.prediction.skip()
    context.poller.drain(120)
    for place in (WINDOW, WEIGHTS):
        chart.extras.buttons[place].click()
        context.poller.drain(120)
        probe = chart.extras.built[place]
        if probe.state is State.READY:
            probe.bet.skip()
            context.poller.drain(120)
        assert probe.state is State.DONE
        assert probe.alert.problem is None
        shown = "".join(
            part.value for part in probe.result.children if hasattr(part, "value") and isinstance(part.value, str)
        )
        assert "<img" not in shown
        assert ("está vacío" in shown) is (verse == "")


def play(context, game, bets):
    for bet in bets:
        context.poller.drain(120)
        game.box.value = bet
        game.bet.click()
        context.poller.drain(120)


def test_ten_rounds_hide_one_word_each_count_both_scores_and_end_with_a_sentence(context, chart):
    chart.extras.buttons[ROUNDS].click()
    game = chart.extras.built[ROUNDS]
    game.own.value = "muy pocas palabras"
    game.with_own.click()
    assert "14 palabras" in game.hint.value
    text = "La panadera del barrio abre antes de que salga el SOL, prende <b>el</b> horno y canta"
    game.own.value = text
    game.with_own.click()
    assert "abre" not in game.hidden.value
    assert "barrio" in game.hidden.value
    kept = context.answered
    play(context, game, ["Ábre", "antes", "x", "x", "x", "x", "sol", "x", "x", "x"])
    assert len(game.played) == 10
    assert [entry.learner_hit for entry in game.played] == [True, True, *[False] * 4, True, *[False] * 3]
    assert game.done
    assert "Vos 3, el modelo " in game.last.value
    assert course_entries(context.state(), Part.BETS)["rondas"]["bet"] == "3 de 10"
    assert context.answered == kept + 1  # which the libreta observes
    assert "<b>el" not in game.hidden.value
    assert not is_shown(game.entry)
    game.again.click()
    assert is_shown(game.choice)


def test_a_round_whose_model_cannot_be_asked_keeps_the_word_typed_and_the_score(context, monkeypatch):
    game = GuessingRounds(context)
    game.own.value = f"{VERSE} {VERSE}"
    with monkeypatch.context() as patched:
        patched.setattr(context.services, "connect", lambda _name: (_ for _ in ()).throw(OSError("gone")))
        game.with_own.click()
        game.box.value = "la"
        game.box._handle_custom_msg({"event": "submit"}, [])  # Enter
        context.poller.drain(60)
    assert game.alert.problem is not None
    assert game.box.value == "la"
    assert not game.played
    game.alert.button.click()
    context.poller.drain(120)
    assert game.alert.problem is None
    game.bet.click()
    assert [entry.learner for entry in game.played] == ["la"]


def test_what_is_in_the_box_is_no_bet_until_it_is_sent_and_a_pass_takes_one_round(context):
    game = GuessingRounds(context)
    game.own.value = f"{VERSE} {VERSE}"
    game.with_own.click()
    context.poller.drain(120)
    game.box.value = "la"  # the page tells it before the click that takes the keyboard's focus
    assert not game.played
    assert game._waiting is None
    for _click in range(2):  # a double click, whose second one comes when the next round is there
        game.skip.click()
    context.poller.drain(120)
    assert [entry.learner for entry in game.played] == [""]
    game.box.value = "tarde"
    game.box._handle_custom_msg({"event": "submit"}, [])
    assert [entry.learner for entry in game.played] == ["", "tarde"]


def test_the_last_sentence_names_who_won_and_what_only_that_player_saw_coming():
    rounds = [Round("luna,", "luna", "noche"), Round("cama", "mesa", "cama"), Round("sol", "sol", "mar")]
    said = end_sentence(rounds)
    assert said.startswith("Vos 2, el modelo 1. Ganaste")
    assert "Solo vos viste venir «luna» y «sol»." in said
    assert "Solo el modelo vio venir «cama»." in said
    assert "Ganó el modelo" in end_sentence([Round("cama", "", "cama")])
    assert "Empate" in end_sentence([Round("cama", "", "")])


def test_a_text_without_chance_is_the_same_each_time_at_most_sixty_words_and_answers_the_bet(
    context, chart, monkeypatch
):
    greedy = GreedyLoop(chart)
    greedy.bet.place("yes")
    context.poller.drain(120)
    first = greedy.written
    assert 1 < len(first.split()) <= 60
    count = greedy.text.value.count("<mark>")
    assert (count > 1) == (greedy.repetition is not None)
    assert "Apostaste que sí, y fue que " in greedy.bet.answered["text"]
    greedy.again.click()
    assert not greedy.bet.revealed
    greedy.bet.skip()
    context.poller.drain(120)
    assert greedy.written == first
    assert not greedy.bet.answered
    monkeypatch.setattr(greedy_loop, "WORDS", 1)
    greedy.again.click()
    greedy.bet.skip()
    context.poller.drain(120)
    assert greedy.written.split() == first.split()[:1], "it is cut there, whatever the model still writes"
    assert "En 1 palabra no repitió ninguna frase." in greedy.sentence.value


@needs_loop
def test_a_text_that_is_stopped_before_it_repeats_leaves_the_bet_open(context, chart):
    before = course_entries(context.state(), Part.BETS).get("sin-azar")
    greedy = GreedyLoop(chart)
    greedy.bet.place("no")
    greedy.stop.click()
    context.poller.drain(120)
    assert "hasta ahí no repitió" in greedy.sentence.value
    assert not greedy.bet.revealed
    assert is_shown(greedy.bet)
    assert course_entries(context.state(), Part.BETS).get("sin-azar") == before
    greedy.bet.skip()
    greedy.stop.click()
    context.poller.drain(120)
    assert is_shown(greedy.again)


def service_process(context):
    """Return the generation service's process: the only one that works for this page's folder."""
    [process] = [
        process
        for process in psutil.process_iter(["cmdline", "environ"])
        if any(str(context.workspace.root) in part for part in process.info["cmdline"] or ())
    ]
    return process


@needs_loop
def test_the_death_of_the_service_shows_within_a_second_and_one_click_asks_again_with_all_kept(context, chart):
    chart.extras.buttons[ROUNDS].click()
    game = chart.extras.built[ROUNDS]
    game.own.value = f"{VERSE} {VERSE}"
    game.with_own.click()
    play(context, game, ["x", "y"])
    chart.extras.buttons[WINDOW].click()
    context.poller.drain(120)
    chart.extras.buttons[WEIGHTS].click()
    probe = chart.extras.built[WEIGHTS]
    process = service_process(context)
    process.suspend()  # so that it dies over this question
    probe.bet.skip()
    probe._requests.stream._starting.result(30)
    process.kill()
    began = time.monotonic()
    while probe.alert.problem is None:
        sweep(context.poller)
        assert time.monotonic() - began < 1
        time.sleep(0.02)
    assert probe.alert.problem.action == "restart-service"
    assert chart.value == chart.box.value == VERSE
    assert [entry.learner for entry in game.played] == ["x", "y"]
    probe.alert.button.click()
    context.poller.drain(120)
    assert probe.alert.problem is None
    assert probe.state is State.DONE
