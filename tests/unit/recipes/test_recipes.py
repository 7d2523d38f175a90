"""Every recipe runs as it is shown, filled as the page fills it, with real small files and a tiny model."""

import ast
import csv
import json
import os
import subprocess
import sys

import nbformat
import pandas as pd
import pytest

from poetas import recipes
from poetas.data.storage.dataset_store import save_tables
from poetas.data.storage.samples import sample
from poetas.recipes.branches import fold
from poetas.recipes.notebook import notebook
from poetas.recipes.values import asking_values, training_values
from poetas.training.config import TrainingConfig
from tests.tiny_model import build_tiny_model
from tests.tiny_seq2seq import build_tiny_seq2seq

pytestmark = pytest.mark.slow

# One process for all: what takes long is to import the libraries, which every recipe does.
DRIVER = """
import contextlib, io, json, runpy, sys, traceback

outputs = {}
for path in sys.argv[1:]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            runpy.run_path(path, run_name="__main__")
            problem = ""
        except BaseException:
            problem = traceback.format_exc()
    outputs[path] = [out.getvalue(), problem]
print("\\n" + json.dumps(outputs))
"""


# Recipes that open a model; the tuned one comes after its training.
EACH_KIND = (
    "que-sigue", "modelo", "proxima", "azar", "tareas", "tareas tema", "justo", "antes",
    "antes estilo", "perillas", "entrena estilo", "entrena",
    "probalo", "probalo estilo", "mejoro", "mejoro estilo", "conviene", "conviene estilo", "cata", "cata estilo",
    "llevatelo", "recuerdo", "recuerdo estilo",
)  # fmt: skip


def table(path, rows):
    parts = {
        part: pd.DataFrame(rows[start:end])
        for part, start, end in (("train", 0, 8), ("validation", 8, 10), ("test", 10, 14))
    }
    counts = {part: len(rows) for part, rows in parts.items()}
    task = "summary" if "summary" in rows[0] else "style"
    return save_tables(parts, {"format": 1, "task": task, "counts": counts}, path, task).folder


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What each recipe printed, and how it failed, by a name of the case."""
    home = tmp_path_factory.mktemp("recetas")
    with sample("noticias").path.open(encoding="utf-8", newline="") as lines:
        rows = [
            {"text": " ".join(row["texto"].split()[:30]), "summary": row["resumen"]}
            for row, _ in zip(csv.DictReader(lines), range(14), strict=False)
        ]
    verses = sample("coplas").path.read_text("utf-8").split("\n\n")[:14]
    file = home / "crónicas.csv"
    with file.open("w", encoding="latin-1", newline="", errors="ignore") as out:
        csv.writer(out, delimiter=";").writerows(
            [["crónica", "breve"], *([row["text"], row["summary"]] for row in rows)]
        )
    models = {
        "": build_tiny_model(home / "modelos" / "tiny"),
        "chat": build_tiny_model(home / "modelos" / "chat", chat=True),
        "seq2seq": build_tiny_seq2seq(home / "modelos" / "seq2seq"),
    }
    notes = str(table(home / "conjuntos", rows))
    coplas = str(table(home / "conjuntos", [{"text": verse} for verse in verses]))
    reading = {"FILE": str(file), "ENCODING": "latin-1", "DELIMITER": ";", "COLUMNS": ["crónica", "breve"], "HEADER": 0}
    columns = {**reading, "TEXT": "crónica", "SUMMARY": "breve"}
    split = {"VALIDATION": 0.1, "TEST": 0.25, "SEED": 7}
    knobs = training_values(TrainingConfig(epochs=1, lora_rank=2, longest=32, seed=3))
    adapter = str(home / "mi-adaptador")
    cases = {
        "modelo": {},
        "que-sigue": {"TEXT": 'Anoche "llovió"\ny', "OPTIONS": ("sapos", "la luna")},
        "juguete": {"TEXT": 'Anoche "llovió"\ny anoche\tllovió', "WORDS": 2, "SEED": 7},
        "proxima": {"TEXT": 'Anoche "llovió"\ny'},
        "azar": {"TEXT": "La gata", "TEMPERATURE": 1.3, "TOP_K": 20, "TOP_P": 0.9, "SEED": 5},
        "tareas": {
            "TASK": "summarise",
            "TEXT": "Anoche llovió.",
            "QUESTION": "¿Qué pasó?",
            "TOPICS": ("clima", "arte"),
        },
        "tareas tema": {"TASK": "classify", "TEXT": "Anoche llovió.", "TOPICS": ("clima", "arte")},
        "justo": {"FIRST": "La gata", "SECOND": "El gato", "CONTINUATION": "duerme en el patio."},
        "leer": reading,
        "columnas": columns,
        "sanos": columns,
        "tokens": {"TEXT": "Llueve así,\nsobre la pampa"},
        "largos": {**columns, "LONGEST": 10},
        "reparto": {**columns, **split},
        "guardar": {**columns, **split, "NAME": "mis crónicas"},
        "conjunto": {"DATASET": notes},
        "antes": {"DATASET": notes, "LONGEST": 5},
        "antes estilo": {"DATASET": coplas, "LONGEST": 5},
        "perillas": {"DATASET": notes, **knobs},
        "entrena": {"DATASET": notes, "ADAPTER": adapter, **knobs},
        "entrena estilo": {"DATASET": coplas, "ADAPTER": f"{adapter}-coplas", **knobs},
        "probalo": {"TEXT": "Anoche llovió.", "ADAPTER": adapter, "LONGEST": 5},
        "probalo estilo": {"TEXT": "Anoche llovió", "TASK": "style", "ADAPTER": None, "LONGEST": 5},
        "mejoro": {"DATASET": notes, "ADAPTER": adapter, "LONGEST": 32, "WRITTEN": 5},
        "mejoro estilo": {"DATASET": coplas, "ADAPTER": f"{adapter}-coplas", "LONGEST": 32},
        "conviene": {"DATASET": notes, "ADAPTER": adapter, "LONGEST": 32, "WRITTEN": 5},
        "conviene estilo": {"DATASET": coplas, "ADAPTER": f"{adapter}-coplas", "LONGEST": 32},
        "cata": {"DATASET": notes, "ADAPTER": adapter, "LONGEST": 5},
        "cata estilo": {"DATASET": coplas, "ADAPTER": f"{adapter}-coplas", "LONGEST": 5},
        "llevatelo": {"DATASET": notes, "ADAPTER": adapter, "NAME": str(home / "llevado"), "GIVEN": 4, "MORE": 2},
        "recuerdo": {"ADAPTER": adapter, "NAME": "<b>Funes</b>", "LINES": ("Llueve & llueve",), "LONGEST": 5},
        "recuerdo estilo": {"TASK": "style", "ADAPTER": f"{adapter}-coplas", "TEXT": "Llueve,", "LONGEST": 5},
    }
    for kind in ("chat", "seq2seq"):
        for case in EACH_KIND:
            values = dict(cases[case])
            if values.get("ADAPTER"):
                values["ADAPTER"] = f"{values['ADAPTER']}-{kind}"
            cases[f"{case} {kind}"] = values
    for case, values in cases.items():
        model = models[next((kind for kind in models if kind and case.endswith(kind)), "")]
        code = recipes.program(case.split()[0], {"MODEL": str(model), **asking_values(model), **values})
        (home / f"{case}.py").write_text(code, "utf-8")
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(home / "hf"), "PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, *(f"{case}.py" for case in cases)],
        cwd=home,
        env={**os.environ, **offline},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {path.removesuffix(".py"): output for path, output in json.loads(done.stdout.splitlines()[-1]).items()}


def test_every_recipe_is_run(outputs):
    assert {case.split()[0] for case in outputs} == set(recipes.names())


@pytest.mark.parametrize("name", recipes.names())
def test_a_recipe_runs_as_it_is_shown(outputs, name):
    for case, (out, problem) in outputs.items():
        if case.split()[0] == name:
            assert not problem, f"{case}: {problem}"
            assert out.strip() or name == "entrena" or case == "azar seq2seq", case  # by chance it may end at once


def test_a_recipe_says_what_the_page_says(outputs):
    assert "train: 8 textos" in outputs["conjunto"][0]
    assert "8 textos de a 4. Épocas: 1. Pasos: 2." in outputs["perillas"][0]
    assert "en 4 textos" in outputs["mejoro"][0]
    for kind in ("", " chat", " seq2seq"):
        for case, unit in (("mejoro", "puntos de ROUGE-1"), ("mejoro estilo", "de pérdida")):
            out = outputs[case + kind][0]
            assert f"{unit}, en 4 textos" in out
            assert "Como vino:" in out
            assert "Ajustado:" in out
            assert f"{unit} (entre " in out
    assert "Segunda oración:" in outputs["mejoro"][0]
    assert "De referencia:" in outputs["antes"][0]
    for kind in ("", " chat", " seq2seq"):
        compared = outputs[f"conviene{kind}"][0]
        assert "Copiar la primera oración: " in compared
        assert "segundos por texto" in compared
        assert compared.count("Ajustado contra «") == 3
        assert outputs[f"conviene estilo{kind}"][0].count("Ajustado contra «Como vino»: entre ") == 1
        for case in ("cata", "cata estilo"):
            tasted, revealed = outputs[case + kind][0].split("Ahora sí:")
            assert tasted.count("  C: ") == revealed.count("Texto ") == revealed.count("ajustado") == 2
            assert "ajustado" not in tasted
        assert "El tuyo, sigue igual:" in outputs[f"llevatelo{kind}"][0]
    assert "Tuyo:" in outputs["probalo"][0]
    assert "Tuyo:" not in outputs["probalo estilo"][0]
    for kind in ("chat", "seq2seq"):
        assert "Con ejemplos:" in outputs[f"antes {kind}"][0]
        assert "Tuyo:" in outputs[f"probalo {kind}"][0]


@pytest.mark.parametrize("name", recipes.names())
def test_what_can_be_chosen_stands_first_and_is_explained(name):
    code = recipes.source(name)
    assert code.startswith('"""')
    assert recipes.choices(code)
    assert "# Lo que elegiste" in code


@pytest.mark.parametrize("name", recipes.names())
def test_a_recipe_carries_only_the_architecture_of_the_chosen_model(name):
    for kind, other in (("plain", "AutoModelForSeq2SeqLM"), ("chat", "AutoModelForSeq2SeqLM"), ("seq2seq", "CausalLM")):
        code = recipes.program(name, {"KIND": kind})
        assert "KIND" not in code
        assert other not in code
        assert ("apply_chat_template" in code) == (kind == "chat" and "apply_chat_template" in recipes.source(name))
        compile(code, name, "exec")


@pytest.mark.parametrize("name", recipes.names())
def test_a_recipe_is_a_valid_notebook_with_the_same_code(name):
    code = recipes.program(name, {"KIND": "plain"})
    book = nbformat.reads(notebook(code), as_version=4)
    nbformat.validate(book)
    first, *cells = book.cells
    assert first.cell_type == "markdown"
    assert first.source == ast.get_docstring(ast.parse(code))
    joined = ast.parse("\n\n".join(cell.source for cell in cells))
    assert ast.dump(joined) == ast.dump(ast.Module(ast.parse(code).body[1:], []))


@pytest.mark.parametrize(
    ("kind", "left"),
    [("a", "x = 1  # uno\ny = 1\n"), ("b", "x = 2\ny = 2\n"), ("c", "if z:\n    pass\nelse:\n    x = 3\ny = 2\n")],
)
def test_folding_keeps_one_branch_as_it_is_written(kind, left):
    code = (
        'z = 0\nif K == "a":\n    x = 1  # uno\nelif K == "b":\n    x = 2\nelif z:\n    pass\n'
        'else:\n    x = 3\ny = (1 if K == "a" else 2)\n'
    )
    assert fold(code, "K", kind) == ("z = 0\n" + left).rstrip("\n")


def test_folding_decides_a_branch_in_the_middle():
    code = 'if z:\n    x = 1\nelif K == "a":\n    x = 2\nelse:\n    x = 3'
    assert fold(code, "K", "a") == "if z:\n    x = 1\nelse:\n    x = 2"
    assert fold(code, "K", "b") == "if z:\n    x = 1\nelse:\n    x = 3"
