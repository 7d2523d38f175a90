"""A model in which an encoder reads and a decoder writes is trained too, through `Seq2SeqTrainer`."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import Seq2SeqTrainer, T5Config, T5ForConditionalGeneration

from poetas.data.storage.dataset_store import PreparedDataset
from poetas.generation.model import load_model
from poetas.jobs import Sample, Step
from poetas.models.model_store import Record
from poetas.training.collator import PaddingCollator
from poetas.training.label_masking import EncodedExample
from poetas.training.label_only_forward import use_label_only_forward
from poetas.training.row_encoding import encode_rows
from poetas.training.train_job import run
from poetas.training.trainer import LabelSeq2SeqTrainer
from tests.tiny_model import build_tiny_model
from tests.unit.training_pieces import SMALL, Listener, dataset


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny T5 with random weights and the tiny model's tokenizer."""
    folder = build_tiny_model(tmp_path_factory.mktemp("models") / "t5")
    torch.manual_seed(0)
    config = T5Config(
        vocab_size=1000,
        d_model=32,
        d_kv=8,
        d_ff=64,
        num_layers=2,
        num_heads=4,
        decoder_start_token_id=1,
        pad_token_id=1,
        eos_token_id=1,
    )
    T5ForConditionalGeneration(config).save_pretrained(folder)
    record = Record.read(folder)
    from dataclasses import replace

    replace(record, entry=replace(record.entry, architecture="seq2seq", id="t5")).save(folder)
    return folder


@pytest.mark.slow  # a real training
def test_a_seq2seq_model_learns_and_writes(tiny, tmp_path):
    texts = dataset(tmp_path)
    context = Listener(
        tmp_path / "job",
        {"model": str(tiny), "dataset": str(texts), "training": {**SMALL, "epochs": 1}, "samples": 1},
    )
    result = run(context)
    assert issubclass(LabelSeq2SeqTrainer, Seq2SeqTrainer)
    assert result["best_loss"] < result["first_loss"]
    assert len(context.of(Step)) == result["steps"]
    assert {sample.index for sample in context.of(Sample)} == {0}
    model = load_model(tiny)
    model.adapters.use(model.adapters.add(context.dir / "adapter"))  # what generation will do with it
    rows = PreparedDataset.open(texts).rows("train")
    read = encode_rows(model.tokenizer, model.style, rows, task="summary", longest=SMALL["longest"], room=model.room)
    assert result["tokens"] == sum(read.lengths), "what is read and what is written, and nothing that fills a batch up"


def test_its_loss_is_that_of_transformers(tiny):
    model = load_model(tiny, dtype=torch.float32).model
    ids = torch.randint(5, 900, (2, 12))
    labels = torch.randint(5, 900, (2, 6))
    labels[0, 4:] = -100
    with torch.no_grad():
        expected = model(input_ids=ids, labels=labels).loss
        assert not use_label_only_forward(model, seq2seq=True, autocast=None)
        result = model(input_ids=ids, labels=labels)
    torch.testing.assert_close(result["loss"], expected)
    assert result["row_labels"].tolist() == [4, 6]


def test_a_text_beside_a_longer_one_has_the_loss_that_it_has_alone(tiny):
    """The encoder reads to both sides: without the mask, what fills a batch up would be read too."""
    model = load_model(tiny, dtype=torch.float32).model
    use_label_only_forward(model, seq2seq=True, autocast=None)
    short, long = (EncodedExample([7, 8] * size, [9] * size, 0) for size in (3, 40))
    with torch.no_grad():
        alone, beside = (model(**PaddingCollator(5, 2048)(items)) for items in ([short], [short, long]))
    assert beside["row_loss"][0].item() == pytest.approx(alone["row_loss"].item(), rel=1e-5)
    assert beside["row_labels"].tolist() == [3, 40]
