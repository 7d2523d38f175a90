"""Records of datasets and jobs: a training belongs to its texts, wherever their folder is."""

import shutil
from pathlib import Path

from poetas.generation.prompt_templates import ASKED
from tests.tiny_model import TINY
from tests.unit.widgets.train.steps import dataset
from widgets import BaselineSamples, TryIt
from widgets.train.dataset_records import dataset_config, of_dataset


def test_a_renamed_or_copied_dataset_keeps_its_training(prepared_news, tmp_path):
    """The job's configuration names the texts by their fingerprint, wherever their folder is by now."""
    context = prepared_news
    config = {"model": TINY, **dataset_config(context)}
    assert of_dataset(config, context)
    first = Path(context.dataset)
    context.dataset = str(shutil.copytree(first, first.with_name("copia")))
    assert of_dataset(config, context)
    context.dataset = str(first.rename(first.with_name("otro-nombre")))
    assert of_dataset(config, context)
    other = dataset(context.project, [{"text": f"verso {n} que canta"} for n in range(26)])
    if other != first:
        other.rename(first)
    context.dataset = str(first)  # other texts where the first ones were
    assert not of_dataset(config, context)
    assert of_dataset({"dataset": str(first)}, context)  # a job of an earlier version: its folder decides


def test_the_recipes_ask_in_the_language_that_the_steps_ask_in(alone):
    """The tiny model writes Spanish; the step asks in the language of the dataset, or of the text in the box."""
    rows = [{"text": f"The river rose {n} times and it was in the news.", "summary": "It rose."} for n in range(26)]
    spanish, english = alone.dataset, str(dataset(alone.project, rows))
    for folder, language in ((spanish, "es"), (english, "en")):
        alone.dataset = folder
        assert BaselineSamples(context=alone).values()["BEFORE"] == ASKED["plain", language][0]
    assert TryIt("The river rose and it was in the news.", context=alone).values()["BEFORE"] == ASKED["plain", "en"][0]
    assert TryIt("El río creció y salió en las noticias.", context=alone).values()["BEFORE"] == ASKED["plain", "es"][0]
