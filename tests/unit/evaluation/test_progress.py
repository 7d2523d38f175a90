"""The bar of an evaluation, and the time left that a page reads from it."""

import pytest

from poetas.evaluation import progress
from poetas.evaluation.progress import EvaluationProgress
from poetas.jobs import JobContext, Progress, Written
from poetas.jobs.time_left import TimeLeft


def reported(tmp_path, monkeypatch, lengths, limit=40, rows=8):
    """(time, done, total) of each event of systems whose texts take ``lengths`` tokens; a token takes a second."""
    clock, events = [0.0], []
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    context = JobContext(tmp_path, "evaluate", {})
    monkeypatch.setattr(JobContext, "emit", lambda _context, event: events.append((clock[0], event)))
    meter = EvaluationProgress(context, total=sum(map(len, lengths)))
    for system in lengths:
        meter.begin("escribe")
        for start in range(0, len(system), rows):
            batch = system[start : start + rows]
            for token in range(1, max(batch) + 1):
                meter.step(min(rows, len(system)), limit, len(system))
                clock[0] += 1.0
                for _text in range(batch.count(token)):
                    meter.ended()
    meter.written("tuned", 0, "Un texto. " * 40, "Un resumen", cut=True)
    shown = [(when, event.done, event.total) for when, event in events if isinstance(event, Progress)]
    return shown, clock[0], events[-1][1]


@pytest.mark.parametrize(("length", "begun"), [(40, 10), (20, 60)])  # at the limit; or at half of it, from the third on
def test_the_time_left_is_within_a_third_of_the_truth_for_systems_that_write_alike(
    tmp_path, monkeypatch, length, begun
):
    shown, end, _last = reported(tmp_path, monkeypatch, [[length] * 16, [length] * 16, [length] * 16])
    timer = TimeLeft()
    estimates = [(when, timer.left(done, total, when + 1)) for when, done, total in shown]
    judged = [(left, end - when) for when, left in estimates if begun < when < end - 5]
    assert len(judged) > 40
    assert all(abs(left - truth) <= truth / 3 for left, truth in judged)
    assert [done for _when, done, _total in shown] == sorted(done for _when, done, _total in shown)


def test_a_batch_that_ends_early_does_not_count_for_the_next_one(tmp_path, monkeypatch):
    shown, _end, _last = reported(tmp_path, monkeypatch, [[10] * 8 + [40] * 8])
    assert max(done for when, done, _total in shown if 10 < when <= 12) < 10


def test_a_text_is_shown_with_how_its_source_begins(tmp_path, monkeypatch):
    _shown, _end, last = reported(tmp_path, monkeypatch, [[2]])
    assert isinstance(last, Written)
    assert (last.system, last.text, last.cut, len(last.source) <= 170) == ("tuned", "Un resumen", True, True)
