"""The look: contrast that everybody can read, one dark palette, and nothing that reaches outside our elements."""

import re

import pytest

from poetas.util.resources import folder
from widgets.core import theme

SHEET = (folder("template") / "static" / "look.css").read_text("utf-8")
COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")


def rules():
    plain = re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL)
    return [(head.strip(), body) for head, body in re.findall(r"([^{}]+)\{([^{}]*)\}", plain)]


def palettes():
    results = [dict(COLOUR.findall(body)) for head, body in rules() if "--paper: #" in body]
    assert len(results) == 3
    return results


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(color, other):
    """WCAG 2.2, relative contrast."""
    low, high = sorted((luminance(color), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TEXTS = [
    *((ink, paper) for ink in ("ink", "soft", "act", "info", "good", "care", "stop") for paper in ("paper", "sheet")),
    *(("ink", back) for back in ("info-bg", "care-bg", "good-bg", "stop-bg")),
    *(("soft", back) for back in ("info-bg", "care-bg", "good-bg", "stop-bg")),
    *((name, f"{name}-bg") for name in ("info", "care", "good", "stop")),
    *(("ink", f"chip-{n}") for n in range(1, 7)),
    ("act-ink", "act"),
    ("act-ink", "act-over"),
]


@pytest.mark.parametrize("palette", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), TEXTS)
def test_text_can_be_read(palette, ink, paper):
    colours = palettes()[palette]
    assert contrast(colours[ink], colours[paper]) >= 4.5


@pytest.mark.parametrize("palette", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("paper", ["paper", "sheet"])
@pytest.mark.parametrize("edge", ["edge", "info", "act"])
def test_what_can_be_operated_can_be_seen(palette, edge, paper):
    colours = palettes()[palette]
    assert contrast(colours[edge], colours[paper]) >= 3


def test_dark_is_the_same_in_the_page_and_in_jupyterlab_and_renames_nothing():
    light, page, lab = palettes()
    assert page == lab
    assert set(page) == set(light)


def test_every_rule_stays_within_our_elements():
    assert len(rules()) > 100
    for heads, _body in rules():
        if heads.startswith("@"):
            continue
        for head in re.split(r",(?![^()]*\))", heads):
            assert re.search(r"\.poetas\b|\.poetas-|^\s*:root\s*$", head), head


def test_the_look_loads_no_file():
    assert "@import" not in SHEET
    assert all(address.startswith('"data:') for address in re.findall(r"url\(([^)]*)", SHEET))


def test_no_text_is_smaller_than_sixteen_pixels():
    sheets = SHEET + (folder("template") / "static" / "page.css").read_text("utf-8")
    sizes = [float(size) for size in re.findall(r"(?:font-size:|font:[^;]*?)\s(\d+)px", sheets)]
    assert [size for size in sizes if size < 16] == [12]  # the tick inside the dot of a step that is done and now


def test_every_stylesheet_stands_beside_a_component_and_is_gathered_floor_by_floor(monkeypatch):
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5")
    sheet = theme.stylesheet()
    files = sorted(theme.WIDGETS.rglob("*.css"))
    assert len(files) > 20
    starts = {file: sheet.index(file.read_text("utf-8")) for file in files}
    floors = [file.relative_to(theme.WIDGETS).parts[0] for file in sorted(files, key=starts.get)]
    assert floors == sorted(floors, key=theme.FLOORS.index)
    for file in files:  # beside the module, or the module's folder, of its name
        assert file.with_suffix(".py").is_file() or file.with_suffix("").is_dir(), file


def test_what_a_model_wrote_is_set_as_a_text_in_one_rule():
    """Bold and terracotta is for a step's one action; what is written goes on in the reader's serif."""
    sheet = re.sub(r"/\*.*?\*/", "", theme.stylesheet(), flags=re.DOTALL)
    written = [body for head, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet) if re.search(r"\.written\s*$", head)]
    [body] = written
    assert "var(--serif)" in body
    assert "bold" not in body
    assert "weight" not in body
    assert not re.search(r"(?<![\w-])color:", body)
