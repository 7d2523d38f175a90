"""Long texts: cut or in windows, with the share of the words that each one studies, and what a cut makes invent."""

from pathlib import Path

import pytest

from poetas.data.storage.dataset_store import PreparedDataset
from poetas.data.storage.dataset_summary import DatasetSummary
from tests.tiny_model import register_tiny_model
from tests.unit.widgets.prepare.steps import bring, plain
from widgets import LengthChart, SaveDataset
from widgets.core.elements import is_shown
from widgets.prepare.dataset_draft import DatasetDraft

STORIES = Path(__file__).parents[2] / "data" / "cases" / "39-cuatro-cuentos-en-txt.zip"


def measure(context, path):
    register_tiny_model(context.workspace)
    bring(context, path)
    chart = LengthChart(context=context)
    chart.prediction.skip()
    context.poller.drain()
    return chart


@pytest.fixture
def stories(context):
    return measure(context, STORIES)


def test_both_choices_say_which_share_of_the_words_is_studied(stories, context):
    stories.value = 64
    context.poller.drain()
    cut, windows = (
        plain(stories.long_texts.cut_card.message.value),
        plain(stories.long_texts.windows_card.message.value),
    )
    lost = context.services.connect("preparation").call("cut", model="tiny", longest=64)["share_lost"]
    assert f"va a estudiar el {100 * (1 - lost):.1f}".replace(".", ",") in cut
    assert 0.9 < lost < 1
    assert "va a estudiar el 100\N{NO-BREAK SPACE}% de las palabras" in windows
    answer = context.services.connect("preparation").call("windows", model="tiny", longest=64)
    assert f"Son {answer['windows']} ventanas" in windows
    assert answer["texts"] == 4


def test_windows_are_recorded_and_told_at_saving(stories, context):
    stories.value = 64
    stories.long_texts.windows_card.button.click()
    context.poller.drain()
    assert "Tu texto más largo, en" in plain(stories.long_texts.windows.value)
    save = SaveDataset(context=context)
    assert "en ventanas de hasta 64 tokens" in save.summary.value
    save.button.click()
    context.poller.drain()
    made = PreparedDataset.open(save.value)
    assert (made.record["long_texts"], made.record["longest"], made.parted) == ("windows", 64, True)
    assert made.record["measured"] == {"model": "tiny", "longest": int(stories.lengths.max())}
    assert sum(made.counts.values()) == 4, "texts stay whole: another model's tokenizer parts them again"
    summary = DatasetSummary.read(made.folder)
    assert (summary.parted, summary.measured_by) == (True, "tiny")
    assert not DatasetDraft.of(context).changed
    stories.long_texts.cut_card.button.click()
    assert DatasetDraft.of(context).changed


def test_the_choice_is_there_after_a_reload(stories, context):
    stories.value = 64
    stories.long_texts.windows_card.button.click()
    context.poller.drain()
    assert context.state()["draft"]["parted"] is True
    assert DatasetDraft(context).remembered()["parted"] is True


def test_summaries_can_only_be_cut_and_those_that_name_what_is_cut_off_are_counted(context, tmp_path):
    path = tmp_path / "noticias.csv"
    rows = [
        f"{begins} y nadie cruzó durante la tarde. Después llegó Mariana {name}.;{begins} y llegó {name}."
        for begins, name in (
            ("Creció el río del pueblo", "Quiroga"),
            ("Se cortó la luz en el club", "Benítez"),
            ("Nevó sobre las sierras chicas", "Ledesma"),
        )
    ]
    path.write_text("texto;resumen\n" + "\n".join(rows), "utf-8")
    chart = measure(context, path)
    assert chart.long_texts.beyond.value == ""
    chart.value = int(chart.lengths.min()) // 2
    context.poller.drain()
    words = plain(chart.long_texts.beyond.value)
    assert words.startswith("3 de los 3 resúmenes")
    assert "«Quiroga», en la fila 2" in words
    assert "enseña a inventar" in words
    assert not is_shown(chart.long_texts.cards)
    assert "solo se puede cortar" in chart.long_texts.only_cut.value
    chart.whole.click()
    context.poller.drain()
    assert chart.long_texts.beyond.value == ""
