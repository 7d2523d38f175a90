"""Links of the README and the guides lead somewhere; their orders and the names that they quote are the program's."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from poetas import cli
from poetas.course.app_steps import app_steps, step_label
from poetas.course.class_results import class_results
from poetas.course.class_table import class_rows
from poetas.course.course_record import APPS
from poetas.course.feedback_scales import scales
from poetas.course.question_bank import current_bank
from tests.class_answers import export

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ("guia-aprendiz", "guia-docente", "prueba-con-usuarios", "hipotesis")
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_to_files(page):
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
    inside = [link for link in links if not link.startswith(("http:", "https:", "mailto:", "#"))]
    assert [link for link in inside if not (page.parent / link).exists()] == []


def test_the_readme_leads_to_every_guide_in_both_languages():
    for name in ("README.md", "README.en.md"):
        text = (ROOT / name).read_text("utf-8")
        assert [guide for guide in GUIDES if f"(docs/{guide}.md)" not in text] == []


def test_each_app_ends_with_the_four_readings_and_when_to_read_each():
    notebooks = sorted((ROOT / "apps").glob("*.ipynb"))
    assert len(notebooks) == 3
    for notebook in notebooks:
        cells = json.loads(notebook.read_text("utf-8"))["cells"]
        (text,) = ("".join(cell["source"]) for cell in cells if cell["id"] == "seguir")
        readings = re.findall(r"^- \[[^\]]+\]\((https://[^)]+)\)[^:]*: .{20,}\.$", text, re.MULTILINE)
        hosts = [reading.split("/")[2] for reading in readings]
        assert hosts == ["jalammar.github.io", "www.llm-book.com", "huggingface.co", "github.com"], notebook.name


def guide(name):
    return re.sub(r"\n +(?=\w)", " ", (ROOT / "docs" / f"{name}.md").read_text("utf-8"))  # a list's lines joined


def test_the_orders_of_the_guides_are_orders_of_the_program():
    orders = [
        order
        for name in GUIDES
        for order in re.findall(
            r"(?:^|`|  )(?:POETAS_\w+=\S+ )?(poetas(?: [^`\n]+)?)(?:`|$)", guide(name), re.MULTILINE
        )
    ]
    assert len(orders) > 10
    for order in orders:
        words = order.split()[1:]
        assert not words or words[0] in {command.name for command in cli.COMMANDS}
        if len(words) > 1:
            cli.parser().parse_args(words)  # ends the program where it does not know one
    known = tomllib.loads((ROOT / "poetas" / "models" / "catalogue.toml").read_text("utf-8"))["model"]
    models = {word for order in orders if " fetch " in order for word in order.split()[2:] if word[0].islower()}
    assert models == {"gemma3-270m", "smollm2-135m"} <= {model["id"] for model in known}


def test_the_steps_and_figures_that_the_guides_quote_are_there():
    labels = {step_label(app, step) for app in APPS for step in app_steps(app)}
    quoted = set(re.findall(r"«(¿?[A-ZÁÉ][^»]+)»", guide("guia-docente") + guide("hipotesis")))
    others = {
        *(scale.question for scale in scales()),
        *current_bank().concepts.values(),
        "Rápido", "Equilibrado", "Ahora no", "Contanos", "Ver el informe de fallas",
        "Anda mal: inventa.", "El mío es mejor que el tuyo.",
    }  # fmt: skip
    assert quoted - labels - others == set()
    rows = list(class_rows(class_results([export(1)], current_bank()), (), current_bank()))
    written = {row[index] for row in rows for index in (0, 3)}
    hypotheses = set(re.findall(r"`([a-zé][a-zé :]+)`", guide("hipotesis")))
    assert len(hypotheses) > 5
    assert hypotheses - {"noticias"} <= written | {"minutos: mediana y cuartos"}
