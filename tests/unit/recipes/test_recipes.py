"""Every recipe runs as it is shown, filled as the page fills it, with real small files and a tiny model."""

import csv
import json
import os
import subprocess
import sys

import pandas as pd
import pytest

from poetas import recipes
from poetas.data.storage.dataset_store import save_tables
from poetas.data.storage.samples import sample
from poetas.recipes.values import asking_values, training_values
from poetas.training.config import TrainingConfig
from tests.tiny_model import build_tiny_model
from tests.tiny_seq2seq import build_tiny_seq2seq

pytestmark = pytest.mark.slow

# One process for all: what takes long is to import the libraries, which every recipe does.
DRIVER = """
import contextlib, io, json, runpy, sys, traceback

told = {}
for path in sys.argv[1:]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            runpy.run_path(path, run_name="__main__")
            problem = ""
        except BaseException:
            problem = traceback.format_exc()
    told[path] = [out.getvalue(), problem]
print("\\n" + json.dumps(told))
"""


# Recipes that open a model; the tuned one comes after its training.
EACH_KIND = (
    "modelo", "proxima", "azar", "antes", "antes estilo", "perillas", "entrena estilo", "entrena", "probalo",
    "probalo estilo",
)  # fmt: skip


def table(path, rows):
    parts = {
        part: pd.DataFrame(rows[start:end])
        for part, start, end in (("train", 0, 8), ("validation", 8, 10), ("test", 10, 14))
    }
    counts = {part: len(one) for part, one in parts.items()}
    task = "summary" if "summary" in rows[0] else "style"
    return save_tables(parts, {"format": 1, "task": task, "counts": counts}, path, task).folder


@pytest.fixture(scope="module")
def told(tmp_path_factory):
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
        "proxima": {"TEXT": 'Anoche "llovió"\ny'},
        "azar": {"TEXT": "La gata", "TEMPERATURE": 1.3, "TOP_K": 20, "TOP_P": 0.9, "SEED": 5},
        "leer": reading,
        "columnas": columns,
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
        "mejoro": {"DATASET": notes},
        "mejoro estilo": {"DATASET": coplas},
        "probalo": {"TEXT": "Anoche llovió.", "ADAPTER": adapter, "LONGEST": 5},
        "probalo estilo": {"TEXT": "Anoche llovió", "TASK": "style", "ADAPTER": None, "LONGEST": 5},
    }
    for kind in ("chat", "seq2seq"):
        mine = {"ADAPTER": f"{adapter}-{kind}"}
        cases |= {f"{case} {kind}": {**cases[case], **mine} for case in EACH_KIND if case != "probalo estilo"}
        cases[f"probalo estilo {kind}"] = cases["probalo estilo"]
    for case, values in cases.items():
        model = models[next((kind for kind in models if kind and case.endswith(kind)), "")]
        code = recipes.program(case.split()[0], {"MODEL": str(model), **asking_values(model), **values})
        (home / f"{case}.py").write_text(code, "utf-8")
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(home / "hf"), "PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "2"}
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, *(f"{case}.py" for case in cases)],
        cwd=home,
        env={**os.environ, **offline},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {path.removesuffix(".py"): one for path, one in json.loads(done.stdout.splitlines()[-1]).items()}


def test_every_recipe_is_run(told):
    assert {case.split()[0] for case in told} == set(recipes.names())


@pytest.mark.parametrize("name", recipes.names())
def test_a_recipe_runs_as_it_is_shown(told, name):
    for case, (out, problem) in told.items():
        if case.split()[0] == name:
            assert not problem, f"{case}: {problem}"
            assert out.strip() or name == "entrena" or case == "azar seq2seq", case  # by chance it may end at once


def test_a_recipe_says_what_the_page_says(told):
    assert "train: 8 textos" in told["conjunto"][0]
    assert "8 textos de a 4, 1 vueltas: 2 pasos" in told["perillas"][0]
    assert "en 4 textos" in told["mejoro"][0]
    assert "palabras seguidas" in told["mejoro estilo"][0]
    assert "Una persona:" in told["antes"][0]
    assert "Tuyo:" in told["probalo"][0]
    assert "Tuyo:" not in told["probalo estilo"][0]
    for kind in ("chat", "seq2seq"):
        assert "Con ejemplos:" in told[f"antes {kind}"][0]
        assert "Tuyo:" in told[f"probalo {kind}"][0]


@pytest.mark.parametrize("name", recipes.names())
def test_what_can_be_chosen_stands_first_and_is_explained(name):
    code = recipes.source(name)
    assert code.startswith('"""')
    assert recipes.choices(code)
    assert "# Lo que elegiste" in code
