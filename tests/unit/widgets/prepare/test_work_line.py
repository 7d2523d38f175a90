"""A long call to the preparation service: its progress, the button that stops it, and the same call again."""

import random
import time

from poetas.util.files import private_folder
from tests.tiny_model import register_tiny_model
from tests.unit.widgets.pollers import needs_loop, sweep
from widgets import LengthChart
from widgets.controls.work_line import WorkLine
from widgets.prepare.dataset_draft import DatasetDraft


def many_texts(path, count):
    rng = random.Random(1)
    rows = ("".join(rng.choices("aeioulmnrst ", k=300)) for _ in range(count))
    path.write_text("texto\n" + "\n".join(f'"{row}"' for row in rows), "utf-8")
    return path


def wait_for_progress(context, line, *others):
    """Let the poller read until a call reports its progress, or has ended."""
    deadline = time.monotonic() + 60
    while not (line._parts or any(others)) and time.monotonic() < deadline:
        sweep(context.poller)
        time.sleep(0.01)
    assert "<progress" in line.words.value
    assert line.stop_button.description == "Detener"


@needs_loop
def test_comparing_many_texts_is_shown_and_can_be_stopped_and_done_again(context):
    draft, problems, answers = DatasetDraft.of(context), [], []
    path = many_texts(private_folder(context.workspace.root) / "muchos.csv", 3_000)
    draft.open(str(path), done=answers.append, failed=problems.append)
    line = draft.mapping_line
    wait_for_progress(context, line, problems, answers)
    line.stop_button.click()
    context.poller.drain()
    assert [problem.code for problem in problems] == ["work-stopped"]
    assert not answers
    assert line.children == ()
    draft.choose({"text": "texto"}, done=answers.append, failed=problems.append)
    context.poller.drain()
    assert answers[-1]["rows"] == 3_000
    assert len(problems) == 1

    register_tiny_model(context.workspace)
    chart = LengthChart(context=context)
    chart.prediction.place("300")
    wait_for_progress(context, chart.line)
    chart.line.stop_button.click()
    context.poller.drain()
    assert chart.lengths is None
    assert chart.alert.problem.code == "work-stopped"
    assert not chart.prediction.revealed, "it can be asked again"
    chart.prediction.place("300")
    context.poller.drain()
    assert len(chart.lengths) == 3_000


def test_a_newer_call_stops_the_one_before_and_outlives_its_end():
    stopped, line = [], WorkLine()

    def first():
        stopped.append("first")

    line.begin(first)
    line.update({"note": "Busco", "done": 0.1})
    line.begin(second := lambda: stopped.append("second"))
    assert stopped == ["first"]
    line.update({"note": "Busco", "done": 0.2})
    line.end(first)
    assert line.children
    line.stop_button.click()
    assert stopped == ["first", "second"]
    line.end(second)
    assert line.children == ()
