"""Scoreboard and ScoreSheet: the exam, its count, its table, its texts and its verdict."""

import json
import re
import shutil
from html import unescape
from pathlib import Path

import pytest

from poetas.course.made_bets import made_bets
from poetas.i18n import number
from poetas.jobs import Job
from tests.unit.widgets.pollers import INLINE, new_poller
from tests.unit.widgets.train.steps import LONG, an_exam, finished, plain, trained_by_hand
from widgets import PageContext, Scoreboard
from widgets.core.component import State
from widgets.core.elements import is_shown
from widgets.train.dataset_records import dataset_config
from widgets.train.evaluation.score_sheet import ScoreSheet

pytestmark = pytest.mark.slow


def test_the_exam_is_taken_with_progress_and_its_result_survives_a_reload(examined):
    context, board, seen = examined
    assert board.done
    scores = {row["system"]: row["scores"]["rouge1"] for row in board.value["rows"]}
    assert f"y el que estudió, {number(100 * scores['tuned'], 1)}." in board.seen()
    assert any("Modelo ajustado" in words and "El modelo como vino" in words for words in seen), "shown while written"
    assert not is_shown(board.written)
    bars = board.bars
    assert bars.box.value
    bars.compare.click()
    context.poller.drain(LONG)
    assert bars.alert.problem is None
    assert is_shown(bars.pair)
    before, after = (rows.rows for rows in bars.bars.values())
    assert [row["label"] for row in before] == [row["label"] for row in after]
    assert any(shift.before != shift.after for shift in bars.value), "the adapter changed the probabilities"
    assert plain(bars.sentence.value)
    bars.box.value = "Otro comienzo"
    assert not is_shown(bars.pair), "bars of another beginning are not shown"
    systems = [row["system"] for row in board.value["rows"]]
    assert systems == ["other", "lead1", "second", "lead3", "extractive", "base", "base_examples", "tuned"]
    assert board.value["verdict"]["headline"] in unescape(board.sheet.verdict.value)
    assert "Es la primera vez que se toma este examen" in board.count.value
    answered = board.guess.answered["text"]
    assert answered.startswith("Apostaste que no")
    assert "La mejor de las que no cuestan esfuerzo fue «" in answered
    other = PageContext(context.workspace, project=context.project.name, poller=new_poller())
    reloaded = Scoreboard(context=other)
    other.poller.drain(10)
    assert reloaded.value == board.value
    assert reloaded.guess.answered["text"] == answered
    assert [bet.times for bet in made_bets(other.state())] == [1], "looking again is no further bet"
    exams = [job for job in Job.all(other.project.jobs) if job.kind == "evaluate"]
    for _click in range(1 if INLINE else 2):
        reloaded.again.click()
    [another] = [job for job in Job.all(other.project.jobs) if job.kind == "evaluate" and job.dir != exams[0].dir]
    another.kill()
    shutil.rmtree(another.dir)
    twice = exams[0].dir.with_name(exams[0].dir.name + "-2")
    shutil.copytree(exams[0].dir, twice)
    recounted = Scoreboard(context=other)
    other.poller.drain(10)
    assert "Este examen ya se tomó 2 veces." in recounted.count.value
    shutil.rmtree(twice)
    other.close()


def test_a_renamed_or_copied_dataset_keeps_its_exams_and_their_count(alone):
    """Otherwise a learner who renames the texts would read again that the exam is taken for the first time."""
    training = trained_by_hand(alone, {"steps": 3}, **dataset_config(alone))
    alone.training = str(training)
    finished(alone, "evaluate", {"adapter": str(training / "adapter"), **dataset_config(alone)}, an_exam())
    first = Path(alone.dataset)
    copy = shutil.copytree(first, first.with_name("copia"))
    for folder in (copy, first.rename(first.with_name("otro-nombre"))):
        alone.dataset = str(folder)
        board = Scoreboard(context=alone)
        alone.poller.drain(10)
        assert board.value["n"] == 12
        assert "Es la primera vez" in board.count.value


def test_an_exam_that_was_not_finished_is_not_counted(alone):
    training = trained_by_hand(alone, {"steps": 3})
    alone.training = str(training)
    exam = finished(alone, "evaluate", {"adapter": str(training / "adapter")}, an_exam())
    stopped = Path(shutil.copytree(exam, exam.with_name("evaluate-20980101-000000-abcdef12")))
    record = json.loads((stopped / "job.json").read_text("utf-8"))
    record["config"]["adapter"] = "/nowhere/adapter"
    (stopped / "job.json").write_text(json.dumps(record), "utf-8")
    (stopped / "result.json").unlink()
    started = (stopped / "events.jsonl").read_text("utf-8").splitlines()[0]
    (stopped / "events.jsonl").write_text(started + "\n", "utf-8")
    board = Scoreboard(context=alone)
    alone.poller.drain(10)
    assert len(board._exams()) == 2
    assert "Es la primera vez" in board.count.value


@pytest.mark.parametrize("result", ["{", {}, {"rows": [1, 2]}, {"rows": [{"system": "tuned"}], "n": 4}])
def test_an_exam_that_cannot_be_read_is_a_card_with_which_to_take_it_again(alone, brief_looks, result):
    training = trained_by_hand(alone, {"steps": 3})
    alone.training = str(training)
    old = finished(alone, "evaluate", {"adapter": str(training / "adapter")}, result)
    board = Scoreboard(context=alone)
    alone.poller.drain(10)
    assert board.state is State.READY
    assert board.alert.problem.code == "result-unreadable"
    assert board.alert.button in board.alert.children
    assert not any(map(is_shown, (board.card, board.again, board.guess)))
    board.alert.button.click()
    assert board.state is State.BUSY
    assert board.job.dir != old
    assert board.alert.problem is None


@pytest.fixture
def result():
    return an_exam()


def test_a_click_on_a_score_marks_what_it_counts_in_both_texts(result):
    sheet = ScoreSheet()
    sheet.value = result
    rows = {row["title"]: row for row in sheet.table.rows}
    assert rows["Modelo ajustado"]["mine"]
    assert all(re.fullmatch(r"\d+,\d", cell) for row in rows.values() for cell in row["cells"])
    place = [row["system"] for row in result["rows"]].index("tuned")
    sheet.table.pick(place, 0)
    shown = sheet.reader.words.value
    assert "<mark>Salta</mark>" in shown
    assert '<u class="doubt">Elvira</u>' in shown
    assert '<u class="doubt">99</u>' in shown
    assert "&lt;b&gt;" in shown
    assert "Palabras (ROUGE-1) de este texto" in shown
    assert "se corta acá" not in shown
    text = result["texts"][sheet.reader.value]
    text["systems"]["tuned"]["cut"] = True
    sheet.table.pick(place, 1)
    assert "… <span" in sheet.reader.words.value
    assert sheet.reader.metric == "rouge2"
    assert sheet.table.picked == [place, 1]
    assert "Pares (ROUGE-2): entre cuánto y cuánto" in sheet.reaches.value


def test_the_reader_walks_round_and_jumps_to_the_best_and_the_worst(result):
    sheet = ScoreSheet()
    result["best"] = [3, 5]
    sheet.value = result
    reader = sheet.reader
    reader.value = 0
    reader.before.click()
    assert reader.value == len(result["texts"]) - 1
    reader.after.click()
    assert reader.value == 0
    reader.worst.click()
    assert reader.value == result["worst"][0]
    reader.worst.click()
    assert reader.value == result["worst"][1]
    reader.best.click()
    assert reader.value == result["best"][0]
    assert "Texto" in plain(reader.place.value)


def test_the_verdict_has_the_look_of_its_kind_and_names_what_was_not_beaten(result):
    sheet = ScoreSheet()
    sheet.value = result
    kind = result["verdict"]["kind"]
    look = {"improved": "verdict ", "worse": "verdict no", "unclear": "verdict unsure", "mixed": "verdict unsure"}
    look["collapsed"] = "verdict no"
    assert f'class="{look[kind]}' in sheet.verdict.value
    for sentence in result["verdict"]["sentences"]:
        assert sentence in unescape(sheet.verdict.value)


def test_a_style_has_a_table_of_its_own_and_what_it_recites_is_marked():
    interval = {"mean": 3.1, "low": 2.9, "high": 3.3, "n": 12, "confidence": 0.95}
    rows = [
        {"system": "human", "title": "Una persona", "scores": {"copied": 3, "repetition": 0.01}, "intervals": {}},
        {
            "system": "tuned",
            "title": "Modelo ajustado",
            "scores": {"loss": 3.1, "copied": 9, "repetition": 0.02},
            "intervals": {"loss": interval},
        },
    ]
    none = {"length": 0, "start": 0, "end": 0}
    samples = [
        {
            "beginning": "Cuando baja la crecida",
            "human": {"text": "\nvuelve <i>el</i> barro", "copied": none},
            "tuned": {"text": "\ncanta el gallo rojo", "copied": {"length": 4, "start": 1, "end": 20}},
        }
    ]
    verdict = {"kind": "improved", "headline": "Mejoró.", "sentences": ["Porque sí."]}
    sheet = ScoreSheet()
    sheet.value = {"task": "style", "n": 12, "rows": rows, "samples": samples, "verdict": verdict}
    assert "9 palabras" in plain(sheet.plain.value)
    assert "3,10 (de 2,90 a 3,30)" in plain(sheet.plain.value)
    shown, _fold, folded = sheet.plain.value.partition("<details")
    assert "Pérdida" not in shown  # raw figures wait in a fold, with what they are
    assert "0 sería adivinarlos todos" in folded
    assert "<mark>canta el gallo rojo</mark>" in sheet.style.words.value
    assert "&lt;i&gt;" in sheet.style.words.value
    assert "se corta acá" not in sheet.style.words.value
    cut = [{**samples[0], "tuned": {**samples[0]["tuned"], "cut": True}}]
    sheet.value = {**sheet.value, "samples": cut}
    assert "</mark>… <span" in sheet.style.words.value
    assert not is_shown(sheet.table)
