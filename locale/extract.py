"""Extraction of every text that the learner sees into ``poetas.pot``, and update and compilation of the catalogues.

    python locale/extract.py            write
    python locale/extract.py --check    exit with 1 if something is not up to date

Texts come from the code (``_`` and ``ngettext``), from the lesson notes (a paragraph each, without the line that says
where it is shown), from the glossary and from the model catalogue. Message ids are the Spanish texts; a catalogue of
another language may be partial.
"""

from __future__ import annotations

import io
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "locale"
KEYWORDS = {"_": None, "ngettext": (1, 2)}


def texts() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Yield (where, text) for everything that is shown; a pair of texts is a singular and its plural."""
    for package in ("poetas", "widgets"):
        messages = extract_from_dir(ROOT / package, [("**.py", "python")], keywords=KEYWORDS)
        for name, _line, message, _comments, _context in messages:
            yield f"{package}/{name}", message
    for path in sorted((ROOT / "widgets" / "course" / "notes").glob("*.md")):
        for paragraph in path.read_text("utf-8").split("\n\n"):
            yield f"widgets/course/notes/{path.name}", re.sub(r"^<!--.*?-->\n", "", paragraph.strip())
    for term in tomllib.loads((ROOT / "poetas" / "glossary.toml").read_text("utf-8")).values():
        for text in term.values():
            yield "poetas/glossary.toml", text
    models = tomllib.loads((ROOT / "poetas" / "models" / "catalogue.toml").read_text("utf-8"))
    for model in models["model"]:
        yield "poetas/models/catalogue.toml", model["summary"]


def template() -> Catalog:
    """Return the template: every text with the files it stands in."""
    catalogue = Catalog(project="LLMs para poetas", charset="utf-8")
    for where, message in texts():
        if message:
            catalogue.add(message, locations=[(where, 0)])
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as the bytes of a .po file, without dates and line numbers, so that only texts change it."""
    out = io.BytesIO()
    write_po(out, catalogue, sort_output=True, include_lineno=False, omit_header=catalogue.locale is None, width=100)
    return out.getvalue()


def main() -> int:
    """Write, or check, the template and the catalogues."""
    check = "--check" in sys.argv[1:]
    made: dict[Path, bytes] = {LOCALE / "poetas.pot": written(template())}
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/poetas.po")):
        with path.open("rb") as source:
            catalogue = read_po(source, locale=path.parts[-3])
        catalogue.update(template(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        made[path] = path.read_bytes() if check and not _missing(catalogue, path) else written(catalogue)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        made[path.with_suffix(".mo")] = compiled.getvalue()
    stale = [path for path, content in made.items() if not path.is_file() or path.read_bytes() != content]
    for path in stale:
        if check:
            print(f"{path.relative_to(ROOT)} is not up to date: run python locale/extract.py")
        else:
            path.write_bytes(made[path])
    return 1 if check and stale else 0


def _missing(catalogue: Catalog, path: Path) -> bool:
    with path.open("rb") as source:
        known = {message.id for message in read_po(source)}
    return {message.id for message in catalogue} != known


if __name__ == "__main__":
    sys.exit(main())
