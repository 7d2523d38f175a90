"""Graphics cards: what is chosen for which, and one that fails in the middle of a real training."""

from __future__ import annotations

import json
import os
import random
import re
import resource
import subprocess
import sys
import types
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import torch
from torch import nn

from benchmarks import __main__ as program
from benchmarks import gpu
from benchmarks.thresholds import limit_of
from poetas.errors import explain
from poetas.generation.device import choose_device
from poetas.jobs import Job, JobState, Saved, Step
from poetas.training import loss_choice
from poetas.training.checkpoints import newest
from poetas.training.config import AT_ONCE, TrainingConfig
from poetas.training.hardware_plan import gpu_count, plan
from poetas.training.loss_choice import BLOCKS, FORMS, choose_loss, measure_losses
from poetas.training.memory_check import at_once
from poetas.training.training_request import TrainingRequest
from tests.paths import ROOT
from tests.tiny_model import build_tiny_model
from tests.unit.training_pieces import SMALL, dataset


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("CUDA error: unspecified launch failure\nCUDA kernel errors might be", "card-lost", "intacto"),
        ("CUDA error: an illegal memory access was encountered", "card-lost", "intacto"),
        ("CUDA error: uncorrectable ECC error encountered", "card-lost", "intacto"),
        ("CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasGemmEx`", "card-lost", "intacto"),
        ("CUDA error: out of memory\nCUDA kernel errors", "out-of-memory", "placa"),
        ("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity", "out-of-memory", "placa"),
        ("CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", "out-of-memory", "placa"),
        ("The NVIDIA driver on your system is too old (found version 11040).", "card-unusable", "actualizarlo"),
        (
            "Unexpected error from cudaGetDeviceCount(). Did you run some cuda functions?",
            "card-unusable",
            "reiniciando",
        ),
        ("CUDA unknown error - this may be due to an incorrectly set up environment", "card-unusable", "reiniciando"),
        ("CUDA driver error: out of memory", "out-of-memory", "placa"),
        ("CUDA driver error: device not ready", "card-lost", "intacto"),
        ("CUDA error: CUBLAS_STATUS_NOT_INITIALIZED when calling `cublasCreate`", "out-of-memory", "placa"),
        ("CUDA driver version is insufficient for CUDA runtime version", "card-unusable", "actualizarlo"),
        ("CUDA error: no kernel image is available for execution on the device", "card-unusable", "ese modelo"),
        ("Found no NVIDIA driver on your system.", "card-unusable", "ninguna placa"),
        ("Torch not compiled with CUDA enabled", "card-unusable", "ninguna placa"),
    ],
)
def test_what_pytorch_says_of_a_card_is_one_clear_card(words, code, said):
    explanation = explain(torch.AcceleratorError(words))
    assert explanation.code == code
    assert said in f"{explanation.what} {explanation.why}"
    assert explanation.detail.endswith(words)


def test_only_a_lack_of_memory_on_the_card_speaks_of_the_card():
    assert "placa" not in explain(RuntimeError("DefaultCPUAllocator: can't allocate memory")).what


@pytest.mark.slow
@pytest.mark.usefixtures("programs_on_path")
def test_a_card_that_fails_in_the_middle_ends_the_training_with_its_checkpoint_from_which_it_goes_on(tmp_path):
    asked = {"model": str(build_tiny_model(tmp_path / "tiny")), "dataset": str(dataset(tmp_path)), "training": SMALL}
    job = Job.start("lose_card", {**asked, "lost_at": 5}, parent=tmp_path, kinds="job_programs")
    assert job.wait(250) is JobState.FAILED
    failure = job.failure()
    assert (failure.code, failure.action) == ("card-lost", "resume")
    assert "placa de video" in failure.what
    assert newest(job.dir / "checkpoints").step == 3
    assert (job.dir / "adapter" / "adapter_model.safetensors").is_file()
    job.resume()
    assert job.wait(250) is JobState.FINISHED, job.failure()
    events = job.events()[0]
    after = events[max(place for place, event in enumerate(events) if type(event).__name__ == "Started") :]
    assert [event.step for event in after if isinstance(event, Step)] == list(range(4, 13))
    assert any(isinstance(event, Saved) for event in after)


def test_the_environment_can_ask_for_the_processor(monkeypatch):
    monkeypatch.setenv("POETAS_DEVICE", "cpu")
    assert choose_device().type == "cpu"
    assert gpu_count() == 0
    assert choose_device("meta").type == "meta", "what is asked for in the call counts more"


def test_a_batch_is_seen_whole_where_the_card_holds_it():
    config = TrainingConfig()
    assert plan(config, workers=1).accumulate == 2
    assert plan(config, workers=1, at_once=4096).accumulate == 1


def test_a_processor_sees_as_few_tokens_at_once_as_ever(tmp_path):
    request = TrainingRequest(build_tiny_model(tmp_path / "tiny"), "tiny", tmp_path, TrainingConfig())
    assert at_once(request) == AT_ONCE


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_the_loss_is_the_plain_one(name):
    torch.manual_seed(2)
    head, labels = torch.randn(500, 16), torch.randint(500, (9,))
    hidden = torch.randn(9, 16, requires_grad=True)
    again = hidden.detach().clone().requires_grad_()
    expected = nn.functional.cross_entropy(hidden @ head.t(), labels, reduction="none")
    losses = FORMS[name](again, head, labels)
    expected.sum().backward()
    losses.sum().backward()
    torch.testing.assert_close(losses, expected, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(again.grad, hidden.grad, rtol=1e-4, atol=1e-5)


def test_the_fastest_form_of_the_loss_is_chosen_and_kept_by_what_goes_on():
    head = torch.randn(50, 8)

    def slow(hidden, head, labels):
        return sum(FORMS["plain"](hidden, head, labels) for _ in range(400))

    choice = measure_losses(head, 5, {BLOCKS: slow, "plain": FORMS["plain"]}, autocast=None)
    assert choice.name == "plain"
    assert choice.times[BLOCKS] > choice.times["plain"] > 0
    assert measure_losses(head, 5, {BLOCKS: FORMS["plain"], "plain": slow}, autocast=None).name == BLOCKS
    assert choose_loss(head, 5, autocast=None, chosen="plain").name == "plain"
    assert choose_loss(head, 5, autocast=None, chosen=["hostile"]).name == BLOCKS


def test_the_form_that_is_chosen_is_never_slower_than_the_plain_one_by_more_than_is_allowed(monkeypatch):
    allowed = limit_of("gpu:loss:plain").most
    rng = random.Random(0)
    for _ in range(200):
        times = {name: rng.uniform(0.9, 1.1) for name in FORMS}
        waiting = iter(times.values())
        monkeypatch.setattr(loss_choice, "seconds_of", lambda *_given: next(waiting))  # noqa: B023
        chosen = measure_losses(torch.zeros(8, 4), 3, FORMS, autocast=None).name
        assert times[chosen] <= allowed * times["plain"]


# The libraries that the check of a card may have, and what these bring along; nothing of the apps.
HAVE = """
    torch transformers peft accelerate tokenizers safetensors numpy pandas pyarrow psutil pytest llms-para-poetas
    huggingface-hub hf-xet filelock packaging pyyaml regex tqdm typer click shellingham rich markdown-it-py mdurl
    pygments annotated-doc requests httpx httpcore httpx2 httpcore2 truststore h11 anyio sniffio idna certifi jinja2
    markupsafe sympy mpmath networkx fsspec typing-extensions python-dateutil six tzdata setuptools cloudpickle pluggy
    iniconfig colorama pip
"""
BLOCKER = """
import importlib.util, sys
away = set({away!r})
class Away:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in away:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Away())
real = importlib.util.find_spec
def find_spec(name, package=None):
    try:
        return real(name, package)
    except ModuleNotFoundError:
        return None
importlib.util.find_spec = find_spec
open({seen!r}, "a").write("began\\n")
"""


@pytest.fixture
def little_else(tmp_path):
    """The environment of processes, and of those that they start, in which these libraries alone can be imported."""
    have = set(HAVE.split())
    away = {
        top
        for top, owners in packages_distributions().items()
        if not any(re.sub("[-_.]+", "-", owner).lower() in have for owner in owners)
    }
    assert {"datasets", "evaluate", "gguf", "ipywidgets", "voila", "anywidget", "bqplot"} <= away, sorted(away)
    folder = tmp_path / "hidden"
    folder.mkdir()
    blocker = BLOCKER.format(away=sorted(away), seen=str(folder / "seen"))
    (folder / "sitecustomize.py").write_text(blocker, "utf-8")
    return {**os.environ, "PYTHONPATH": str(folder), "HF_HUB_OFFLINE": "1"}


def seconds_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_check_of_a_card_needs_nothing_but_the_libraries_that_train_and_does_on_a_processor_all_it_can(
    little_else, tmp_path
):
    out = tmp_path / "figures.json"
    command = [sys.executable, "-m", "benchmarks", "gpu", "--device", "cpu", "--small", "--json", str(out)]
    before = seconds_of_children()
    done = subprocess.run(command, cwd=ROOT, env=little_else, capture_output=True, text=True, timeout=850)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    figures = {figure["name"] for figure in json.loads(out.read_text("utf-8"))}
    assert figures == set(program.TABLE["benchmarks.gpu"]) - gpu.ONLY_ON_A_CARD
    assert not gpu.ONLY_ON_A_CARD & {"gpu:losses_float32", "gpu:resume", "gpu:two_processes", "gpu:card_lost"}
    busy = os.getloadavg()[1] > 2 * os.cpu_count()  # where a processor second does a third of its work
    assert seconds_of_children() - before < (180 if busy else 60), "of processor: a minute is promised"
    assert "not judged on a processor" in done.stdout
    assert (tmp_path / "hidden" / "seen").read_text("utf-8").count("began") == 4, "the two jobs and a helper as well"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("CUDA out of memory. Tried to allocate 2.00 GiB.\nSee the documentation", "La memoria de la placa"),
        ("CUDA error: device-side assert triggered\nCUDA kernel errors might be", "dejó de responder"),
    ],
)
def test_a_card_that_fails_during_its_check_is_said_in_one_sentence(words, said, monkeypatch, capsys):
    module = types.ModuleType("failing_check")
    monkeypatch.setitem(sys.modules, "failing_check", module)
    monkeypatch.setattr(program, "TABLE", {"failing_check": ("kernel_mb",)})

    def figures(_names):
        raise RuntimeError(words)

    module.figures = figures
    assert program.main(["kernel_mb"]) == 1
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert said in line
    words = "a mistake of ours"
    with pytest.raises(RuntimeError, match=words):
        program.main(["kernel_mb"])


def test_without_a_card_its_check_says_so_in_one_sentence(capsys):
    if torch.cuda.is_available():
        pytest.skip("there is a graphics card")
    assert program.main(["gpu"]) == 1
    said = capsys.readouterr().err.strip()
    assert "No puedo usar la placa de video." in said
    assert len(said.splitlines()) == 1
    assert Path(ROOT, "Makefile").read_text("utf-8").count("gpu-check:") == 1
