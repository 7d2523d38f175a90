"""Generator of the Binder and Colab links and the notebooks' set-up cells from the address in pyproject.toml.

python docs/places.py            write
python docs/places.py --check    exit with 1 if something does not follow from the address
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from urllib.parse import quote, urlsplit

import nbformat

ROOT = Path(__file__).resolve().parents[1]
# Each README in its own language: the apps' titles, and what a badge says to those who cannot see it.
WORDS = {
    "README.md": {
        "1_conocer": "Conocé los LLMs",
        "2_preparar": "Prepará tus datos",
        "3_entrenar": "Entrená y evaluá",
        "badge": "abrir en {place}",
    },
    "README.en.md": {
        "1_conocer": "Conocé los LLMs (meet a model)",
        "2_preparar": "Prepará tus datos (prepare your texts)",
        "3_entrenar": "Entrená y evaluá (train and evaluate)",
        "badge": "open in {place}",
    },
}
BRANCH = "main"
COLAB = ROOT / "constraints-colab.txt"
# Colab's own torch fits its GPU driver, and its kernel and tables belong together; ipywidgets is pinned to what it has.
KEPT_BY_COLAB = {"torch", "ipykernel", "ipywidgets", "numpy", "pandas", "protobuf", "psutil"}
BLOCK = re.compile(r"(<!-- places -->\n).*?(<!-- /places -->)", re.DOTALL)
SETUP = """\
#@title Preparar el cuaderno: hacé clic en ▶ y esperá un minuto
import sys

# Con la GPU de Colab todavía no se probó: lo probado es «CPU» (Entorno de ejecución → Cambiar tipo de entorno).
if "google.colab" in sys.modules:  # en Colab, los componentes se instalan y se encienden acá
    %pip install --quiet --constraint {versions} "llms-para-poetas @ git+{address}"
    from google.colab import output

    output.enable_custom_widget_manager()"""


def address() -> str:
    """Return the repository's public address."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["urls"]["Source"])


def versions() -> str:
    """Return the address of the versions that Colab's set-up cell installs: the tested ones, and Colab's own torch."""
    return f"https://raw.githubusercontent.com{urlsplit(address()).path}/{BRANCH}/{COLAB.name}"


def colab_constraints() -> str:
    """Return the pins of our direct dependencies for Colab, without what Colab brings and must keep."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    ours = {re.split(r"[^\w.-]", line)[0].lower() for line in project["dependencies"]} - KEPT_BY_COLAB
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text("utf-8").split())
    rows = [f"{name}=={version}" for name, version in pins.items() if name.lower() in ours]
    return "\n".join(["ipywidgets==7.7.1", *rows]) + "\n"


def badge(place: str, goal: str, words: str) -> str:
    """Return a picture of ours that leads to a place: no image is loaded from a third party's server."""
    return f"[![{words.format(place=place)}](docs/pictures/{place.lower()}.svg)]({goal})"


def links(words: dict[str, str]) -> str:
    """Return a README's table: each app on Binder and in Colab."""
    slug = urlsplit(address()).path.strip("/")
    rows = ["| app | Binder | Colab |", "|---|---|---|"]
    for path in sorted((ROOT / "apps").glob("*.ipynb")):
        name = path.stem
        urlpath = quote(f"voila/render/apps/{name}.ipynb", safe="")
        binder = f"https://mybinder.org/v2/gh/{slug}/{BRANCH}?urlpath={urlpath}"
        colab = f"https://colab.research.google.com/github/{slug}/blob/{BRANCH}/apps/{name}.ipynb"
        badges = badge("Binder", binder, words["badge"]), badge("Colab", colab, words["badge"])
        rows.append(f"| {words[name]} | {' | '.join(badges)} |")
    return "\n".join(rows)


def readme(name: str) -> str:
    """Return a README with its table of places as it follows from the address."""
    table = links(WORDS[name])
    return BLOCK.sub(lambda match: f"{match[1]}{table}\n{match[2]}", (ROOT / name).read_text("utf-8"))


def notebook(path: Path) -> str:
    """Return a notebook with its set-up cell first, without outputs."""
    book = nbformat.read(path, as_version=4)
    cells = [cell for cell in book.cells if cell["id"] != "preparar-cuaderno"]
    setup = nbformat.v4.new_code_cell(SETUP.format(address=address(), versions=versions()), id="preparar-cuaderno")
    setup.metadata["cellView"] = "form"
    book.cells = [cells[0], setup, *cells[1:]]
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.metadata["cellView"] = "form"
            cell.outputs, cell.execution_count = [], None
    return nbformat.writes(book) + "\n"


def main() -> int:
    """Write, or check, everything that carries the address."""
    made = {ROOT / name: readme(name) for name in WORDS}
    made |= {path: notebook(path) for path in sorted((ROOT / "apps").glob("*.ipynb"))}
    made[COLAB] = colab_constraints()
    stale = [path for path, content in made.items() if not path.is_file() or path.read_text("utf-8") != content]
    for path in stale:
        if "--check" in sys.argv[1:]:
            print(f"{path.relative_to(ROOT)} does not follow from the address: run python docs/places.py")
        else:
            path.write_text(made[path], "utf-8")
    return 1 if stale and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
