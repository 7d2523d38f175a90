"""A tiny reader-and-writer model (mT5's architecture, random weights) in the layout of the models' cache."""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import MT5Config, MT5ForConditionalGeneration, PreTrainedTokenizerFast

from poetas.models.entry import ModelEntry
from poetas.models.model_store import Record
from tests.tiny_model import TEXT

PAD, END, UNKNOWN = "<pad>", "</s>", "<unk>"


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=600, special_tokens=[PAD, END, UNKNOWN], unk_token=UNKNOWN, show_progress=False
    )
    tokenizer.train_from_iterator(TEXT.strip().split("\n"), trainer)
    end = tokenizer.token_to_id(END)
    tokenizer.post_processor = processors.TemplateProcessing(single=f"$A {END}", special_tokens=[(END, end)])
    return tokenizer


def build_tiny_seq2seq(folder: Path, id: str = "tiny-seq2seq") -> Path:  # noqa: A002
    """Make the model in ``folder`` and return it."""
    backend = _tokenizer()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, eos_token=END, pad_token=PAD, unk_token=UNKNOWN)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(3)
    config = MT5Config(
        vocab_size=backend.get_vocab_size(),
        d_model=64,
        d_kv=16,
        d_ff=128,
        num_layers=2,
        num_decoder_layers=2,
        num_heads=4,
        decoder_start_token_id=0,
        eos_token_id=1,
        pad_token_id=0,
        dropout_rate=0.0,
    )
    model = MT5ForConditionalGeneration(config)
    with torch.no_grad():
        model.get_output_embeddings().weight.normal_(0, 2)
    model.to(torch.bfloat16).save_pretrained(folder)
    entry = ModelEntry.from_dict(
        {"id": id, "parameters": model.num_parameters(), "architecture": "seq2seq", "languages": ["es"]}
        | {"prompt_style": "plain"}
    )
    Record(entry, "tests", {}, None, "2025-01-01T00:00:00+00:00").save(folder)
    return folder
