"""DataAndModel: the dataset and the model to work with, and whether they fit."""

import json
import shutil
from pathlib import Path

import pytest

from poetas.workspace import Workspace
from tests.tiny_model import TINY, build_tiny_model
from tests.unit.widgets.pollers import INLINE
from tests.unit.widgets.train.steps import LONG, again, plain
from widgets import BaselineSamples, DataAndModel, PageContext, TrainingPanel
from widgets.core.component import State
from widgets.train.dataset_records import dataset_in_use

pytestmark = pytest.mark.slow


def test_a_sample_is_prepared_with_one_click_and_becomes_the_dataset_in_use(empty):
    build_tiny_model(empty.workspace.models / TINY)
    table = DataAndModel(context=empty)
    buttons = {card.button.description: card.button for card in table.texts.children}
    assert set(buttons) == {"Usar el ejemplo noticias", "Usar el ejemplo coplas"}
    assert all("Licencia" in card.message.value for card in table.texts.children), "each card is whole"
    assert not table.done
    for _click in range(1 if INLINE else 2):  # a double one
        buttons["Usar el ejemplo coplas"].click()
    if not INLINE:
        assert table.state is State.BUSY
        assert all(card.button.disabled for card in table.texts.children)
    empty.poller.drain(LONG)
    assert Path(empty.dataset, "dataset.json").is_file()
    assert len(empty.project.prepared()) == 1
    assert json.loads(Path(empty.dataset, "dataset.json").read_text("utf-8"))["task"] == "style"
    [model] = table.models.children
    model.button.click()
    assert table.done
    assert table.value == {"dataset": empty.dataset, "model": TINY}
    assert "Entra: entrenar Modelo diminuto" in plain(table.summary.value)
    place = list(buttons).index("Usar el ejemplo coplas")  # no other card comes below the pointer
    assert "Coplas de una cartera rural" in plain(table.texts.children[place].message.value), "its title stays"
    offered = [card.button.description for card in table.texts.children]
    assert "Usar el ejemplo coplas" not in offered  # it stands there as a dataset of the project now
    after = DataAndModel(context=PageContext(empty.workspace))
    assert after.done


def test_what_does_not_fit_is_said_before_anything_starts(ready, monkeypatch):
    from poetas.environment import Machine

    monkeypatch.setattr("poetas.environment.machine", lambda _folder=None: Machine(2, 10**9, 3 * 10**8, 10**10))
    table = DataAndModel(context=ready)
    assert "700 MB, y acá hay 300 MB libres" in plain(table.summary.value)


def test_a_dataset_that_was_renamed_stays_in_use(prepared_news):
    table = DataAndModel(context=prepared_news)
    folder, fingerprint = prepared_news.project.datasets, dataset_in_use(prepared_news).fingerprint
    Path(prepared_news.dataset).rename(folder / "otro nombre")
    table.again.click()
    assert dataset_in_use(prepared_news).fingerprint == fingerprint
    (folder / "otro nombre").rename(folder / "y otro")
    later = again(prepared_news)
    table = DataAndModel(context=later)
    assert dataset_in_use(later).folder == folder / "y otro"
    assert "ya no está en su carpeta" not in table.summary.value
    later.save(fingerprint=["odd"])
    assert dataset_in_use(again(prepared_news)) is None


@pytest.mark.parametrize("version", [0, 99])
def test_a_dataset_of_another_version_is_a_card_where_it_is_chosen(prepared_news, version):
    context, used = prepared_news, prepared_news.dataset
    other = Path(shutil.copytree(used, Path(used).with_name("de otra versión")))
    record = json.loads((other / "dataset.json").read_text("utf-8"))
    (other / "dataset.json").write_text(json.dumps({**record, "format": version, "name": "De antes"}), "utf-8")
    table = DataAndModel(context=context)
    card = next(card for card in table.texts.children if "De antes" in card.button.description)
    card.button.click()
    assert table.alert.problem.code == "dataset-version"
    assert f"formato {version}, y esta versión lee el 1" in table.alert.problem.why
    assert context.dataset == used, "the one in use stays"
    context.dataset = str(other)  # as an earlier visit left it
    table = DataAndModel(context=context)
    assert "lo preparó otra versión" in plain(table.summary.value)
    assert not table.done


def test_a_dataset_that_is_gone_is_said_and_holds_nothing_up(tmp_path):
    workspace = Workspace(tmp_path / "home")
    workspace.project().remember(dataset=str(tmp_path / "gone"), model="gone")
    context = PageContext(workspace)
    table = DataAndModel(context=context)
    assert "ya no está en su carpeta" in table.summary.value
    assert BaselineSamples(context=context).state is State.WAITING
    assert TrainingPanel(context=context).state is State.WAITING
