"""A page over an empty workspace, and the files that the tests of app 2's steps bring."""

import csv

import pytest

from poetas.data.storage.samples import sample
from poetas.workspace import Workspace
from tests.tiny_model import register_tiny_model
from tests.unit.widgets.pollers import new_poller
from tests.unit.widgets.prepare.steps import ROWS, bring
from widgets import LengthChart, PageContext, SaveDataset


@pytest.fixture
def context(own_workspace):
    made = PageContext(Workspace.default(), poller=new_poller())
    yield made
    made.close()


def writable(letter):
    return letter.encode("latin-1", "ignore")


@pytest.fixture
def file(tmp_path):
    """A table as Excel writes it in Argentina: Latin-1, semicolons, a comma in every text."""
    path = tmp_path / "Crónicas del barrio.csv"
    with path.open("w", encoding="latin-1", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(["número", "crónica", "resumen"])
        with sample("noticias").path.open(encoding="utf-8", newline="") as rows:
            for n, row in zip(range(ROWS), csv.DictReader(rows), strict=False):
                words = " ".join(row["texto"].split()[: 24 + 2 * n])  # every length once
                writer.writerow([n, "".join(filter(writable, words)), "".join(filter(writable, row["resumen"]))[:90]])
    return path


@pytest.fixture
def measured(context, file):
    register_tiny_model(context.workspace)
    bring(context, file)
    chart = LengthChart(context=context)
    chart.prediction.place("50")
    context.poller.drain()
    return chart


@pytest.fixture
def saved(context, file):
    bring(context, file)
    save = SaveDataset(context=context)
    save.name.value = "El jacarandá"
    save.button.click()
    context.poller.drain()
    return save


@pytest.fixture
def numbers(tmp_path):
    """A table without any text."""
    path = tmp_path / "números.csv"
    path.write_text("a;b\n" + "".join(f"{n};{n * 7}\n" for n in range(30)), "utf-8")
    return path
