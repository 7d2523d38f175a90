"""Each notebook, executed from its first cell to its last as code view does it: no page, no Voilà, a real kernel."""

import html
import json
import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from poetas.privacy import Ledger

APPS = Path(__file__).resolve().parents[2] / "apps"
NOTEBOOKS = sorted(path.name for path in APPS.glob("*.ipynb"))
TELL = """
import json, os, sys
from pathlib import Path
heavy = {"torch", "transformers", "datasets", "evaluate", "tokenizers", "peft"} & set(sys.modules)
components = [name for name, one in list(globals().items()) if hasattr(getattr(one, "component", None), "state")]
home = Path(os.environ["POETAS_HOME"]).exists()
print(json.dumps({"heavy": sorted(heavy), "components": components, "home": home}))
"""
# The ledger of before the second time: what happened, and times that no calendar knows.
WRITE = """
from poetas.privacy import Ledger
ledger = Ledger(Path(os.environ["POETAS_HOME"]) / "registro.jsonl")
ledger.asked("biblioteca.example", "ana/<b>mini")
ledger.downloaded("indice.example", "modelo", 2_000_000)
ledger.refused("192.0.2.1:80", "urllib3")
with ledger.path.open("a") as out:
    for time in ("1e400", "1e18", "NaN", "-1"):
        print('{"time": %s, "kind": "download", "host": "h", "what": "w", "size": 1}' % time, file=out)
"""
SAY = "print({app}._state.value)"
TRY = """
import socket
for way_out in (
    lambda: socket.create_connection(("192.0.2.1", 80), timeout=3),
    lambda: socket.socket().connect(("192.0.2.1", 80)),
    lambda: socket.getaddrinfo("example.org", 80),
):
    try:
        way_out()
        print("let out")
    except OSError as error:
        print(type(error).__name__)
"""


def execute(name, home):
    """Run a notebook twice in a kernel of its own, and cells after each time; return all cells with their outputs.

    The first time there is no workspace. The second time its ledger has what `WRITE` wrote; at the end
    the kernel tries to get out.
    """
    book = nbformat.read(APPS / name, as_version=4)
    first = f"App({name.split('_')[1].removesuffix('.ipynb')!r})"
    extra = [TELL, WRITE, *(cell.source for cell in book.cells if cell.cell_type == "code"), SAY.format(app=first), TRY]
    book.cells += map(nbformat.v4.new_code_cell, extra)
    surroundings = {**os.environ, "POETAS_HOME": str(home), "PYTHONPATH": str(APPS.parent)}
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(APPS)}}).execute(env=surroundings)
    return book.cells


def outputs_of(cell):
    """Return what a cell printed."""
    return "".join(out.text for out in cell.outputs if out.output_type == "stream" and out.name == "stdout")


def test_there_are_three():
    assert NOTEBOOKS == ["1_conocer.ipynb", "2_preparar.ipynb", "3_entrenar.ipynb"]


@pytest.fixture(scope="module", params=NOTEBOOKS)
def executed(request, tmp_path_factory):
    """The cells of a notebook that was run, as `execute` returns them, its number of cells, and its workspace."""
    home = tmp_path_factory.mktemp("executed") / "casa"
    cells = execute(request.param, home)
    return cells, len(nbformat.read(APPS / request.param, as_version=4).cells), home


def test_it_runs_from_top_to_bottom_without_a_side_effect(executed):
    """A preheated kernel runs the cells before anybody visits: no folder is made, nothing is started or loaded."""
    cells, length, _home = executed
    seen = json.loads(outputs_of(cells[length]))
    assert not seen["home"]
    assert seen["heavy"] == []
    assert len(seen["components"]) >= 3
    for cell in cells[:length]:
        if cell.cell_type != "code":
            continue
        kinds = {out.output_type for out in cell.outputs}
        assert kinds <= {"execute_result", "display_data"}, (cell.source, cell.outputs)
        shown = not cell.source.startswith("#@title")
        assert shown == bool(kinds), cell.source
        if kinds:
            assert "application/vnd.jupyter.widget-view+json" in cell.outputs[0].data


def test_its_kernel_has_no_network_and_says_what_it_refused_even_in_a_broken_ledger(executed):
    """The page's own kernel has no wall, only the guard. What is in the ledger from before must not break a cell."""
    cells, _length, home = executed
    assert outputs_of(cells[-1]).split() == ["NetworkRefused"] * 3
    ledger = Ledger(home / "registro.jsonl")
    assert [entry.host for entry in ledger.entries()[-3:]] == ["192.0.2.1", "192.0.2.1:80", "example.org"]
    assert ledger.refusals() == 1 + 3


def test_the_page_says_what_was_asked_downloaded_and_refused(executed):
    state = json.loads(html.unescape(re.search('data-state="([^"]*)"', outputs_of(executed[0][-2]))[1]))
    assert [line["what"] for line in state["ledger"]] == [
        "1 intento frenado",
        "Se le preguntó a biblioteca.example por ana/<b>mini",
        "Se bajó modelo de indice.example (2 MB)",
        "Se frenó un intento de conexión a 192.0.2.1:80",
    ]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_each_cell_is_short_and_the_set_up_cell_alone_is_longer(name):
    book = nbformat.read(APPS / name, as_version=4)
    codes = [cell.source for cell in book.cells if cell.cell_type == "code"]
    assert [len(code.splitlines()) > 4 for code in codes if code.startswith("#@title")] == [True]
    assert [code for code in codes if not code.startswith("#@title") and len(code.splitlines()) > 4] == []
