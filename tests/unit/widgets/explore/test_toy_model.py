"""«Un modelo hecho con tus poemas»: the table, the raffle, verses side by side, texts left out, her own text."""

import re
from html import unescape

import pytest

from poetas.course.course_record import Part, course_entries
from poetas.course.own_text import OWN_TEXT, own_text
from poetas.generation.ngram_model import LINE_END
from poetas.workspace import Workspace
from tests.unit.widgets.pollers import new_poller
from widgets import PageContext, ToyModel
from widgets.core.elements import is_shown

POEMS = "la luna sube\nla luna baja\n\nla sal se queda\nla luna no\n\nel mar y la sal"


@pytest.fixture
def context(tmp_path):
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    yield context
    context.close()


@pytest.fixture
def toy(context):
    """A toy model of three poems."""
    context.save_at({OWN_TEXT: POEMS})
    return ToyModel(context)


def plain(part):
    return unescape(re.sub(r"<[^>]+>", " ", part.value))


def table(toy):
    return {row["label"]: row["text"] for row in toy.bars.rows}


def test_it_begins_with_the_coplas_and_keeps_nothing(context):
    toy = ToyModel(context)
    assert "132 textos y 2.598 palabras" in plain(toy.made)
    assert not is_shown(toy.corpus.erase)
    assert toy.bars.rows
    assert not toy.done
    assert not context.workspace.root.exists()


def test_the_table_counts_what_followed_the_verse_and_a_click_writes_it(toy):
    assert toy.value == "la"
    assert table(toy) == {"luna": "3", "sal": "2"}
    assert "«la» apareció 5 veces" in plain(toy.heading)
    toy.bars.pick(1)
    assert toy.value == toy.box.value == "la sal"
    assert table(toy) == {"se": "1", "fin del verso": "1"}
    toy.bars.pick(1)
    assert toy.value == "la sal\n"
    assert "Leyó 5 versos" in plain(toy.heading)
    assert toy.done


def test_the_window_looks_back_farther_and_says_when_it_has_to_look_at_less(toy):
    toy.box.value = "el mar y la"
    toy.window.value = 3
    assert table(toy) == {"sal": "1"}
    toy.box.value = "ay mar la"
    assert "Nunca leyó «ay mar la»: mira menos atrás, solo «la»" in plain(toy.heading)
    toy.box.value = "semáforo"
    assert "Nunca leyó nada después de «semáforo»" in plain(toy.heading)
    assert "contando también cada fin de verso" in plain(toy.heading)


def test_a_ticket_is_drawn_in_view_and_the_same_seed_draws_it_again(context, toy):
    toy.draw_one.click()
    drawn = toy.value.removeprefix("la ")
    assert drawn in {"luna", "sal"}
    ticket = int(re.search(r"Salió el (\d): «(\w+)»", plain(toy.raffle))[1])
    assert drawn == ("luna" if ticket <= 3 else "sal")
    assert "en la bolsa había 5 papelitos" in plain(toy.raffle)
    needle = float(re.search(r"left:([\d.]+)%", toy.raffle.value)[1])
    assert needle == pytest.approx(20 * ticket - 10)
    again = ToyModel(context)
    again.draw_one.click()
    assert again.value == toy.value
    toy.box.value = "otra"
    assert not toy.raffle.value, "the draw was of another verse"


def test_a_whole_verse_ends_where_verses_end(toy):
    toy.draw_verse.click()
    assert toy.value.endswith("\n")
    assert toy.value.count("\n") == 1
    toy.draw_verse.click()
    assert toy.value.count("\n") == 2


def test_side_by_side_the_longest_context_copies_and_it_is_said_whose_verse_it_is(toy):
    toy.box.value = "el mar"
    toy.comparison.prompt.place("15")
    columns = toy.comparison.columns.value.split("<h4>")[1:]
    assert len(columns) == 3
    assert "<mark>el mar y la sal" in columns[2]
    assert "tuyo" in columns[2]
    toy.box.value = "la"
    assert not toy.comparison.columns.value, "they were of another beginning"
    toy.comparison.again.click()
    assert toy.comparison.columns.value.count("<h4>") == 3


def test_the_bet_on_copies_comes_back_answered_after_a_reload_and_waits_for_another_text(context, toy):
    toy.comparison.prompt.place("15")
    answered = toy.comparison.prompt.answered["text"]
    again = ToyModel(PageContext(context.workspace, poller=new_poller()))
    assert again.comparison.prompt.answered["text"] == answered
    assert is_shown(again.comparison.again)
    assert not again.comparison.prompt.revealed, "nothing is counted for it"
    again.corpus.box.value = "otro verso\ny otro más"
    again.corpus.use.click()
    assert not again.comparison.prompt.answered, "it was about other texts"
    context.save_at({("course", "bets", "juguete", "last"): 7})
    assert not ToyModel(PageContext(context.workspace, poller=new_poller())).comparison.prompt.answered


def test_the_bet_on_copies_is_answered_by_counting_them_and_kept(context, toy):
    assert not is_shown(toy.comparison.again)
    toy.comparison.prompt.place("0")
    entry = course_entries(context.state(), Part.BETS)["juguete"]
    said = re.match(r"Dijiste 0 y son (\d+): mirando 1 sola fueron (\d+); mirando 2 fueron (\d+)\.", entry["sentence"])
    at_three, at_one, at_two = map(int, said.groups())
    assert at_one <= at_two <= at_three <= 20
    assert at_one < at_three
    assert (entry["bet"], entry["outcome"], entry["won"]) == ("0", str(at_three), False)
    toy.corpus.erase.click()  # another text is another question
    assert not toy.comparison.prompt.revealed
    toy.comparison.prompt.skip()
    assert re.search(r"De 20 versos, copió enteros \d+ mirando 1 palabra", plain(toy.comparison.columns))
    assert toy.comparison.columns.value.count("<h4>") == 3


def test_verses_that_were_not_written_are_not_counted(context, toy):
    toy.corpus.paste.click()
    toy.corpus.box.value = " ".join(["<b>ay</b> luna"] * 9000)  # one verse, longer than all that is written
    toy.corpus.use.click()
    assert "marcas de página web" in plain(toy.corpus.problem)
    assert "me quedé con las primeras" in plain(toy.corpus.problem)
    toy.comparison.prompt.skip()
    assert "0 de 1 mirando 1 palabra" in plain(toy.comparison.columns)
    toy.comparison.restart()
    toy.comparison.prompt.place("3")
    assert "mirando 3 escribió 1 solo verso" in toy.comparison.prompt.answered["text"]


def test_leaving_out_texts_moves_the_bets_and_they_can_be_put_back(toy):
    toy.word.value = "Mar"
    toy.remove.click()
    assert "Saqué 1 texto de 3" in plain(toy.moved)
    assert re.search(r"sal\s+2\s+1", plain(toy.moved))
    assert table(toy) == {"luna": "3", "sal": "1"}
    assert "2 textos y 13 palabras. Falta 1, que sacaste." in plain(toy.made)
    toy.word.value = "sube"  # instead of the other: what was left out is not left out twice
    toy.remove.click()
    assert "Saqué 1 texto de 3" in plain(toy.moved)
    assert re.search(r"luna\s+3\s+1", plain(toy.moved))
    toy.put_back.click()
    assert table(toy) == {"luna": "3", "sal": "2"}
    assert not is_shown(toy.put_back)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("", "Escribí una palabra"),
        ("la luna", "una sola palabra"),
        ("semáforo", "Ningún texto dice «semáforo»"),
        ("la", "sin ellos no queda nada que contar"),
        ("<b>", "Ningún texto dice «b»"),
    ],
)
def test_a_word_that_takes_nothing_or_everything_away_is_answered_and_changes_nothing(toy, word, said):
    toy.word.value = word
    toy.remove.click()
    assert said in plain(toy.moved)
    assert table(toy) == {"luna": "3", "sal": "2"}
    assert not is_shown(toy.put_back)


def test_the_pasted_text_is_kept_comes_back_and_can_be_erased(context):
    toy = ToyModel(context)
    toy.corpus.paste.click()
    toy.corpus.box.value = POEMS
    toy.corpus.use.click()
    assert "tus textos: 3 textos" in plain(toy.made)
    assert own_text(context.state()) == POEMS
    again = ToyModel(PageContext(context.workspace, poller=new_poller()))
    assert "tus textos: 3 textos" in plain(again.made)
    toy.corpus.erase.click()
    assert own_text(context.state()) == ""
    assert "luna sube" not in (context.project.path / "progreso.json").read_text("utf-8")
    assert "132 textos" in plain(toy.made)


BAD = {
    "": "Todavía no pegaste nada",
    " \n\0 ": "Todavía no pegaste nada",
    "🌙🌙 🌊": "no encuentro ninguna palabra",
    "漢字" * 60: "separadas por espacios",
}


@pytest.mark.parametrize(("pasted", "said"), BAD.items())
def test_a_text_without_words_is_answered_and_the_coplas_stay(context, pasted, said):
    toy = ToyModel(context)
    toy.corpus.paste.click()
    toy.corpus.box.value = pasted
    toy.corpus.use.click()
    assert said in plain(toy.corpus.problem)
    assert not context.workspace.root.exists()
    assert "132 textos" in plain(toy.made)


ODD = {
    "one word": "hola",
    "right to left": "السلام عليكم\nالسلام لكم",
    "tags": '<img src=x onerror="alert(1)">\n<script>alert(2)</script> la',
    "nul": "la\0luna\nla\0sal",
    "long": "la casa de la abuela\n" * 4000,
}


@pytest.mark.parametrize("pasted", ODD.values(), ids=ODD)
def test_any_text_can_be_played_with_and_never_becomes_markup(context, pasted):
    toy = ToyModel(context)
    toy.corpus.paste.click()
    toy.corpus.box.value = pasted
    toy.corpus.use.click()
    toy.comparison.prompt.skip()
    for action in (toy.draw_one, toy.draw_verse, toy.comparison.again, toy.clear, toy.draw_verse):
        action.click()
    toy.word.value = "alert"
    toy.remove.click()
    shown = "".join(part.value for part in (toy.made, toy.heading, toy.raffle, toy.comparison.columns, toy.moved))
    assert "<img" not in shown
    assert "<script" not in shown
    assert "\0" not in shown
    assert toy.bars.rows
    assert ("marcas de página web, como «<img" in plain(toy.corpus.problem)) == ("<img" in pasted)
    if pasted == "hola":
        assert "Con una sola palabra" in plain(toy.made)
    if len(pasted) > 50_000:
        assert "las primeras 50.000 letras" in plain(toy.corpus.problem)


@pytest.mark.parametrize("damage", [7, ["la"], "🌙", {"text": "la"}])
def test_a_damaged_text_of_the_project_gives_way_to_the_coplas(context, damage):
    context.save_at({OWN_TEXT: damage})
    assert "132 textos" in plain(ToyModel(context).made)


def test_the_recipe_has_the_text_in_use_and_the_window(toy):
    toy.window.value = 2
    assert toy.values() == {"TEXT": POEMS, "WORDS": 2, "SEED": 1}
    assert toy._words()[-1] != LINE_END
