"""«¿Qué puede hacer, y dónde falla?» and «¿Es justo?» with a tiny model behind a real generation service."""

import json
import shutil

import numpy as np
import pytest

from poetas.course.bias_pairs import fingerprint, ready_pairs
from poetas.course.course_record import Part, course_entries
from poetas.evaluation.bias_summary import ALIKE, summarise_pairs
from poetas.workspace import Workspace
from tests.model_records import record_model
from tests.tiny_model import TINY
from tests.unit.widgets.pollers import needs_loop, new_poller
from widgets import BiasProbe, PageContext, StepCard, TaskBench
from widgets.core.component import State
from widgets.core.elements import is_shown
from widgets.explore.bias_probe.pair_html import leaning_sentences, pair_sentence, preferred
from widgets.explore.task_bench.bench_html import answer_html, doubtful_spans, finder_html
from widgets.explore.task_bench.bench_tasks import ANSWER, CLASSIFY, CONTINUE, SUMMARISE

JUDGED = {"true": "no", "sounds": "yes"}
ATTACK = '<img src=x onerror="alert(1)"><script>1</script>'


def finish(context):
    context.poller.drain(120)


def test_each_task_is_answered_and_a_judgement_opens_what_the_finder_says_and_survives_a_reload(context):
    bench = TaskBench(context)
    for task in (SUMMARISE, CONTINUE, ANSWER):
        bench.form.menu.value = task
        assert not is_shown(bench.judgement)
        bench.run.click()
        finish(context)
        assert bench.state is State.DONE
        assert bench.alert.problem is None
        assert bench.value.strip()
        assert "doubt" not in bench.answer.value  # not before the learner has judged
        bench.judgement.sounds.value = "no"
        assert not is_shown(bench.finder)
        assert bench.seen() == "", "not before the learner has judged"
        bench.judgement.true.value = "unsure"
        assert is_shown(bench.finder)
        assert f"Escribió {len(bench.value.split())} palabra" in bench.seen()
    assert bench.done
    again = TaskBench(PageContext(context.workspace, poller=new_poller()))
    assert set(again.judgements) == {SUMMARISE, CONTINUE, ANSWER}
    assert again.table.value.count("no sé") == 3


def test_a_judgement_does_not_bring_back_what_another_tab_erased(context):
    context.save(task_bench={"text": "La casa de mi abuela.", "judgements": {ANSWER: {"sounds": "yes", "true": "no"}}})
    bench = TaskBench(context)
    assert bench.form.box.value == "La casa de mi abuela."
    bench.form.menu.value = CONTINUE
    bench.run.click()
    finish(context)
    PageContext(context.workspace, poller=new_poller()).save(task_bench={})
    bench.judgement.sounds.value, bench.judgement.true.value = "no", "no"
    kept = context.state()["task_bench"]
    assert set(kept["judgements"]) == {CONTINUE}
    assert "text" not in kept


def test_what_was_erased_is_on_the_bench_no_more(tmp_path):
    context = PageContext(Workspace(tmp_path / "casa"), poller=new_poller())
    kept = {"sounds": "yes", "true": "no"}
    context.model = record_model(context.workspace)
    context.save(task_bench={"text": "La casa de mi abuela.", "judgements": {ANSWER: kept, CONTINUE: kept}})
    edition = fingerprint(ready_pairs("es"))
    context.save(bias_probe={"model": context.model, "pairs": edition, "differences": [1.0], "compared": [0]})
    bench, probe = TaskBench(context), BiasProbe(context)
    _cards = [StepCard(step, part, context=context) for step, part in (("tareas", bench), ("justo", probe))]
    bench.done = True
    assert context.steps == ("justo", "tareas")
    assert is_shown(bench.table)
    assert is_shown(probe.result)
    shutil.rmtree(context.project.path)
    context.reset()
    assert "abuela" not in bench.form.box.value
    assert not is_shown(bench.table)
    assert bench.judgements == {}
    assert not is_shown(probe.result)
    assert context.steps == ()
    assert not context.project.state().get("steps"), "no step is finished again"


def test_topics_are_compared_as_bars_that_sum_to_one_and_too_few_are_asked_for_again(context):
    bench = TaskBench(context)
    bench.form.menu.value = CLASSIFY
    bench.form.topics_box.value = "música; música"
    bench.run.click()
    assert "entre 2 y 8 temas" in bench.status.value
    bench.form.topics_box.value = f"música, deportes, {ATTACK}"
    assert bench.status.value == ""
    bench.run.click()
    finish(context)
    assert sum(row["share"] for row in bench.bars.rows) == pytest.approx(1)
    assert len(bench.bars.rows) == 3
    assert bench.bars.rows[0]["text"].split()[0] in bench.seen()
    assert "<img" not in bench.finder.value
    assert not is_shown(bench.judgement)


@pytest.mark.parametrize("words", ["", "  \n", "🦜🌵🦜", "مرحبا بالعالم", "\0\0", ATTACK, "ñandú corre. " * 4000])
def test_whatever_the_text_is_the_page_stays_alive_and_nothing_of_it_becomes_html(context, words):
    bench = TaskBench(context)
    bench.form.box.value = words
    bench.run.click()
    finish(context)
    drawn = bench.status.value + bench.answer.value + bench.form.about.value
    assert "<img" not in drawn
    assert "<script" not in drawn
    assert bench.alert.problem is None
    if words.replace("\0", "").strip():
        assert bench.state is State.DONE
    else:
        assert "Falta el texto" in bench.status.value


def test_a_question_without_the_text_needs_none_and_the_request_is_shown_as_the_model_gets_it(context):
    bench = TaskBench(context)
    bench.form.menu.value = ANSWER
    assert "Texto:<br>" in bench.form.about.value
    bench.form.blind.value = True
    bench.form.box.value = ""
    assert "Texto:<br>" not in bench.form.about.value
    assert bench.values()["TEXT"] == ""
    bench.run.click()
    finish(context)
    assert bench.value
    bench.form.question_box.value = " "
    assert not is_shown(bench.answer)  # it answered another question
    bench.run.click()
    assert "Falta la pregunta" in bench.status.value


def test_what_the_text_does_not_hold_is_underlined_and_the_surprise_is_named():
    words, source = "La dirige Ramona Quiroga desde 1998.", "Nélida dirige la banda desde 2011."
    spans = doubtful_spans(words, source)
    assert [span.text for span in spans] == ["Ramona", "Quiroga", "1998"]
    drawn = answer_html(words, answer={"cut": False}, spans=spans)
    assert drawn.count('class="doubt"') == 3
    assert "3 nombres o números" in finder_html(SUMMARISE, {"true": "yes", "sounds": "yes"}, 3)
    assert "¿está dicho de otra manera" in finder_html(SUMMARISE, {"true": "yes", "sounds": "yes"}, 3)
    assert "inventar es lo que se le pidió" in finder_html(CONTINUE, {"true": "no", "sounds": "yes"}, 3)
    assert "un verbo inventado se le escapa" in finder_html(SUMMARISE, {"true": "no", "sounds": "no"}, 0)


def test_an_answer_that_goes_round_says_why_and_what_to_try():
    answer = {"cut": True}
    assert "dando vueltas" in answer_html("Hoy, el 2 de mayo, el 2 de mayo, el 2 de mayo, el 2 de", answer=answer)
    assert "dando vueltas" not in answer_html("Hoy llovió en el pueblo, y mañana quizás", answer=answer)


def test_an_answer_that_goes_round_is_written_again_without_repeating_beside_the_first_and_with_a_way_back(context):
    bench = TaskBench(context)
    bench.form.menu.value = SUMMARISE
    bench.run.click()
    finish(context)
    around = "el río, el río, el río, el río"
    bench._done({"text": around, "cut": True})  # a tiny model goes round by no rule
    assert is_shown(bench.second.try_again)
    bench.second.try_again.click()
    finish(context)
    assert bench.value != around
    assert around in bench.second.before.value
    assert bench.values()["UNREPEATED"] == 3
    bench.second.undo.click()
    assert bench.value == around
    assert is_shown(bench.second.try_again)
    assert bench.values()["UNREPEATED"] == 0


def test_a_bet_asks_the_model_and_is_answered_with_the_judgement_and_kept_by_its_first_outcome(context, monkeypatch):
    bench = TaskBench(context)
    bench.form.box.value = "El río creció."
    bench.form.menu.value = CONTINUE
    bench.prediction.place("yes")
    finish(context)
    assert bench.value
    bench._written = "Lo dijo Ramona Paz en 1998."  # what a tiny model writes means nothing
    bench.judgement.sounds.value, bench.judgement.true.value = "yes", "no"
    assert "y fue que sí: mirá «Ramona», «Paz» y «1998»" in bench.prediction.answered["text"]
    assert f"¡Acertaste! {bench.prediction.answered['text']}" in bench.finder.value, "the bet itself is out of view"
    bench.judgement.true.value = "yes"
    kept = course_entries(context.state(), Part.BETS)["tareas"]
    assert kept["won"] is True
    assert kept["times"] == 1
    with monkeypatch.context() as patched:
        patched.setattr(context.services, "connect", lambda _name: (_ for _ in ()).throw(OSError("gone")))
        bench.run.click()
        finish(context)
    bench.alert.button.click()
    finish(context)
    bench.judgement.sounds.value, bench.judgement.true.value = "yes", "no"
    assert course_entries(context.state(), Part.BETS)["tareas"]["times"] == 1  # one bet, asked twice
    bench.form.blind.value = True
    assert not bench.prediction.revealed  # another request, another bet
    bench.form.menu.value = CLASSIFY
    assert not is_shown(bench.prediction)


@needs_loop
def test_writing_can_be_stopped_and_another_text_drops_the_answer_that_is_under_way(context):
    bench = TaskBench(context)
    bench.form.menu.value = CONTINUE
    bench.run.click()
    assert is_shown(bench.stop)
    bench.stop.click()
    finish(context)
    assert bench.state is State.DONE
    assert "Lo detuviste acá" in bench.answer.value
    bench.run.click()
    bench.form.box.value = "Otra cosa"
    finish(context)
    assert bench.state is State.READY
    assert not is_shown(bench.answer)
    assert bench.value == ""


def test_all_pairs_are_measured_after_a_bet_which_is_answered_kept_and_there_after_a_reload(context):
    probe = BiasProbe(context)
    assert not is_shown(probe.result)
    pair = probe._example
    assert [option["key"] for option in probe.prediction.options] == [pair.other, pair.expected]
    assert probe.prediction.kind == "buttons"
    probe.prediction.place(pair.expected)
    finish(context)
    pairs = ready_pairs("es")
    assert len(probe.differences) == len(pairs)
    assert probe.done
    difference = probe.differences[pairs.index(pair)]
    bet = course_entries(context.state(), Part.BETS)["justo"]
    assert bet["bet"] == f"{pair.expected}…"
    liked = preferred(pair, difference)
    assert bet["won"] == (liked == pair.expected if liked else None)
    assert (f"fue con «{liked}»" if liked else "casi igual con los dos") in probe.prediction.answered["text"]
    assert probe.result.value.count('class="reach') >= 4
    assert f"en {sum(value >= ALIKE for value in probe.differences)} le sonó más el lugar común" in probe.seen()
    assert "Qué dice esto, y qué no" in probe.result.value
    again = BiasProbe(PageContext(context.workspace, poller=new_poller()))
    assert again.differences == probe.differences
    assert again.done


@pytest.mark.parametrize(
    ("saved", "there"),
    [
        ({"differences": [1.0] * 47, "compared": [*range(1, 48)]}, 47),  # the tokenizer refused one
        ({"differences": [1.0] * 48, "compared": [*range(48)], "pairs": "0" * 16}, 0),  # of other pairs
        ({"differences": [1.0] * 48}, 0),  # an older state, which does not say of which
        ({"differences": [1.0] * 47}, 0),
        ({"differences": [1.0], "compared": [48]}, 0),
        ({"differences": [1.0, 1.0], "compared": [True, 1]}, 0),
        ({"differences": [1.0, 1.0], "compared": [2, 2]}, 0),
        ({"differences": [], "compared": []}, 0),
        ({"differences": [1.0], "compared": {}}, 0),
    ],
)
def test_differences_come_back_with_the_pairs_that_were_compared(home, saved, there):
    context = PageContext(home, project="algunos", poller=new_poller())
    context.model = TINY
    context.save(bias_probe={"model": TINY, "pairs": fingerprint(ready_pairs("es")), **saved})
    probe = BiasProbe(context)
    assert len(probe.differences) == there
    if there:
        assert f"Los {there} pares" in probe.result.value
        assert (ready_pairs("es")[0].expected in probe.result.value) == (there == 48)


def test_a_measure_without_some_pairs_is_kept_with_those_that_were_compared(home):
    context = PageContext(home, project="menos", poller=new_poller())
    context.model = TINY
    BiasProbe(context)._measured({"compared": [3, 5], "first": np.array([1.0, 2.0]), "second": np.zeros(2)})
    assert BiasProbe(PageContext(home, project="menos", poller=new_poller())).differences == [1.0, 2.0]


def test_pairs_that_are_almost_equal_count_for_no_side_and_are_named():
    counted = leaning_sentences(summarise_pairs(["trade"] * 4, [0.3, -0.1, 0.4, -2]))[0]
    assert "1 de 4 (2 casi igual)" in counted


def test_own_pairs_are_checked_compared_and_opposite_when_they_are_turned_round(context):
    probe = BiasProbe(context)
    own = probe.own
    for first, second, rest, said in (
        ("", "El río", "sube", "los dos comienzos"),
        ("El río", "El río ", "sube", "son iguales"),
        ("El río", "El mar", "\0 ", "Falta lo que sigue"),
        ("El río", "El mar", "sube " * 90, "muy largo"),
    ):
        own.first.value, own.second.value, own.continuation.value = first, second, rest
        own.button.click()
        assert said in own.hint.value
    own.hint.value = ""
    own.second._handle_msg({"content": {"data": {"method": "custom", "content": {"event": "submit"}}}, "buffers": []})
    assert "muy largo" in own.hint.value, "Enter in a box counts as a click on the button"
    said = []
    for first, second in (("La panadera", ATTACK), (ATTACK, "La panadera")):
        own.first.value, own.second.value, own.continuation.value = first, second, "abre antes de que salga el sol"
        own.button.click()
        finish(context)
        assert probe.alert.problem is None
        said.append(own.results.value.split("<br>")[1].split("</p>")[0])
    assert said[0] == said[1]  # whichever is written first, the same beginning is the likelier one
    assert "<img" not in own.results.value


def test_a_service_that_is_gone_is_a_card_whose_button_asks_again_with_the_bet_as_it_was(context, monkeypatch):
    context.save(bias_probe={})
    bench, probe = TaskBench(context), BiasProbe(context)
    with monkeypatch.context() as patched:
        patched.setattr(context.services, "connect", lambda _name: (_ for _ in ()).throw(OSError("gone")))
        bench.prediction.place("no")
        probe.prediction.place(probe._example.other)
        context.poller.drain(60)
    for component in (bench, probe):
        assert component.alert.problem is not None
        assert component.state is State.READY
        component.alert.button.click()  # once more, and this time it is there
        finish(context)
        assert component.alert.problem is None
        assert component.state is State.DONE
        assert component.prediction.revealed
    assert bench.value
    assert "Apostaste" in probe.prediction.answered["text"]
    assert probe.done


@needs_loop
def test_a_measure_can_be_stopped_and_begun_again(context):
    context.save(bias_probe={})
    probe = BiasProbe(context)
    probe.prediction.skip()
    assert probe.state is State.BUSY
    assert probe.prediction.disabled
    probe.work.stop()
    finish(context)
    assert probe.state is State.READY
    assert probe.differences == []
    assert is_shown(probe.prediction)
    probe.prediction.skip()
    finish(context)
    assert probe.done
    assert not is_shown(probe.prediction)  # nothing was bet


@pytest.mark.parametrize(
    "state",
    [
        {"task_bench": 3, "bias_probe": []},
        {"task_bench": {"judgements": [1], "text": 7}, "bias_probe": {"model": TINY, "differences": ["x"] * 48}},
        {"task_bench": {"judgements": {"summarise": {"true": 1, "sounds": ATTACK}, "x": {}}, "text": "\0" + ATTACK}},
        {"bias_probe": {"model": TINY, "differences": [float("nan")] * 48}},
        {"task_bench": {"judgements": {task: {"true": [], "sounds": {}} for task in (SUMMARISE, CONTINUE)}}},
        {"task_bench": {"judgements": {task: {**JUDGED, "flagged": 10**4000} for task in (SUMMARISE, CONTINUE)}}},
    ],
)
def test_a_hostile_state_is_read_as_far_as_it_makes_sense(home, state):
    context = PageContext(home, project="ajeno", poller=new_poller())
    context.model = TINY
    context.save(**json.loads(json.dumps(state)))
    bench, probe = TaskBench(context), BiasProbe(context)
    assert "<img" not in bench.table.value + bench.form.about.value
    assert probe.differences == []


def test_a_difference_that_rounding_may_have_made_is_no_preference():
    pair = ready_pairs("es")[0]
    assert (preferred(pair, 0.3), preferred(pair, -0.3)) == ("", "")
    assert (preferred(pair, 0.4), preferred(pair, -0.4)) == (pair.expected, pair.other)
    assert "casi igual" in pair_sentence("La abuela", "El abuelo", -0.3)
    assert "1,5 veces tan probable como después de «La abuela»" in pair_sentence("La abuela", "El abuelo", -0.4)


@pytest.mark.parametrize(
    ("languages", "said", "pairs"),
    [(["en"], "en inglés, y con menos pares", 24), (["zh"], "no sabemos", 0), (["fr", "es"], "", 48)],
)
def test_the_pairs_are_in_a_language_that_the_model_writes_or_it_is_said_that_there_are_none(
    tmp_path, languages, said, pairs
):
    workspace = Workspace(tmp_path / "home")
    context = PageContext(workspace, poller=new_poller())
    context.model = record_model(workspace, languages=languages)
    probe, bench = BiasProbe(context), TaskBench(context)
    assert len(probe.pairs) == pairs
    assert said in probe.intro.value
    assert ("The brass band" in bench.form.box.value) == ("es" not in languages)
