"""The embedded models, converted tensor by tensor, against transformers' own reading of the same GGUF."""

import json
import subprocess
import sys

import pytest

from poetas.models import Record
from tests.embedded import EMBEDDED, embedded_gguf, embedded_model
from tests.paths import ROOT
from tests.quick_gguf import read_quickly

pytestmark = [pytest.mark.embedded, pytest.mark.timeout(600)]

MOST_MB = {"smollm2-135m": 400, "gemma3-270m": 800}  # the design allows 1500

CONVERT = """
import json, sys
from pathlib import Path
from poetas.environment import peak_rss_mb
from poetas.models.convert import building, convert_gguf
with building(Path(sys.argv[2])) as folder:
    parameters = convert_gguf(Path(sys.argv[1]), folder, lambda done, total: None)
print(json.dumps({"parameters": parameters, "peak": peak_rss_mb(), "torch": "torch" in sys.modules}))
"""


@pytest.mark.parametrize("model", EMBEDDED)
def test_conversion_stays_small_and_gives_the_same_bytes_again(model, tmp_path):
    root = ROOT
    command = [sys.executable, "-c", CONVERT, str(embedded_gguf(model)), str(tmp_path / model)]
    process = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    result = json.loads(process.stdout)
    assert result["peak"] < MOST_MB[model]
    assert result["torch"] is False
    assert result["parameters"] == Record.read(embedded_model(model)).entry.parameters
    for name in ("model.safetensors", "tokenizer.json", "config.json"):
        assert (tmp_path / model / name).read_bytes() == (embedded_model(model) / name).read_bytes(), name


@pytest.mark.parametrize("model", EMBEDDED)
def test_every_tensor_and_the_logits_are_those_that_transformers_reads_from_the_gguf(model, monkeypatch):
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    read_quickly(monkeypatch.setattr)
    gguf = embedded_gguf(model)
    theirs = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32)
    ours, report = AutoModelForCausalLM.from_pretrained(
        embedded_model(model), dtype=torch.float32, output_loading_info=True
    )
    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    reference, state = theirs.state_dict(), ours.state_dict()
    assert reference.keys() == state.keys()
    for name, tensor in reference.items():
        assert torch.equal(tensor.to(torch.bfloat16).float(), state[name]), name
    text = "La capital de Francia es París. En 1492, ¿qué pasó? The capital of Spain is"
    ids = AutoTokenizer.from_pretrained(embedded_model(model))(text, return_tensors="pt").input_ids
    with torch.no_grad():
        exact = theirs(ids).logits
        for tensor in theirs.parameters():
            tensor.copy_(tensor.to(torch.bfloat16).float())
        rounded, mine = theirs(ids).logits, ours(ids).logits
    assert torch.allclose(rounded, mine, atol=1e-3), "the same weights, rotary settings and norms give the same logits"
    shares, ours_shares = exact.softmax(-1), mine.softmax(-1)
    assert (shares - ours_shares).abs().max() < 0.05, "rounding to bf16 moves no probability by much"
    assert (exact.argmax(-1) == mine.argmax(-1)).float().mean() > 0.9


def test_gemmas_terms_and_notices_travel_with_it():
    folder = embedded_model("gemma3-270m")
    record = Record.read(folder)
    assert {"GEMMA_TERMS.html", "NOTICE.md", "CHANGES.md"} <= set(record.notices)
    assert "Gemma Terms of Use" in (folder / "GEMMA_TERMS.html").read_text(encoding="utf-8")
    assert record.entry.licence_version == "2025-03-24"
    assert "Last modified: March 24, 2025" in (folder / "GEMMA_TERMS.html").read_text(encoding="utf-8")
    assert record.accepted["version"] == "2025-03-24"
    assert "bfloat16" in (folder / "CHANGES.md").read_text(encoding="utf-8")
    assert record.sha256 == {
        "gemma-3-270m-q4_k_m.gguf": "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
    }


def test_smollms_licence_travels_with_it():
    assert "Apache License" in (embedded_model("smollm2-135m") / "LICENSE").read_text(encoding="utf-8")
