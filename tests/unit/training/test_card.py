"""Graphics cards: what is chosen for which, and one that fails in the middle of a real training."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from poetas.errors import explain
from poetas.generation.device import choose_device
from poetas.jobs import Job, JobState, Saved, Step
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


# The libraries that the check of a card may have, and what these bring along; nothing of the apps.
HAVE = """
    torch transformers peft accelerate tokenizers safetensors numpy pandas pyarrow psutil pytest llms-para-poetas
    huggingface-hub hf-xet filelock packaging pyyaml regex tqdm typer click shellingham rich markdown-it-py mdurl
    pygments annotated-doc requests httpx httpcore httpx2 httpcore2 truststore h11 anyio sniffio idna certifi jinja2
    markupsafe sympy mpmath networkx fsspec typing-extensions python-dateutil six tzdata setuptools cloudpickle pluggy
    iniconfig colorama pip
"""
BLOCKER = """
import importlib.metadata as metadata, re, runpy, sys
have = set({have!r}.split())
away = {{top for top, owners in metadata.packages_distributions().items()
        if not any(re.sub("[-_.]+", "-", owner).lower() in have for owner in owners)}}
class Away:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in away:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
hidden = metadata.distribution
sys.meta_path.insert(0, Away())
assert {{"datasets", "evaluate", "gguf", "ipywidgets", "voila", "anywidget", "bqplot"}} <= away, sorted(away)
import importlib.util
real = importlib.util.find_spec
def find_spec(name, package=None):
    try:
        return real(name, package)
    except ModuleNotFoundError:
        return None
importlib.util.find_spec = find_spec
sys.argv = ["benchmarks", *sys.argv[1:]]
runpy.run_module("benchmarks", run_name="__main__", alter_sys=True)
"""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_check_of_a_card_needs_nothing_but_the_libraries_that_train_and_does_on_a_processor_all_it_can(tmp_path):
    out = tmp_path / "figures.json"
    command = [sys.executable, "-c", BLOCKER.format(have=HAVE), "gpu", "--device", "cpu", "--small", "--json", str(out)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=850)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    assert "NOT KEPT" not in done.stdout
    figures = out.read_text("utf-8")
    proven = ("losses_float32", "resume", "events", "texts", "stream", "probabilities", "no_bfloat16", "out_of_memory")
    assert [name for name in (*proven, "two_processes") if f'"gpu:{name}"' not in figures] == []
    assert "not judged on a processor" in done.stdout


def test_without_a_card_its_check_says_so_in_one_sentence(capsys):
    from benchmarks import __main__ as program

    if torch.cuda.is_available():
        pytest.skip("there is a graphics card")
    assert program.main(["gpu"]) == 1
    said = capsys.readouterr().err.strip()
    assert "No puedo usar la placa de video." in said
    assert len(said.splitlines()) == 1
    assert Path(ROOT, "Makefile").read_text("utf-8").count("gpu-check:") == 1
