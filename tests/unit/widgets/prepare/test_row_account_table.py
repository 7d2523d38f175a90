"""RowAccountTable: what became of each row, folded, in pages, searched, and as a file."""

import pytest

from tests.unit.widgets.prepare.steps import bring, plain
from widgets import SaveDataset
from widgets.core.elements import is_shown


@pytest.fixture
def account(context, tmp_path):
    """The account of a file of 24 rows, of which two are blank in one cell or another and one is a copy."""
    path = tmp_path / "cartas.csv"
    rows = [f"Carta número {n}: hoy llovió {n} veces en la sierra.;Llovió {n} veces" for n in range(21)]
    rows += ["Una carta sin resumen, de la que nadie dijo nada.;", ";Nada", rows[3]]
    path.write_text("texto;resumen\n" + "\n".join(rows), "utf-8")
    bring(context, path)
    save = SaveDataset(context=context)
    assert save.account.inside.children == ()  # nothing is asked for before it is unfolded
    save.account.fold.click()
    context.poller.drain()
    return save.account


def test_the_counts_and_the_first_rows_are_shown(account):
    assert "Tu archivo tiene 24 filas" in plain(account.counts.value)
    assert "quedaron afuera" in plain(account.counts.value)
    assert account.table.value.count("<tr") == 11  # ten rows and the head, whatever the file has
    assert "De la 1 a la 10, de 24" in plain(account.table.value)
    assert account.before.disabled
    account.after.click()
    account._draft.context.poller.drain()
    assert "De la 11 a la 20" in plain(account.table.value)


def test_rows_are_found_by_what_became_of_them(account):
    account.only.value = "left-out"
    account._draft.context.poller.drain()
    assert "no tiene resumen" in plain(account.table.value)
    assert "usada" not in plain(account.table.value)
    assert not is_shown(account.after)
    account.query.value = "nadie dijo"
    account._draft.context.poller.drain()
    assert account.table.value.count("<tr") == 2
    account.query.value = "no está en ningún lado"
    account._draft.context.poller.drain()
    assert "Ninguna fila es así" in account.table.value


def test_a_repair_changes_the_account(account):
    before = account.answer["counts"]["used"] + account.answer["counts"]["changed"]
    draft = account._draft
    draft.repair("duplicates", on=False, done=lambda _answer: None, failed=pytest.fail)
    draft.repair("near-duplicates", on=False, done=lambda _answer: None, failed=pytest.fail)
    account._draft.context.poller.drain()
    assert account.answer["counts"]["used"] + account.answer["counts"]["changed"] > before


def test_the_account_is_downloaded_as_a_file(account):
    paths = []
    account._export(".csv", paths.append)
    account._draft.context.poller.drain()
    assert paths[0].name == "cartas-cuenta-de-filas.csv"
    assert len(paths[0].read_text("utf-8-sig").splitlines()) == 25
