"""The knobs: what they accept, what they say, and that nothing hostile gets past them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetas.errors import PoetasError
from poetas.evaluation.config import EvaluationConfig
from poetas.training.config import TrainingConfig
from poetas.training.errors import BadTraining
from poetas.training.parameter_docs import parameter_doc
from poetas.training.parameter_spec import Choice, Count, Real, Switch
from poetas.training.presets import PRESETS
from poetas.training.training_request import TrainingRequest
from tests.paths import ROOT

NUMBERS = [name for name in TrainingConfig.names() if isinstance(TrainingConfig.limits(name), Count | Real)]


@pytest.mark.parametrize("name", TrainingConfig.names())
def test_every_knob_has_words_a_source_and_a_default_in_its_range(name):
    limits, doc = TrainingConfig.limits(name), parameter_doc(name)
    assert limits.allow(TrainingConfig.default(name))
    assert len(limits.source) > 10
    assert doc.label
    assert doc.what.endswith(".")
    if limits.shown:
        assert doc.low.endswith(".")
        assert doc.high.endswith(".")


def test_the_apps_show_the_five_knobs_of_the_storyboard():
    assert TrainingConfig.names(shown=True) == ("epochs", "learning_rate", "batch_size", "lora_rank", "longest")


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_accepted_at_both_ends_and_refused_beyond_them(name):
    limits = TrainingConfig.limits(name)
    kind = int if isinstance(limits, Count) else float
    for value in (limits.low, limits.high):
        assert getattr(TrainingConfig(**{name: kind(value)}), name) == value
    for value in (limits.low - 1, limits.high + 1):
        with pytest.raises(BadTraining) as caught:
            TrainingConfig(**{name: kind(value)})
        assert parameter_doc(name).label in caught.value.explanation.what
        assert caught.value.explanation.action == "reset"


HOSTILE = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(st.dictionaries(st.sampled_from(TrainingConfig.names()) | st.text(max_size=9), HOSTILE, max_size=4) | HOSTILE)
def test_whatever_a_file_holds_is_a_valid_configuration_or_a_card(value):
    refused = None
    try:
        config = TrainingConfig.from_dict(value)
    except BadTraining as error:
        refused = error.explanation
    if refused is None:
        assert TrainingConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    else:
        assert refused.what
        assert len(refused.detail) < 400


@pytest.mark.parametrize("value", [True, "3", 3.5, None, float("nan"), [3], 10**30, -1])
def test_what_is_no_count_of_epochs_is_refused(value):
    with pytest.raises(BadTraining):
        TrainingConfig.from_dict({"epochs": value})


def test_whole_floats_and_integers_are_taken_for_each_other_as_json_writes_them():
    config = TrainingConfig.from_dict({"epochs": 2.0, "save_minutes": 3})
    assert (config.epochs, type(config.epochs)) == (2, int)
    assert (config.save_minutes, type(config.save_minutes)) == (3.0, float)


def test_an_unknown_knob_is_named_in_the_detail_and_not_silently_dropped():
    with pytest.raises(BadTraining) as caught:
        TrainingConfig.from_dict({"lerning_rate": 1e-4})
    assert "lerning_rate" in caught.value.explanation.detail


def test_a_batch_in_parts_keeps_its_size():
    for batch in range(1, 20):
        for parts in range(1, 20):
            config = TrainingConfig(batch_size=batch, accumulate=parts)
            assert config.micro_batch * config.parts == batch
            assert config.parts >= min(parts, batch)


def test_the_presets_differ_and_the_usual_settings_are_the_middle_one():
    assert list(PRESETS) == ["rapido", "equilibrado", "a-fondo"]
    assert len({preset.config for preset in PRESETS.values()}) == len(PRESETS)
    assert [preset.label for preset in PRESETS.values()] == ["Rápido", "Equilibrado", "A fondo"]
    assert PRESETS["equilibrado"].config == TrainingConfig()


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"model": "tiny"},
        {"model": 3, "dataset": "/d"},
        {"model": "tiny", "dataset": ""},
        {"model": "tiny", "dataset": "/d", "samples": -1},
        {"model": "tiny", "dataset": "/d", "samples": 99},
        {"model": "tiny", "dataset": "/d", "samples": [0, "1"]},
        {"model": "tiny", "dataset": "/d", "samples": True},
        {"model": "tiny", "dataset": "/d", "training": [1]},
        {"model": "tiny", "dataset": "/d", "language": "klingon"},
    ],
)
def test_a_request_that_lacks_something_is_a_card(config):
    with pytest.raises(BadTraining):
        TrainingRequest.parse(config)


def test_a_model_is_never_looked_for_outside_its_folder():
    with pytest.raises(PoetasError, match="no puede ser el nombre de un modelo"):
        TrainingRequest.parse({"model": "../../etc/passwd", "dataset": "/d"})


@pytest.mark.parametrize("parse", [TrainingRequest.parse, EvaluationConfig.parse])
@pytest.mark.parametrize(
    ("name", "files", "what", "action"),
    [
        ("smollm2-135m", None, "El modelo smollm2-135m ya no está en esta máquina.", "choose-model"),
        ("Qwen--Qwen2.5-0.5B", None, "El modelo Qwen/Qwen2.5-0.5B ya no está en esta máquina.", "choose-model"),
        ("smollm2-135m", ["config.json"], "No pude leer el modelo smollm2-135m.", "fetch-again"),
    ],
)
def test_a_model_that_was_taken_away_since_it_was_chosen_is_reported_by_its_name(
    tmp_path, parse, name, files, what, action
):
    folder = tmp_path / "modelos" / name
    if files is not None:
        folder.mkdir(parents=True)
        for file in files:
            (folder / file).touch()
    with pytest.raises(PoetasError) as caught:
        parse({"model": str(folder), "dataset": "/d"})
    explanation = caught.value.explanation
    assert (explanation.what, explanation.action) == (what, action)
    assert "de nuevo" in explanation.remedy
    assert str(tmp_path) not in explanation.what + explanation.why + explanation.remedy


def test_the_chosen_texts_are_a_number_or_a_list():
    base = {"model": "tiny", "dataset": "/d"}
    assert TrainingRequest.parse({**base, "samples": 3}).samples == (0, 1, 2)
    assert TrainingRequest.parse({**base, "samples": [5, 2, 5]}).samples == (5, 2)


def test_all_that_the_apps_kernel_needs_loads_without_torch():
    names = (
        "config", "parameter_docs", "presets", "estimate", "fallback_configs", "workload", "batching", "loss_curve",
        "errors", "train_job",
    )  # fmt: skip
    code = f"import sys, importlib\nfor name in {names!r}: importlib.import_module('poetas.training.' + name)\n"
    code += "print([n for n in ('torch', 'transformers', 'tokenizers', 'peft', 'datasets') if n in sys.modules])"
    root = ROOT
    seen = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=120)
    assert seen.stdout.strip() == "[]", seen.stderr


def test_choices_and_switches_are_reported_in_words():
    assert Choice(("", "a"), "x").describe("") == "automático, a"
    assert Switch("x").describe("") == "sí o no"
    assert not Choice(("", "a"), "x").allow(["a"])
    assert not Switch("x").allow(1)
