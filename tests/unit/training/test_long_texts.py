"""Long texts from the file to the labels: read, prepared, parted into windows or cut, every word accounted for."""

import random
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from poetas.data.pipeline.limits import DEFAULT
from poetas.data.pipeline.mapping import guess
from poetas.data.pipeline.pipeline import prepare
from poetas.data.pipeline.reading import read_file
from poetas.data.service.service import Preparation
from poetas.data.storage.dataset_store import PreparedDataset, save
from poetas.data.storage.dataset_summary import DatasetSummary
from poetas.generation.model import load_encoder
from poetas.generation.prompt_templates import PromptStyle
from poetas.generation.tokenizer_loading import load_tokenizer
from poetas.training.config import TrainingConfig
from poetas.training.encoded_dataset import encode_dataset
from poetas.training.label_preview import preview_labels
from poetas.training.row_encoding import encode_rows
from poetas.training.training_request import TrainingRequest
from poetas.training.word_count import NO_WORDS
from tests.tiny_model import TEXT, build_tiny_model

STORIES = Path(__file__).parents[1] / "data" / "cases" / "39-cuatro-cuentos-en-txt.zip"
PAGES, PAGE, CHAPTER = 50, 330, 5  # pages, words of a page, pages of a chapter


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return build_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def tokenizer(model):
    return load_tokenizer(model)


@pytest.fixture(scope="module")
def novel(tmp_path_factory):
    """A novel of 50 pages as Word writes it, and how many words it has."""
    rng, vocabulary = random.Random(7), TEXT.split()
    document, words = docx.Document(), 0
    for chapter in range(PAGES // CHAPTER):
        head = f"Capítulo {chapter + 1}"
        document.add_heading(head, level=1)
        left = PAGE * CHAPTER
        words += 2
        while left > 0:
            sentences = [rng.sample(vocabulary, rng.randint(4, 30)) for _sentence in range(rng.randint(2, 9))]
            paragraph = " ".join(" ".join(sentence).strip(".,:;?¿").capitalize() + "." for sentence in sentences)
            document.add_paragraph(paragraph)
            left -= len(paragraph.split())
            words += len(paragraph.split())
    path = tmp_path_factory.mktemp("novel") / "novela.docx"
    document.save(str(path))
    return path, words


def prepared(path, folder, division="", limits=DEFAULT, **length):
    reading = read_file(path, limits=limits, **({"division": division} if division else {}))
    made = prepare(reading, guess(reading.table).mapping, **length)
    return PreparedDataset.open(save(made, folder, "novela").folder)


def studied(dataset, tokenizer, *, longest, room=2048):
    """The encoded rows of each part, as training encodes them."""
    style = PromptStyle("plain", "es")
    how = {"task": dataset.task, "longest": longest, "room": room, "parted": dataset.parted}
    return [
        encode_rows(tokenizer, style, dataset.rows(part), **how, going_on=dataset.going_on(part))
        for part in dataset.counts
    ]


def test_a_novel_is_read_parted_into_windows_and_encoded_without_a_word_lost(novel, tokenizer, tmp_path):
    path, words = novel
    assert words > PAGES * PAGE
    dataset = prepared(path, tmp_path, "titles", longest=256, parted=True)
    parts = studied(dataset, tokenizer, longest=256)
    counted = sum((part.words for part in parts), start=NO_WORDS)
    assert counted.total == counted.learnt + counted.masked + counted.lost == words
    assert counted.lost == 0
    learnt = [tokenizer.decode([label for label in item.labels if label >= 0]) for part in parts for item in part.items]
    ends = sum(text.endswith(tokenizer.eos_token) for text in learnt)
    assert ends == sum(dataset.counts.values())
    assert all(len(item.input_ids) <= 257 for part in parts for item in part.items)
    cut = studied(prepared(path, tmp_path, "titles", longest=256), tokenizer, longest=256)
    left = sum((part.words for part in cut), start=NO_WORDS)
    assert left.total == words
    assert left.share < 0.5


def test_four_stories_are_studied_whole_and_only_their_ends_end(tokenizer, tmp_path):
    dataset = prepared(STORIES, tmp_path, longest=128, parted=True)
    assert sum(dataset.counts.values()) == 4
    parts = studied(dataset, tokenizer, longest=128)
    assert sum(len(part) for part in parts) > 40
    assert all(part.words.share == 1 for part in parts)
    ends = [item.labels[-1] == tokenizer.eos_token_id for part in parts for item in part.items]
    assert sum(ends) == 4
    cut = studied(prepared(STORIES, tmp_path, longest=128), tokenizer, longest=128)
    assert all(tokenizer.eos_token_id not in item.labels for part in cut for item in part.items)
    assert all(part.words.share < 0.1 for part in cut)


def test_of_a_text_that_is_read_in_parts_only_the_last_part_ends(model, tmp_path):
    """Whatever split each is in, in the training, in its preview and in the exam."""
    with zipfile.ZipFile(STORIES) as stories:
        most = max(len(stories.read(name).decode()) for name in stories.namelist())
    limits = replace(DEFAULT, cell_characters=most // 5)
    dataset = prepared(STORIES, tmp_path, limits=limits, longest=128, parted=True)
    assert sum(dataset.counts.values()) > 12
    config = {"model": str(model), "dataset": str(dataset.folder), "training": {"longest": 128}}
    encoded = encode_dataset(TrainingRequest.parse(config), load_encoder(model))
    exam = studied(dataset, load_encoder(model).tokenizer, longest=128)[-1]
    items = [item for part in (encoded.train, encoded.validation, exam) for item in part.items]
    assert sum(item.labels[-1] == load_encoder(model).tokenizer.eos_token_id for item in items) == 4
    shown = [preview_labels(config, row, -1)["spans"][-1]["kind"] for row in range(dataset.counts["train"])]
    going_on = [row for row, kind in enumerate(shown) if kind != "end"]
    assert going_on == sorted(dataset.going_on("train"))
    assert 0 < len(going_on) < len(shown)


@pytest.mark.parametrize("longest", [0, 40])
def test_training_cuts_no_word_that_app_2_said_would_fit(model, tokenizer, tmp_path, longest):
    path = tmp_path / "noticias.csv"
    sentences = [line for line in TEXT.replace("\n", " ").split(". ") if line]
    rows = [f"{'. '.join(sentences[: n + 1])}.;{sentences[n][:60]}" for n in range(10)]
    path.write_text("texto;resumen\n" + "\n".join(rows), "utf-8")
    service, session = Preparation([tmp_path], model.parent), {}
    service.read(session, path=str(path))
    service.map(session, text="texto", summary="resumen", repairs={"near-duplicates": False})
    most = int(service.lengths(session, model="tiny")["text"].max())
    lost = service.cut(session, model="tiny", longest=longest)["words_lost"] if longest else 0
    measured = {"model": "tiny", "longest": most}
    answer = service.save(session, parent=str(tmp_path), name="a", longest=longest, measured=measured)
    dataset = PreparedDataset.open(answer["folder"])
    config = TrainingConfig().within(DatasetSummary.read(dataset.folder).promised("tiny"))
    parts = studied(dataset, tokenizer, longest=config.longest)
    assert sum(part.words.lost for part in parts) == lost
    assert bool(lost) is bool(longest)
    assert not any(part.confined or part.dropped for part in parts)
    small = studied(dataset, tokenizer, longest=config.longest, room=50)
    assert sum(part.confined + part.dropped for part in small) > 0
