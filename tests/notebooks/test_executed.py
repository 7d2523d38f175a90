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
import json, sys
heavy = {"torch", "transformers", "datasets", "evaluate", "tokenizers", "peft"} & set(sys.modules)
components = [name for name, one in list(globals().items()) if hasattr(getattr(one, "component", None), "state")]
print(json.dumps({"heavy": sorted(heavy), "components": components}))
"""
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
BROKEN = ("1e400", "1e18", "NaN", "-1")  # times that no calendar knows


def execute(name, home, *extra, **env):
    """Run a notebook and ``extra`` cells after it in a kernel of its own; return the notebook with its outputs."""
    book = nbformat.read(APPS / name, as_version=4)
    book.cells += [nbformat.v4.new_code_cell(code) for code in extra]
    surroundings = {**os.environ, "POETAS_HOME": str(home), "PYTHONPATH": str(APPS.parent), **env}
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(APPS)}}).execute(env=surroundings)
    return book


def outputs_of(cell):
    """Return what a cell printed."""
    return "".join(out.text for out in cell.outputs if out.output_type == "stream" and out.name == "stdout")


def test_there_are_three():
    assert NOTEBOOKS == ["1_conocer.ipynb", "2_preparar.ipynb", "3_entrenar.ipynb"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_runs_from_top_to_bottom_without_a_side_effect(name, tmp_path):
    """A preheated kernel runs the cells before anybody visits: no folder is made, nothing is started or loaded."""
    home = tmp_path / "casa"
    book = execute(name, home, TELL)
    assert not home.exists()
    seen = json.loads(outputs_of(book.cells[-1]))
    assert seen["heavy"] == []
    assert len(seen["components"]) >= 3
    for cell in book.cells[:-1]:
        if cell.cell_type != "code":
            continue
        kinds = {out.output_type for out in cell.outputs}
        assert kinds <= {"execute_result", "display_data"}, (cell.source, cell.outputs)
        shown = not cell.source.startswith("#@title")
        assert shown == bool(kinds), cell.source
        if kinds:
            assert "application/vnd.jupyter.widget-view+json" in cell.outputs[0].data


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_its_kernel_has_no_network_and_says_what_it_refused_even_in_a_broken_ledger(name, tmp_path):
    """The page's own kernel has no wall, only the guard. What is in the ledger from before must not break a cell."""
    home = tmp_path / "casa"
    home.mkdir()
    lines = [f'{{"time": {time}, "kind": "download", "host": "h", "what": "w", "size": 1}}\n' for time in BROKEN]
    ledger = Ledger(home / "registro.jsonl")
    ledger.path.write_text("".join(lines))
    book = execute(name, home, TRY)
    assert outputs_of(book.cells[-1]).split() == ["NetworkRefused"] * 3
    assert [entry.host for entry in ledger.entries()] == ["192.0.2.1", "192.0.2.1:80", "example.org"]
    assert ledger.refusals() == 3


def test_the_page_says_what_was_asked_downloaded_and_refused(tmp_path):
    ledger = Ledger(tmp_path / "casa" / "registro.jsonl")
    ledger.asked("biblioteca.example", "ana/<b>mini")
    ledger.downloaded("indice.example", "modelo", 2_000_000)
    ledger.refused("192.0.2.1:80", "urllib3")
    book = execute(NOTEBOOKS[0], tmp_path / "casa", "print(App('conocer')._state.value)")
    state = json.loads(html.unescape(re.search('data-state="([^"]*)"', outputs_of(book.cells[-1]))[1]))
    assert [line["what"] for line in state["ledger"]] == [
        "1 intento frenado",
        "Se le preguntó a biblioteca.example por ana/<b>mini",
        "Se bajó modelo de indice.example (2 MB)",
        "Se frenó un intento de conexión a 192.0.2.1:80",
    ]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_each_cell_is_short_and_the_set_up_cell_alone_is_longer(name):
    book = nbformat.read(APPS / name, as_version=4)
    for cell in book.cells:
        if cell.cell_type == "code" and not cell.source.startswith("#@title"):
            assert len(cell.source.splitlines()) <= 4, cell.source
