"""Doors after a verdict: which stand, what they cost, and how many texts would show the difference."""

import numpy as np
import pytest

from poetas.evaluation.bootstrap import Interval, mean_interval
from poetas.evaluation.next_steps import DOORS, Door, MeasuredRun, exam_needed, next_steps
from poetas.evaluation.verdict_kind import VerdictKind
from poetas.training.config import TrainingConfig
from poetas.training.presets import PRESETS

RUN = MeasuredRun(TrainingConfig(), seconds=600.0, best=0.9, exam_seconds=120.0, texts=100)


def result(kind, *, n=20, task="summary"):
    systems = ("base", "tuned") if task == "style" else ("lead1", "base", "base_examples", "tuned")
    return {"task": task, "n": n, "verdict": {"kind": kind}, "rows": [{"system": system} for system in systems]}


def test_every_kind_of_verdict_has_its_doors():
    assert set(DOORS) == set(VerdictKind)
    for kind in VerdictKind:
        assert next_steps(result(kind), RUN, difference=Interval(1.0, -1.0, 3.0, 20))


def test_a_style_and_an_exam_without_examples_have_no_door_to_them():
    assert Door.EXAMPLES in [step.door for step in next_steps(result("unclear"), RUN, difference=None)]
    assert Door.EXAMPLES not in [
        step.door for step in next_steps(result("unclear", task="style"), RUN, difference=None)
    ]
    assert next_steps({**result("unclear"), "verdict": {"kind": "of another version"}}, RUN, difference=None) == ()


def test_more_texts_cost_as_many_times_as_they_are():
    [more, *_rest] = next_steps(result("unclear"), RUN, difference=Interval(1.0, -1.0, 3.0, 20))
    assert (more.door, more.exam, more.texts) == (Door.MORE_TEXTS, 80, 300)
    assert more.seconds == pytest.approx(4 * 720)
    [few, *_rest] = next_steps(result("too_few", n=4), RUN, difference=None)
    assert (few.exam, few.texts) == (40, 900)
    [unmeasured, *_rest] = next_steps(result("too_few", n=4), MeasuredRun(TrainingConfig(), texts=100), difference=None)
    assert unmeasured.seconds is None


def test_another_combination_is_never_the_same_and_is_gentler_after_learning_by_heart():
    def preset(kind, run):
        [step] = [step for step in next_steps(result(kind), run, difference=None) if step.door is Door.COMBINATION]
        return step

    assert preset("unclear", RUN).preset == "a-fondo"
    assert preset("worse", RUN).preset == "rapido"
    assert preset("unclear", MeasuredRun(TrainingConfig(), best=0.3)).preset == "rapido"
    thorough = PRESETS["a-fondo"].config
    assert preset("unclear", MeasuredRun(thorough.within(100), best=1.0)).preset == "equilibrado"
    assert preset("unclear", RUN).seconds == pytest.approx(600 * 5 / 2 * 2 + 120)  # five epochs, texts twice as long
    assert preset("worse", RUN).seconds == pytest.approx(600 / 2 + 120)


def test_so_many_texts_do_show_the_difference():
    """Of 200 draws with the promised number of texts, most intervals exclude zero; of those before, few did."""
    rng = np.random.default_rng(5)
    before = rng.normal(1.0, 6.0, 40)
    interval = mean_interval(before, resamples=500)
    needed = exam_needed(40, Interval(1.0, 1.0 - (interval.mean - interval.low), 0.0, 40), style=False)
    shown = [
        sum(mean_interval(rng.normal(1.0, 6.0, size), resamples=200).above for _ in range(60)) / 60
        for size in (40, needed)
    ]
    assert shown[0] < 0.35
    assert shown[1] >= 0.4


def test_where_the_fine_tuned_one_is_behind_no_number_is_promised():
    assert exam_needed(50, Interval(-1.0, -3.0, 1.0, 50), style=False) == 0
    assert exam_needed(50, Interval(0.01, -3.0, 3.0, 50), style=False) == 0, "thousands of texts are no advice"
    assert exam_needed(20, Interval(-1.0, -3.0, 1.0, 20), style=False) == 40
    assert exam_needed(12, Interval(-1.0, -3.0, 1.0, 12), style=True) == 0


@pytest.mark.parametrize("kind", ["mixed", "collapsed", "void"])
def test_where_the_exam_shows_the_difference_no_number_of_texts_is_asked_for(kind):
    """A few texts more would show what shows already; and a void exam shows nothing, however many are like them."""
    [more] = [
        step
        for step in next_steps(result(kind, n=46), RUN, difference=Interval(9.0, 6.0, 12.0, 46))
        if step.door is Door.MORE_TEXTS
    ]
    assert (more.texts, more.exam) == (0, 0)
    assert (more.seconds is None) is (kind == "void"), "of other texts nothing was measured"
