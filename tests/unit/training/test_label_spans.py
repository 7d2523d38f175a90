"""A training example as spans of text: the labels are those of the real encoding, and no word is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from poetas.generation.model import load_encoder
from poetas.generation.prompt_templates import PromptStyle
from poetas.generation.tokenizer_loading import load_tokenizer
from poetas.training.label_masking import EncodedExample
from poetas.training.label_preview import preview_labels
from poetas.training.label_spans import label_spans
from poetas.training.row_encoding import encode_rows
from tests.tiny_model import build_tiny_model
from tests.unit.widgets.train.steps import dataset, news

TEXT = "El río creció durante la tarde y los pescadores sacaron los botes."
ROW = {"text": TEXT, "summary": "Creció el río."}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


def spans(folder: Path, row: dict[str, str], *, task: str, longest: int) -> list[tuple[str, str]]:
    tokenizer = load_tokenizer(folder)
    style = PromptStyle("plain", "es")
    encoded = encode_rows(tokenizer, style, [row], task=task, longest=longest, room=512)
    return [(span.kind, span.text) for span in label_spans(tokenizer, encoded[0], row["text"])]


def test_a_summary_is_learnt_its_text_is_read_and_what_does_not_fit_stands_where_it_was_cut(model):
    read, cut, asked, learnt, end = spans(model, ROW, task="summary", longest=7)
    assert [read[0], cut[0], asked[0], learnt, end] == [
        "masked",
        "cut",
        "masked",
        ("learnt", " Creció el río."),
        ("end", ""),
    ]
    assert read[1].startswith("Texto:\n")
    assert len(cut[1]) > 10
    assert read[1].removeprefix("Texto:\n") + cut[1] == TEXT
    assert asked[1] == "\n\nResumen en una oración:"


def test_a_text_that_fits_has_nothing_cut(model):
    assert [kind for kind, _text in spans(model, ROW, task="summary", longest=200)] == ["masked", "learnt", "end"]


def test_a_style_is_learnt_whole_up_to_its_cut(model):
    kept, cut = (span for span in spans(model, ROW, task="style", longest=7) if span[0] != "end")
    assert (kept[0], cut[0]) == ("learnt", "cut")
    assert kept[1] + cut[1] == TEXT


def test_what_a_seq2seq_model_reads_and_what_it_writes_are_apart(model):
    tokenizer = load_tokenizer(model)
    ids, labels = (tokenizer(words, add_special_tokens=False).input_ids for words in (TEXT, "Creció."))
    made = label_spans(tokenizer, EncodedExample(ids, labels, 0), TEXT, apart=True)
    assert [(span.kind, span.text) for span in made] == [("masked", TEXT), ("learnt", "Creció.")]


def test_the_preview_of_a_row_is_its_real_encoding_and_rows_are_counted_round(model, tmp_path):
    from poetas.workspace import Workspace

    rows = news(20)
    folder = dataset(Workspace(tmp_path).project(), rows, (12, 4, 4))
    config = {"model": str(model), "dataset": str(folder), "training": {"longest": 16}}
    shown = preview_labels(config, -1)
    assert (shown["index"], shown["rows"], shown["part"], shown["parts"]) == (11, 12, 0, 1)
    assert [span["kind"] for span in shown["spans"]] == ["masked", "cut", "masked", "learnt", "end"]
    assert shown["spans"][3]["text"].strip() == rows[11]["summary"]
    encoder = load_encoder(model)
    whole = encode_rows(encoder.tokenizer, encoder.style, rows[:12], task="summary", longest=16, room=encoder.room)
    assert shown["truncated"] == whole[11].truncated
