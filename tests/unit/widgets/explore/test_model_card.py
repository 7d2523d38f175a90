"""The card of the model in use: from the files that are there, whatever they hold, with what they leave out."""

import json
import time

import pytest

from poetas.course.course_record import Part, course_entries
from poetas.models.model_sheet import front_matter, read_sheet
from poetas.models.model_store import model_folder
from poetas.workspace import Workspace
from tests.embedded import embedded_model
from tests.model_records import record_model
from tests.unit.widgets.pollers import new_poller
from widgets import ModelCard, PageContext
from widgets.core.elements import is_shown
from widgets.explore.model_card.sheet_html import missing_html, sheet_html, sheet_parts

ATTACK = '<img src=x onerror="alert(1)">'


@pytest.fixture
def context(tmp_path):
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    yield context
    context.close()


def files(context, **texts):
    """Write files into the folder of the described model."""
    folder = model_folder(context.workspace, "casa/mini")
    for name, words in texts.items():
        (folder / name.replace("_", ".")).write_text(words, "utf-8")
    return folder


@pytest.mark.embedded
def test_the_card_of_gemma_says_its_real_figures_and_that_its_texts_are_not_listed():
    sheet = read_sheet(embedded_model("gemma3-270m"))
    drawn = sheet_html(sheet)
    for said in ("262.144 pedacitos", "18 capas", "32.768 tokens", "536", "google/gemma-3-270m", "Gemma Terms of Use"):
        assert said in drawn
    assert "cuándo salió" in sheet_parts(sheet)[0].tells
    assert "La lista de los textos" in missing_html(sheet)
    smol = read_sheet(embedded_model("smollm2-135m"))
    assert "FineWeb-Edu" in sheet_html(smol)
    before, _list, _parts = sheet_html(smol).partition("<ol")
    assert "En una frase: es " in before, "the card in words, before its eight parts"
    assert "inglés. Abajo está todo" in before
    assert "La lista de los textos" not in missing_html(smol)
    assert "no vino ninguna" in missing_html(smol)
    assert "no vino ninguna" not in missing_html(sheet)


def test_what_the_card_lists_is_not_said_to_be_missing(context):
    record_model(context.workspace, licence="MIT", licence_url="https://opensource.org/license/mit")
    folder = files(
        context,
        config_json=json.dumps({"num_hidden_layers": 6, "text_config": {"vocab_size": 500}}),
        README_md="---\ndatasets:\n- casa/coplas\nco2_eq_emissions:\n  emissions: 12\n---\n# Mini",
    )
    sheet = read_sheet(folder)
    assert "casa/coplas" in sheet_html(sheet)
    assert "500 pedacitos" in sheet_html(sheet)
    assert "energía" not in missing_html(sheet)
    assert "La lista de los textos" not in missing_html(sheet)


def test_a_card_of_line_ends_or_of_very_many_items_is_read_at_once():
    began = time.monotonic()
    assert front_matter("---" + "\n" * 40_000) == {}
    assert len(front_matter("---\ndatasets:\n" + "- a\n" * 40_000 + "---\n")["datasets"]) == 40_000
    assert time.monotonic() - began < 1


def test_the_bet_on_what_is_missing_names_the_part_that_says_it_and_survives_a_reload(context):
    context.model = record_model(context.workspace, licence="MIT")
    card = ModelCard(context)
    assert not is_shown(card.missing)
    card.prediction.place("files")
    part = [part.key for part in sheet_parts(card._sheet)].index("files") + 1
    assert f"la parte {part}" in card.prediction.answered["text"]
    assert is_shown(card.missing)
    assert card.done
    assert f"no encontramos {card.missing.value.count('<li>')} cosa" in card.seen()
    assert course_entries(context.state(), Part.BETS)["ficha"]["won"] is False
    again = ModelCard(PageContext(context.workspace, poller=new_poller()))
    assert is_shown(again.missing)
    assert again.done


def test_without_a_licence_that_is_missing_too(context):
    context.model = record_model(context.workspace)
    card = ModelCard(context)
    card.prediction.place("licence")
    assert course_entries(context.state(), Part.BETS)["ficha"]["won"] is True


@pytest.mark.parametrize(
    ("config", "card"),
    [
        ("[]", "---\n" + "datasets: x\n" * 9000),
        ('{"num_hidden_layers": "<b>", "vocab_size": -3, "text_config": 3}', f"---\ndatasets: [{ATTACK}]\n---"),
        ('{"num_hidden_layers": 1e400, "hidden_size": true}', f"---\nbase_model:\n- {ATTACK}\n---\n"),
        ("{", "\0---\n---"),
    ],
)
def test_files_of_a_stranger_are_drawn_as_text_or_not_at_all(context, config, card):
    context.model = record_model(context.workspace, title=ATTACK, licence=ATTACK, licence_url="javascript:alert(1)")
    files(context, config_json=config, README_md=card)
    shown = ModelCard(context)
    assert is_shown(shown.sheet)
    assert "<img" not in shown.sheet.value + shown.missing.value
    assert "javascript:" not in shown.sheet.value


@pytest.mark.parametrize(("place", "said"), [("local", "no se le manda a ninguna"), ("binder", "Esta es prestada")])
def test_where_a_local_model_runs_is_said_of_the_machine_that_the_page_runs_on(context, monkeypatch, place, said):
    monkeypatch.setenv("POETAS_PLACE", place)
    around = ModelCard(context).around.value
    assert said in around
    assert ("ninguna empresa" in around) == (place == "local")


def test_the_date_of_a_model_is_said_to_be_there_only_where_it_is(context):
    record_model(context.workspace, title="Mini")
    unknown = sheet_parts(read_sheet(files(context, config_json="{}")))[0]
    assert "cuándo salió" not in unknown.tells


def test_another_model_has_another_card_and_none_has_none(context):
    card = ModelCard(context)
    assert not is_shown(card.sheet)
    assert not is_shown(card.prediction)
    assert "Elegilo primero" in card.notice.value
    context.model = record_model(context.workspace, title="Mini")
    assert "La ficha de Mini" in card.sheet.value
    assert is_shown(card.prediction)
