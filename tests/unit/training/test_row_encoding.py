"""What a model is taught from: labels on the summary alone, its end always among them, cuts counted, orders kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetas.generation import device
from poetas.generation.prompt_templates import PromptStyle
from poetas.generation.prompts import encode_prompt
from poetas.generation.tokenizer_loading import load_tokenizer
from poetas.training import hardware_plan
from poetas.training.batching import batches_of, epoch_order, padded_width
from poetas.training.collator import PaddingCollator
from poetas.training.config import TrainingConfig
from poetas.training.encoded_dataset import EncodedDataset, dataset_notices
from poetas.training.hardware_plan import Hardware, choose_precision, native_on_cuda, plan
from poetas.training.label_masking import IGNORE_INDEX
from poetas.training.length_grouped_sampler import LengthGroupedSampler
from poetas.training.row_encoding import encode_rows
from poetas.training.trainer_arguments import steps_an_epoch
from poetas.training.workload import Batch, SplitLengths, workload
from tests.tiny_model import build_tiny_model

ROWS = [
    {"text": "El río creció durante la tarde y los pescadores sacaron los botes.", "summary": "Creció el río."},
    {"text": "La panadera abre temprano.", "summary": "Abre temprano."},
    {"text": "  ", "summary": "Nada."},
    {"text": "Un texto sin resumen.", "summary": ""},
]


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory):
    return load_tokenizer(build_tiny_model(tmp_path_factory.mktemp("models") / "tiny"))


@pytest.fixture(scope="module")
def chat_tokenizer(tmp_path_factory: pytest.TempPathFactory):
    return load_tokenizer(build_tiny_model(tmp_path_factory.mktemp("models") / "tiny", chat=True))


def encode(tokenizer, rows=ROWS, *, style="plain", task="summary", longest=200, room=2048):
    return encode_rows(tokenizer, PromptStyle(style, "es"), rows, task=task, longest=longest, room=room)


def test_labels_stand_on_the_summary_and_its_end_and_nowhere_else(tokenizer):
    item = encode(tokenizer).items[0]
    prompt = encode_prompt(tokenizer, "plain", ROWS[0]["text"]).input_ids
    assert item.input_ids[: len(prompt)] == prompt
    assert item.labels[: len(prompt)] == [IGNORE_INDEX] * len(prompt)
    assert item.labels[len(prompt) :] == item.input_ids[len(prompt) :]
    assert tokenizer.decode(item.labels[len(prompt) : -1]) == " Creció el río."
    assert item.labels[-1] == tokenizer.eos_token_id


def test_a_chat_model_learns_to_end_its_turn(chat_tokenizer):
    item = encode(chat_tokenizer, style="chat").items[0]
    assert chat_tokenizer.convert_ids_to_tokens(item.labels[-1]) == "<|im_end|>"
    learnt = [label for label in item.labels if label != IGNORE_INDEX]
    assert chat_tokenizer.decode(learnt[:-1]) == "Creció el río."


def test_rows_without_a_text_or_a_summary_are_left_out_and_counted(tokenizer):
    examples = encode(tokenizer)
    assert (len(examples), examples.dropped) == (2, 2)


def test_cut_texts_are_counted_and_keep_their_whole_summary(tokenizer):
    whole, cut = encode(tokenizer), encode(tokenizer, longest=5)
    assert (cut.shortened, whole.shortened) == (2, 0)
    assert cut.labels == whole.labels
    assert cut.lost == sum(whole.lengths) - sum(cut.lengths)
    assert cut.texts == whole.texts


def test_a_summary_that_does_not_fit_at_all_is_left_out(tokenizer):
    assert encode(tokenizer, room=12).dropped == 4


def test_in_a_style_every_token_of_the_text_is_learnt_and_its_end(tokenizer):
    (item,) = encode(tokenizer, [{"text": "Uno.\nDos."}], task="style").items
    learnt = [label for label in item.labels if label != IGNORE_INDEX]
    assert tokenizer.decode(learnt[:-1]) == "Uno.\nDos."
    assert learnt[-1] == tokenizer.eos_token_id


NOVEL = "La gata durmió al sol. El río creció durante la tarde, y nadie volvió a la casa. " * 12


def test_a_cut_text_is_not_taught_to_end_there(tokenizer):
    whole, cut = (encode(tokenizer, [{"text": NOVEL}], task="style", longest=longest) for longest in (2000, 30))
    assert whole.items[0].labels[-1] == tokenizer.eos_token_id
    assert tokenizer.eos_token_id not in cut.items[0].labels
    assert (cut.shortened, cut.words.total) == (1, len(NOVEL.split()))
    assert 0 < cut.words.share < 0.2


def test_only_the_last_window_of_a_text_is_taught_to_end(tokenizer):
    rows = [{"text": NOVEL}, {"text": "Corto."}]
    made = encode_rows(tokenizer, PromptStyle("plain", "es"), rows, task="style", longest=60, room=2048, parted=True)
    ends = [item.labels[-1] == tokenizer.eos_token_id for item in made.items]
    assert ends == [(row == 0 and place == made.rows.count(0) - 1) or row == 1 for place, row in enumerate(made.rows)]
    assert sum(item.labels.count(tokenizer.eos_token_id) for item in made.items) == 2
    assert all(len(item.input_ids) <= 61 for item in made.items)
    learnt = tokenizer.decode([label for item in made.items for label in item.labels], skip_special_tokens=True)
    assert "".join(learnt.split()) == "".join((NOVEL + "Corto.").split())
    assert (made.parted, made.shortened, made.lost) == (1, 0, 0)


@pytest.mark.parametrize("style", ["plain", "seq2seq"])
@pytest.mark.parametrize("parted", [False, True])
def test_learnt_masked_and_lost_words_are_those_of_the_rows(tokenizer, style, parted):
    rows = [{"text": f"Título {n}\n{NOVEL}"} for n in range(3)] + [{"text": " "}, {"text": "Corto."}]
    made = encode_rows(tokenizer, PromptStyle(style, "es"), rows, task="style", longest=50, room=2048, parted=parted)
    assert made.words.total == sum(len(row["text"].split()) for row in rows)
    assert (made.words.lost == 0) is parted
    summaries = encode(tokenizer, longest=5).words
    assert summaries.total == sum(len((row["text"] + " " + row["summary"]).split()) for row in ROWS)


def test_a_model_with_less_room_than_was_chosen_is_named(tokenizer):
    train = encode(tokenizer, [{"text": NOVEL}, {"text": "Corto."}], task="style", longest=500, room=100)
    assert train.confined == 1
    (room, *_rest) = [
        notice
        for notice in dataset_notices(EncodedDataset(train, train, [], "style", "es", room=100))
        if notice.code == "room"
    ]
    assert "hasta 100 tokens" in room.text
    assert encode(tokenizer, [{"text": NOVEL}], task="style", longest=90, room=100).confined == 0


def test_what_is_cut_or_left_out_is_reported(tokenizer):
    train = encode(tokenizer, longest=5)
    notices = dataset_notices(EncodedDataset(train, encode(tokenizer, []), [], "summary", "es"))
    assert [notice.code for notice in notices] == ["truncated", "left-out", "no-validation"]
    assert notices[0].text.startswith("2 textos se cortaron")
    assert f"({train.lost} tokens en total)" in notices[0].text
    reported = replace(train, shortened=1, lost=1)
    (alone, *_rest) = dataset_notices(EncodedDataset(reported, encode(tokenizer, []), [], "summary", "es"))
    assert alone.text == (
        "1 texto se cortó: el modelo no va a leer su final (1 token en total). Estudia el 50,0\u00a0% de las palabras."
    )
    assert notices[1].text.startswith("2 textos quedaron afuera")
    assert not dataset_notices(
        EncodedDataset(encode(tokenizer, ROWS[:2]), encode(tokenizer, ROWS[:1]), [], "summary", "es")
    )


@given(st.lists(st.integers(1, 500), min_size=1, max_size=200), st.integers(1, 9), st.integers(0, 3), st.integers(0, 3))
def test_an_epoch_sees_every_example_once_and_is_repeated_by_its_seed_alone(lengths, batch, seed, epoch):
    order = epoch_order(lengths, batch, seed, epoch)
    assert sorted(order) == list(range(len(lengths)))
    assert order == epoch_order(lengths, batch, seed, epoch)


def test_epochs_and_seeds_give_different_orders():
    lengths = list(range(100))
    orders = [epoch_order(lengths, 4, seed, epoch) for seed in (0, 1) for epoch in (0, 1)]
    assert len({tuple(order) for order in orders}) == 4


def test_grouping_by_length_pads_little_and_the_longest_comes_first():
    lengths = [(97 * row * row) % 300 + 20 for row in range(128)]
    order = epoch_order(lengths, 4, 0, 0)
    grouped = sum(4 * max(lengths[row] for row in part) for part in batches_of(order, 4))
    mixed = sum(4 * max(lengths[row] for row in part) for part in batches_of(range(128), 4))
    assert grouped - sum(lengths) < 0.2 * (mixed - sum(lengths))
    assert max(lengths) in [lengths[row] for row in order[:4]]


def test_the_sampler_gives_the_order_of_the_epoch_that_was_set():
    sampler = LengthGroupedSampler(list(range(30)), 4, seed=3)
    sampler.set_epoch(2)
    assert list(sampler) == epoch_order(list(range(30)), 4, 3, 2)
    assert len(sampler) == 30


def test_a_batch_is_filled_up_masked_and_unlabelled_where_there_is_no_text(tokenizer):
    examples = encode(tokenizer)
    made = PaddingCollator(7, 2048)(list(examples.items))
    width = padded_width(max(examples.lengths), 2048)
    assert made["input_ids"].shape == made["labels"].shape == made["attention_mask"].shape == (2, width)
    for row, item in enumerate(examples.items):
        length = len(item.input_ids)
        assert made["input_ids"][row, :length].tolist() == item.input_ids
        assert made["labels"][row, :length].tolist() == item.labels
        assert set(made["input_ids"][row, length:].tolist()) <= {7}
        assert set(made["labels"][row, length:].tolist()) <= {IGNORE_INDEX}
        assert made["attention_mask"][row].tolist() == [1] * length + [0] * (width - length)


def test_the_workload_counts_the_batches_that_training_really_makes(tokenizer):
    examples = encode(tokenizer, [{"text": "El mate dura más. " * n, "summary": "Mate. " * n} for n in range(1, 12)])
    config = TrainingConfig(batch_size=4, accumulate=2, longest=64, epochs=3)
    kept = [text - item.truncated for text, item in zip(examples.texts, examples.items, strict=True)]
    corpus = SplitLengths.of(
        examples.texts, [a - b for a, b in zip(examples.lengths, kept, strict=True)], examples.labels
    )
    cut = encode(
        tokenizer, [{"text": "El mate dura más. " * n, "summary": "Mate. " * n} for n in range(1, 12)], longest=64
    )
    order = epoch_order(cut.lengths, 4, config.seed, 1)
    real = []
    for part in batches_of(order, 2):
        shape = PaddingCollator(0, 2048)([cut[row] for row in part])["input_ids"].shape
        real.append(Batch(shape[0], shape[1], sum(cut.labels[row] for row in part)))
    counted = workload(config, corpus, corpus, room=2048, samples=1)
    assert counted.epoch == tuple(real)
    assert counted.steps == 9
    assert counted.evaluations == 1 + 5  # before the first step, at every second step of nine and at the last


def test_the_workload_of_windows_is_that_of_training_and_is_estimated_for_other_lengths(tokenizer):
    def windows_of(longest):
        rows = [{"text": NOVEL}, {"text": NOVEL * 3}, {"text": "Corto."}]
        return encode_rows(
            tokenizer, PromptStyle("plain", "es"), rows, task="style", longest=longest, room=2048, parted=True
        )

    measured = windows_of(64)
    rest = [length - labels for length, labels in zip(measured.lengths, measured.texts, strict=True)]
    made = SplitLengths.of(measured.texts, rest, measured.labels, measured.rows, 64)
    made = SplitLengths.from_dict(made.to_dict())
    assert [array.tolist() for array in made.cut(64, 2048)] == [measured.lengths, measured.labels]
    for longest in (32, 128, 4096):
        real, (guessed, labels) = windows_of(longest), made.cut(longest, 2048)
        assert len(guessed) == pytest.approx(len(real), rel=0.25)
        assert labels.sum() == pytest.approx(sum(real.labels), rel=0.05)


CHIPS = [  # compute capability of NVIDIA's chips, and whether they multiply bfloat16
    ("Tesla P100", (6, 0), False),
    ("Tesla V100", (7, 0), False),
    ("Tesla T4", (7, 5), False),
    ("A100", (8, 0), True),
    ("GeForce RTX 3060", (8, 6), True),
    ("L4", (8, 9), True),
    ("H100", (9, 0), True),
]


@pytest.mark.parametrize(("name", "capability", "native"), CHIPS)
def test_a_chip_without_bfloat16_trains_in_float32_and_never_in_float16(name, capability, native):
    assert native_on_cuda(capability) is native
    chosen = choose_precision(Hardware("cuda", native, 15_000_000_000, name), 536_000_000)
    assert chosen.weights == ("bfloat16" if native else "float32")
    assert chosen.autocast == ("bfloat16" if native else None)


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("memory", [1_500_000_000, 16_000_000_000])
@pytest.mark.parametrize("kind", ["cpu", "mps"])
def test_bfloat16_also_where_memory_is_short_even_if_slow(kind, memory, native):
    chosen = choose_precision(Hardware(kind, native, memory), 536_000_000)
    assert chosen.weights == ("bfloat16" if native or memory < 2_000_000_000 else "float32")


@pytest.mark.parametrize("asked", ["bfloat16", "float32"])
def test_a_precision_that_is_asked_for_is_given(asked):
    assert choose_precision(Hardware("cpu", native=True, memory=10**10), 10**9, asked).weights == asked


def test_a_run_keeps_to_the_threads_that_the_user_allows(monkeypatch):
    monkeypatch.setattr(hardware_plan, "cores", lambda: 8)
    for allowed, processes, threads in (("3", 1, 3), ("3", 4, 2), ("16", 2, 4), ("", 2, 4), ("no", 1, 8)):
        monkeypatch.setenv("OMP_NUM_THREADS", allowed)
        monkeypatch.setattr(device, "cores", lambda: 8)
        assert plan(TrainingConfig(processes=processes)).threads == threads


@given(st.integers(1, 64), st.integers(0, 16), st.integers(0, 8), st.integers(0, 8), st.integers(1, 32))
def test_shares_never_idle_a_process_and_stay_near_the_batch(batch, accumulate, processes, gpus, workers):
    config = TrainingConfig(batch_size=batch, accumulate=accumulate, processes=processes)
    shares = plan(config, gpus=gpus, workers=workers)
    assert 1 <= shares.processes <= max(1, batch)
    assert shares.threads >= 1
    assert abs(shares.batch - batch) <= shares.processes / 2
    if shares.processes == 1:
        assert shares.batch == batch, "the learner's own choice"
        assert (shares.micro, shares.accumulate) == (config.micro_batch, config.parts)
    if processes == 0:
        assert shares.processes <= max(1, gpus)


@given(st.integers(1, 64), st.sampled_from([16, 256, 384, 4096]), st.integers(1, 200), st.integers(1, 3))
def test_the_estimate_counts_the_steps_that_are_taken(batch, longest, rows, epochs):
    config = TrainingConfig(batch_size=batch, longest=longest, epochs=epochs)
    corpus = SplitLengths.of([100] * rows, [30] * rows, [10] * rows)
    steps = steps_an_epoch(rows, plan(config, workers=2)) * epochs
    assert workload(config, corpus, corpus, room=4096).steps == steps == -(-rows // batch) * epochs
