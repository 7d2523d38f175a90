"""A step's note: folded until the step is done, then what was seen and its first sentence stand in the open."""

import re
from html import unescape

import pytest

from poetas.workspace import Workspace
from tests.unit.widgets.pollers import new_poller
from widgets import PageContext, StepCard, StepNote, ToyModel
from widgets.core.explanation import NOTES, first_sentence, note

ALL = sorted(path.stem for path in NOTES.glob("*.md"))
KNOWN = [
    {"kind": kind, "task": task, "place": "own", "validation": "some"}
    for kind in ("plain", "chat")
    for task in ("summary", "style")
]


def plain(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize("step", ALL)
def test_every_note_begins_with_a_whole_sentence(step):
    for known in KNOWN:
        first, rest = first_sentence(note(step, known))
        assert first.endswith((".", "?", "!", ".»")), first
        assert first.count("[") == first.count("]")
        assert len(first) < 260, "the part that is not folded is short"
        assert " ".join(f"{first} {rest}".split()) == " ".join(note(step, known).split())


def test_a_note_unfolds_when_the_step_is_done_and_says_what_was_seen():
    drawn = StepNote("tokens")
    assert drawn.value.startswith('<details class="poetas-note"><summary>¿Qué acabo de ver?')
    folded = plain(drawn.value)
    drawn.seen, drawn.done = "«<b>río</b>» quedó en 2 pedacitos.", True
    opened, details = drawn.value.split("<details", 1)
    assert "«<b>río</b>» quedó en 2 pedacitos. Antes de leer" in plain(opened)
    assert "<b>río" not in opened, "it is the learner's text"
    assert "El modelo trabaja con esos números" in plain(details), "the rest is there, folded"
    assert "El modelo trabaja con esos números" not in plain(opened)
    drawn.done = False
    assert plain(drawn.value) == folded


def test_a_step_card_tells_its_note_what_the_component_saw(tmp_path):
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    card = StepCard("juguete", ToyModel, context=context)
    toy = card.component
    assert "poetas-note-open" not in card.note.value
    toy.box.value = "la luna sale"
    toy.draw_one.click()
    assert "quedó escrito: «la luna sale" in plain(card.note.value)
    assert "palabras" in toy.seen()
    toy.clear.click()
    toy.draw_one.click()
    assert f"quedó escrito: «{toy.value.strip()}" in plain(card.note.value), "it follows what she does"
