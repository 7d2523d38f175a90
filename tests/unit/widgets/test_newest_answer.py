"""Answers of the real services that reach a component in the wrong order: what it shows is of the newest question."""

import pytest

from poetas.workspace import Workspace
from tests.tiny_model import TINY, build_tiny_model
from tests.unit.widgets.pollers import backwards, needs_loop, new_poller
from tests.unit.widgets.prepare.steps import bring, plain
from tests.unit.widgets.train.steps import dataset
from widgets import ColumnMapper, LengthChart, PageContext, SaveDataset, TryIt

pytestmark = pytest.mark.slow
OTHER = "otro"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page with two models and two files of letters, of which the second is in use."""
    home = Workspace(tmp_path_factory.mktemp("home"))
    for model in (TINY, OTHER):
        build_tiny_model(home.models / model)
    context = PageContext(home, poller=new_poller())
    context.model = TINY
    for day in ("domingo", "lunes"):
        path = tmp_path_factory.mktemp("cartas") / f"{day}.csv"
        letters = [f"Carta {n} del {day}: hoy llovió {n} veces en la sierra.;Llovió {n} veces" for n in range(1, 31)]
        path.write_text("texto;resumen\n" + "\n".join(letters), "utf-8")
        bring(context, path)
    yield context
    context.close()


def account(page):
    table = SaveDataset(context=page).account
    table.fold.click()
    page.poller.drain()
    for query in ("12 veces", "25 veces"):
        yield lambda query=query: table.query.set_trait("value", query)
    shown = plain(table.table.value)
    yield "Carta 25" in shown and "Carta 12" not in shown


def columns(page):
    mapper = ColumnMapper(context=page)
    page.poller.drain()
    first = plain(mapper.preview.value)
    yield mapper.more.click
    yield mapper.more.click
    shown = plain(mapper.preview.value)
    mapper._show_rows(2 * 3)
    page.poller.drain()
    yield shown == plain(mapper.preview.value) != first


def reading(page):
    draft = LengthChart(context=page).draft
    source = draft.source
    lunes, domingo = (source.replace("lunes", day) for day in ("lunes", "domingo"))
    for path in (domingo, lunes):
        yield lambda path=path: draft.open(path, done=lambda _read: None, failed=pytest.fail)
    yield draft.source == lunes and draft.task == "summary"


def lengths(page):
    chart = LengthChart(context=page)
    yield lambda: chart.prediction.place("50")
    page.model = OTHER
    yield lambda: chart.prediction.place("50")
    right = chart.lengths is not None and chart.alert.problem is None
    page.model = TINY
    yield right


def bringing(page):
    trial = TryIt(context=page)
    for place in ("patio", "río"):
        rows = [{"text": f"En el {place} canta {n}.", "summary": "Canta."} for n in range(26)]
        page.dataset = str(dataset(page.project, rows))
        yield trial.bring.click
    yield trial.box.value.startswith("En el río")


@needs_loop
@pytest.mark.parametrize("component", [account, columns, reading, lengths, bringing])
def test_an_answer_that_comes_late_changes_nothing(component, page, monkeypatch):
    steps = component(page)
    with backwards(page, monkeypatch) as ask:
        ask(next(steps))
        ask(next(steps))
    assert next(steps)
