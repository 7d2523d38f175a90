"""RunComparison: what differs, measured figures, one axis, and a choice that a reload keeps until a newer training."""

import re

from poetas.jobs import JobState
from tests.unit.widgets.train.steps import again, an_exam, finished, plain, run_by_hand
from widgets import Hyperparameters, TrainingPanel
from widgets.core.elements import is_shown
from widgets.train.dataset_records import adapter_in_use


def panel(context):
    training = TrainingPanel(Hyperparameters(context=context))
    context.poller.drain(5)
    return training


def test_two_runs_stand_side_by_side_and_one_does_not(alone):
    run_by_hand(alone, "train-a", 1, [3.0, 2.5], epochs=1)
    assert not is_shown(panel(alone).runs)
    second = run_by_hand(alone, "train-b", 2, [3.0, 2.0, 2.2], epochs=5, learning_rate=1e-3)
    finished(alone, "evaluate", {"adapter": str(second / "adapter")}, an_exam())
    runs = panel(alone).runs
    assert is_shown(runs)
    shown = plain(runs.table.value)
    assert "2 min" in shown
    assert "4 min" in shown
    assert "no lo dio" in shown
    assert "Vueltas al cuaderno (épocas): 5" in shown
    assert "0,001" in shown
    assert "Rango" not in shown, "what is alike is not listed"
    [best] = re.findall(r"<tr[^>]*>(?:(?!</tr>).)*el mejor.*?</tr>", runs.table.value)
    assert "2,00" in best
    assert "en la corrección 2" in plain(best)
    assert "hacerse trampa" in runs.caution.value
    paths = re.findall(r'class="validation" points="([^"]*)"', runs.table.value)
    ends = [path.split()[-1].split(",")[0] for path in paths]
    assert float(ends[0]) < float(ends[1]), "the shorter run ends earlier on the common axis"


def test_the_chosen_run_is_used_until_a_newer_training_begins(alone):
    first = run_by_hand(alone, "train-a", 1, [3.0, 2.0], epochs=1)
    second = run_by_hand(alone, "train-b", 2, [3.0, 2.5], epochs=5)
    training = panel(alone)
    assert alone.training == str(second)
    training.runs.choice.value = str(first)
    assert alone.training == str(first)
    assert adapter_in_use(alone) == first / "adapter"
    assert "que elegiste más abajo" in training.result.value
    assert training.done
    other = again(alone)
    reopened = panel(other)
    assert other.training == str(first), "the last one does not take its place by itself"
    assert reopened.runs.choice.value == str(first)
    assert reopened.done
    run_by_hand(alone, "train-c", 3, [3.0, 2.4], epochs=2)
    newer = again(alone)
    panel(newer)
    assert newer.training.endswith("train-c")
    for context in (other, newer):
        context.close()


def test_a_run_without_an_adapter_is_listed_but_cannot_be_chosen(alone):
    run_by_hand(alone, "train-a", 1, [3.0, 2.0], epochs=1)
    run_by_hand(alone, "train-b", 2, [3.0], adapter=False, epochs=5)
    runs = panel(alone).runs
    assert is_shown(runs)
    assert not is_shown(runs.choice)
    assert [record.usable for record in runs.runs] == [True, False]
    assert runs.runs[0].state is JobState.FINISHED


def test_the_lines_are_drawn_as_in_the_chart_of_one_training():
    """Solid what is studied, dashed the validation, in both pictures and in the words under them."""
    from pathlib import Path

    from widgets.train.runs import run_comparison, run_table

    style = Path(run_comparison.__file__).with_suffix(".css").read_text("utf-8")
    training = style.split(".poetas-run-curve .training {")[1].split("}")[0]
    assert "stroke-dasharray: none" in training
    assert "stroke-dasharray: 4 3" in style.split("training {")[0]
    assert "Línea entera: estudio; de rayas: simulacro." in Path(run_table.__file__).read_text("utf-8")
