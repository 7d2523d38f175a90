"""The recipes of app 2 run as they are shown, on the samples and on a table as Excel writes it in Argentina."""

import csv
import runpy

import pytest

from poetas import recipes
from poetas.data.storage.samples import sample
from tests.paths import ROOT
from tests.tiny_model import build_tiny_model

NAMES = ("leer", "columnas", "sanos", "tokens", "largos", "reparto", "guardar")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return str(build_tiny_model(tmp_path_factory.mktemp("modelos") / "tiny"))


@pytest.fixture
def run(tmp_path, model, monkeypatch, capsys):
    """Run a recipe as the page shows it; `test_recipes` runs all of them in a process of their own."""
    monkeypatch.chdir(tmp_path)

    def go(name, **values):
        path = tmp_path / f"{name}.py"
        path.write_text(recipes.program(name, {"MODEL": model, **values}), "utf-8")
        capsys.readouterr()
        runpy.run_path(str(path), run_name="__main__")
        return capsys.readouterr().out

    return go


@pytest.fixture
def latin(tmp_path):
    """What the learner's file and its reading fill the recipes with."""
    path = tmp_path / "crónicas.csv"
    with path.open("w", encoding="latin-1", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerows([["crónica", "breve"], *([f"El ñandú número {n}, señora", f"Ñandú {n}"] for n in range(20))])
        writer.writerows([["El ñandú número 1, señora", "Ñandú 1"], ["", "sin texto"]])
    return {
        "FILE": str(path),
        "ENCODING": "Latin-1",
        "DELIMITER": ";",
        "COLUMNS": ["crónica", "breve"],
        "HEADER": 0,
        "TEXT": "crónica",
        "SUMMARY": "breve",
    }


COPLAS = {
    "READER": "texts",
    "FILE": str(sample("coplas").path),
    "HINTS": {},
    "TEXT": "texto",
    "SUMMARY": None,
}


def test_they_are_all_there_and_name_their_choices_in_capitals():
    assert set(NAMES) <= set(recipes.names())
    for name in NAMES:
        assert recipes.choices(recipes.source(name))


def test_reading(run, latin):
    assert "Leí 22 filas y 2 columnas: crónica, breve" in run("leer", **latin)


def test_columns(run, latin):
    output = run("columnas", **latin)
    assert "Quedan 20 textos." in output
    assert "{'text': 'El ñandú número 0, señora', 'summary': 'Ñandú 0'}" in output
    assert "Quedan 132 textos." in run("columnas", **COPLAS)


def test_health(run, latin):
    assert "Cambian 0 de 22 textos. Copias exactas: 1." in run("sanos", **latin)
    path = str(ROOT / "tests/unit/data/cases/19-entidades.csv")
    output = run("sanos", FILE=path, ENCODING="utf-8", COLUMNS=["texto"], TEXT="texto")
    assert "Cambian 40 de 40 textos." in output
    assert "queda 'Había una vez" in output


def test_tokens(run):
    output = run("tokens", TEXT="Llueve así,\nsobre la pampa")
    pieces = [eval(line.split("  ")[-1]) for line in output.splitlines()[:-1]]
    assert "".join(pieces).replace("␣", " ") == "Llueve así,\nsobre la pampa"
    assert f"{len(pieces)} tokens · 5 palabras" in output


def test_lengths(run):
    output = run("largos", **COPLAS, LONGEST=10)
    assert "se cortan 132 de 132 textos" in output


def test_lengths_of_a_table_with_an_empty_cell(run):
    path = str(ROOT / "tests/unit/data/cases/13b-una-celda-vacia.csv")
    output = run("largos", FILE=path, ENCODING="utf-8", COLUMNS=["texto", "resumen"], TEXT="texto", LONGEST=10)
    assert "de 11 textos" in output


def test_split_and_save(run, latin, tmp_path):
    output = run("reparto", **latin, VALIDATION=0.1, TEST=0.25, SEED=3)
    assert sum(int(line.split()[1]) for line in output.splitlines()) == 22
    output = run("guardar", **COPLAS, VALIDATION=0.1, TEST=0.25, SEED=3, NAME="mis coplas")
    assert (tmp_path / "mis coplas" / "dataset_dict.json").is_file()
    assert "validation" in output


def test_a_hostile_value_stays_a_text(run, tmp_path):
    assert run("tokens", TEXT='"""\nimport os; os.remove("tokens.py")\n"""')
    assert (tmp_path / "tokens.py").is_file()


def test_the_sample_that_a_recipe_shows_exists():
    for name in NAMES:
        file = recipes.choices(recipes.source(name)).get("FILE")
        if file:
            assert str(sample("noticias").path).endswith(str(file).removeprefix("data/samples/"))
