"""The keepsake: one page, self-contained, everything escaped, nothing that was not chosen."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from poetas.export.keepsake_chart import HEIGHT, loss_chart, thinned
from poetas.export.keepsake_page import BeforeAfter, KeepsakeContent, keepsake_page, write_keepsake

HOSTILE = "</style></title><script>alert(1)</script><img src=http://x/y onerror=a> \"'&\u202e"
ADDRESS = re.compile(r"(?:https?:)?//[\w.]")


class Reader(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def page(**changes: object) -> str:
    values = {"name": "La voz del río", "day": date(2026, 11, 29), "texts": 1240, "base": "Gemma 3 (270M)"}
    return keepsake_page(KeepsakeContent(**{**values, **changes}))  # type: ignore[arg-type]


def test_it_says_name_date_texts_and_that_there_was_no_exam() -> None:
    read = Reader(page())
    for words in ("La voz del río", "29 de noviembre de 2026", "aprendió de 1.240 textos", "sobre Gemma 3 (270M)"):
        assert words in read.text
    assert "No se le tomó examen" in read.text
    assert "svg" not in read.tags


@pytest.mark.parametrize(("place", "kept"), [("local", True), ("colab", False)])
def test_texts_are_said_to_have_stayed_only_where_they_did(
    place: str, *, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POETAS_PLACE", place)
    assert ("sin enviar los textos" in Reader(page()).text) is kept


@pytest.mark.parametrize("where", ["name", "base", "author", "lines", "given", "before", "after", "verdict"])
def test_everything_is_escaped(where: str) -> None:
    pair = {"before": "a", "after": "b", "given": "c"}
    if where in pair:
        made = page(pair=BeforeAfter(**{**pair, where: HOSTILE}))
    else:
        made = page(**{where: (HOSTILE,) if where in {"lines", "verdict"} else HOSTILE})
    read = Reader(made)
    assert not {"script", "img", "iframe", "link", "object", "base", "form", "a"} & set(read.tags)
    assert read.tags.count("title") == read.tags.count("style") == 1
    assert "<script>alert(1)</script>" in read.text
    assert not [name for name, _value in read.attributes if name.startswith("on") or name in {"src", "href", "style"}]
    assert "\u202e" not in made


def test_no_address_leads_out_and_a_policy_holds_it_to_that() -> None:
    made = page(lines=("uno",), training=[(1, 3.0), (2, 2.0)], pair=BeforeAfter("a", "b"))
    outside = made.replace('xmlns="http://www.w3.org/2000/svg"', "")
    outside = re.sub(r"base64,[A-Za-z0-9+/=]*", "", outside)
    assert not ADDRESS.search(outside)
    [policy] = [value for name, value in Reader(made).attributes if value.startswith("default-src")]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_at_most_three_lines_and_only_what_was_chosen() -> None:
    read = Reader(page(lines=("uno", " ", "dos", "tres", "cuatro"), pair=BeforeAfter("antes", "")))
    assert read.tags.count("blockquote") == 3
    assert "cuatro" not in read.text
    assert "No escribió nada." in read.text
    assert ("class", "verse given") not in read.attributes  # the beginning was not ticked
    assert ("class", "verse given") in Reader(page(pair=BeforeAfter("a", "b", "El comienzo"))).attributes


def test_each_line_of_verse_is_a_block_of_its_own_and_prose_is_none() -> None:
    prose = "Llovió toda la noche sobre el barrio y a la mañana nadie quiso salir a la vereda a barrer."
    made = page(pair=BeforeAfter("El río baja,\ny canta.", f"{prose}\n{prose}"))
    assert '<p class="verse"><span class="line">El río baja,</span><span class="line">y canta.</span></p>' in made
    assert made.count('class="line"') == 2
    assert 'class="lines hung"' in page(lines=("uno",))
    assert 'class="lines"' in page(lines=("uno",), task="summary")


def test_the_verdict_is_the_honest_one() -> None:
    read = Reader(page(verdict=("Empeoró: antes del ajuste resumía mejor.", "Contra copiar: −3,1 puntos.")))
    assert "Empeoró" in read.text
    assert "−3,1" in read.text
    assert "No se le tomó examen" not in read.text


def test_the_curve_is_drawn_with_few_points_and_without_damaged_ones() -> None:
    many = [(step, 3.0 / (step + 1)) for step in range(5000)]
    assert len(thinned(many)) <= 302
    assert thinned(many)[-1] == many[-1]
    drawn = loss_chart([*many, (5001.0, float("nan")), (5002.0, float("inf"))], [(0, 3.0), (4999, 1.5)])
    assert "nan" not in drawn
    assert drawn.count("<polyline") == 2
    assert "simulacro: de 3,00 a 1,50" in drawn
    assert loss_chart([(1, 2.0)], []) == ""


def test_the_file_is_small_private_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "recuerdo.html"
    write_keepsake(path, KeepsakeContent("x", date(2026, 1, 1), 1, "y"))
    assert path.read_text("utf-8").endswith("</html>\n")
    assert path.stat().st_size < 400_000
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_the_verdict_comes_in_words_first_and_its_figures_are_folded() -> None:
    headline, figures = "Sí, mejoró.", "Contra copiar la primera oración: +3,0 puntos (entre +1,0 y +5,0). Le gana."
    page = keepsake_page(KeepsakeContent("Zorzal", date(2026, 3, 1), 12, "Base", verdict=(headline, figures)))
    before, folded = page.split("<details>")
    assert headline in before
    assert figures not in before
    assert figures in folded.split("</details>")[0]
    alone = keepsake_page(KeepsakeContent("Zorzal", date(2026, 3, 1), 12, "Base", verdict=(headline,)))
    assert "<details>" not in alone


def test_what_was_learnt_is_seen_in_the_curve_though_it_stays_far_from_zero():
    falling = loss_chart([], [(0, 5.5), (20, 4.3), (40, 4.2)])
    heights = [float(place.split(",")[1]) for place in re.findall(r"[\d.]+,[\d.]+", falling)]
    assert max(heights) - min(heights) > 0.7 * HEIGHT
