"""What a recipe lets a model read is, token for token, what the app lets it read: alone, with examples, in training."""

import runpy

import pytest
import torch

from poetas import recipes
from poetas.generation.prompt_templates import PromptStyle
from poetas.generation.prompts import encode_prompt
from poetas.generation.tokenizer_loading import load_tokenizer
from poetas.models.model_store import Record
from poetas.recipes.values import asking_values, training_values
from poetas.training.config import TrainingConfig
from poetas.training.hardware_plan import plan
from poetas.training.label_masking import encode_example, encode_style_example, encode_style_windows
from poetas.training.trainer_arguments import training_arguments
from tests.tiny_model import build_tiny_model
from tests.tiny_seq2seq import build_tiny_seq2seq
from tests.unit.recipes.test_recipes import table

ROWS = [
    {"text": f"El río creció {n} veces.\n\nLa gata duerme «así», y nadie la ve.", "summary": f"Creció {n} veces."}
    for n in range(14)
]
ENGLISH = [{"text": f"The river rose {n} times and it was in the news.", "summary": "It rose."} for n in range(14)]
EXAMPLES = [(row["text"], row["summary"]) for row in ROWS[:2]]
LONGEST = 9
SETTINGS = (
    "num_train_epochs", "learning_rate", "lr_scheduler_type", "warmup_steps", "weight_decay", "max_grad_norm", "seed",
    "per_device_train_batch_size", "per_device_eval_batch_size", "gradient_accumulation_steps", "eval_strategy",
    "eval_steps", "eval_on_start", "save_strategy", "save_steps", "logging_steps",
    "greater_is_better",
)  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("consignas")


@pytest.fixture(scope="module", params=["plain", "chat", "seq2seq"])
def model(request, home):
    folder = home / request.param
    if request.param == "seq2seq":
        return build_tiny_seq2seq(folder)
    return build_tiny_model(folder, chat=request.param == "chat")


@pytest.fixture(scope="module")
def dataset(home):
    return table(home / "conjuntos", ROWS)


def run(name, home, model, **values):
    """Run a recipe as the page shows it; return its names."""
    file = home / f"{name}.py"
    filled = {"MODEL": str(model), **asking_values(model), **values}
    file.write_text(recipes.program(name, filled), "utf-8")
    return runpy.run_path(str(file), run_name="__main__")


def same_settings(ours, config, home):
    """Compare the Trainer arguments of the recipe with those of the app, on a machine without a GPU."""
    theirs = training_arguments(
        config,
        plan(config),
        folder=home,
        rows=8,
        device=torch.device("cpu"),
        validates=True,
        measured_first=True,
    )
    for name in SETTINGS:
        assert getattr(ours["arguments"], name) == getattr(theirs, name), name
    assert ours["arguments"].gradient_accumulation_steps > 1
    assert ours["trainer"].state.best_metric is not None
    adapter = ours["config"]
    assert (adapter.r, adapter.lora_alpha, adapter.lora_dropout) == (1, config.lora_alpha, config.dropout)


def test_a_request_is_that_of_the_app_alone_and_with_examples(home, model, dataset, capsys):
    ours = run("antes", home, model, DATASET=str(dataset), LONGEST=2)
    tokenizer, style = load_tokenizer(model), PromptStyle.of(Record.read(model).entry)
    for examples in ((), EXAMPLES):
        for row in ROWS:
            expected = encode_prompt(tokenizer, style, row["text"], examples=examples).input_ids
            assert ours["prompt_ids"](row["text"], examples) == expected, examples
    assert "Con ejemplos:" in capsys.readouterr().out


def test_one_can_try_it_with_what_the_app_asks(home, model, capsys):
    ours = run("probalo", home, model, TEXT=" Llovió \n", LONGEST=2)
    style = PromptStyle.of(Record.read(model).entry)
    assert ours["pedacitos"] == encode_prompt(load_tokenizer(model), style, " Llovió \n").input_ids
    assert "Como vino:" in capsys.readouterr().out


def test_it_is_trained_on_what_the_app_trains_on(home, model, dataset):
    config = TrainingConfig(epochs=1, lora_rank=1, batch_size=6, longest=384, seed=3)
    filled = {
        **training_values(config),
        "DATASET": str(dataset),
        "LONGEST": LONGEST,
        "ADAPTER": str(home / "adaptador"),
    }
    ours = run("entrena", home, model, **filled)
    same_settings(ours, config, home)
    tokenizer, style = load_tokenizer(model), PromptStyle.of(Record.read(model).entry)
    for row in ROWS:
        expected = encode_example(tokenizer, style, row["text"], row["summary"], longest=LONGEST)
        assert expected.truncated
        assert ours["ejemplos"]({name: [cell] for name, cell in row.items()}) == made_of([expected])
        expected = [encode_style_example(tokenizer, style, row["text"], longest=LONGEST)]
        assert ours["ejemplos"]({"text": [row["text"]]}) == made_of(expected)


def test_windows_are_those_of_the_app(home, model):
    values = {"MODEL": str(model), **asking_values(model), "LONG_TEXTS": "windows", "LONGEST": LONGEST}
    ours = {}
    exec(recipes.program("entrena", values).partition("\nfilas = ")[0], ours)
    tokenizer, style = load_tokenizer(model), PromptStyle.of(Record.read(model).entry)
    for row in ROWS[:3]:
        expected = encode_style_windows(tokenizer, style, row["text"], longest=LONGEST)
        assert len(expected) > 1
        assert ours["ejemplos"]({"text": [row["text"]]}) == made_of(expected)


def made_of(examples):
    return {name: [getattr(example, name) for example in examples] for name in ("input_ids", "labels")}


def test_training_asks_in_the_language_of_the_texts_as_the_app_does(home, model):
    english = table(home / "conjuntos", ENGLISH)
    before, own = asking_values(model, english)["BEFORE"], asking_values(model)["BEFORE"]
    assert isinstance(before, str)
    assert before != own


def test_a_chat_model_without_a_template_is_asked_as_a_plain_one(home):
    folder = build_tiny_model(home / "sin-plantilla", chat=True)
    config_file = folder / "tokenizer_config.json"
    config_file.write_text(config_file.read_text("utf-8").replace('"chat_template"', '"otra_cosa"'), "utf-8")
    assert asking_values(folder)["KIND"] == "plain"


def test_nothing_is_given_for_a_model_that_is_not_here(home):
    assert asking_values(home / "nada") == {}
