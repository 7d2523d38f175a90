"""«¿Qué sigue?»: what is chosen is answered by the recorded bets, kept as bets of the course, and comes back."""

import pytest

from poetas.course.course_record import Part, course_entries, course_path
from poetas.course.next_word_rounds import next_word_rounds
from poetas.i18n import percent
from poetas.workspace import Workspace
from tests.unit.widgets.pollers import new_poller
from widgets import NextWordGame, PageContext
from widgets.explore.next_word_game.round_texts import drawn


@pytest.fixture
def context(tmp_path):
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    yield context
    context.close()


def test_choices_become_bets_and_come_back_after_a_reload(context):
    game = NextWordGame(context)
    assert not context.workspace.root.exists()
    game.board.choices = [1]
    assert not game.done
    game.board.choices = [1, 0, 3]
    assert game.done
    assert game.seen().startswith("Donde vos seguiste con «gato», el modelo apostaba a «sueño», con el ")
    bets = course_entries(context.state(), Part.BETS)
    assert [(entry["bet"], entry["outcome"], entry["won"]) for entry in bets.values()] == [
        ("canilla", "puerta", None),  # to go on otherwise is no mistake, to coincide no merit
        ("gato", "sueño", None),
        ("tiempo", "tiempo", None),
    ]
    assert list(bets) == ["que-sigue-1", "que-sigue-2", "que-sigue-3"]
    again = NextWordGame(PageContext(context.workspace, poller=new_poller()))
    assert again.board.choices == [1, 0, 3]
    assert again.done
    again.board.choices = [list(played.options).index(played.favourite) for played in again.rounds]
    assert "Las 3 veces seguiste el verso como el modelo" in again.seen()
    again.board.choices = [0, 0, 0]
    assert course_entries(context.state(), Part.BETS) == bets, "the first answer counts"


def test_what_was_erased_while_a_page_is_open_is_not_written_again_with_the_next_choice(context):
    game = NextWordGame(context)
    game.board.choices = [1, 0]
    context.save_at({course_path(Part.BETS): {}})
    game.board.choices = [1, 0, 2]
    assert list(course_entries(context.state(), Part.BETS)) == ["que-sigue-3"]


@pytest.mark.parametrize("damage", [7, {"bet": 3}, {"bet": "<b>no</b>"}, {"bet": ["gato"]}])
def test_a_damaged_record_starts_the_game_where_it_still_makes_sense(context, damage):
    bets = {"que-sigue-1": {"bet": "boca"}, "que-sigue-2": damage}
    context.save_at({course_path(Part.BETS, name): entry for name, entry in bets.items()})
    assert NextWordGame(context).board.choices == [3]


def test_choices_that_no_page_can_make_are_not_kept(context):
    NextWordGame(context).board.choices = ["x", 9, None, 1]
    assert not course_entries(context.state(), Part.BETS)


@pytest.mark.parametrize("played", next_word_rounds(), ids=lambda played: played.id)
def test_each_answer_and_each_bar_says_what_was_recorded(played):
    options = drawn(played)["options"]
    assert len(options) == len(played.options)
    for option in options:
        assert percent(played.likeliest_share, 0 if played.likeliest_share > 0.1 else 1) in option["sentence"]
        assert f"«{option['word']}»" in option["sentence"]
        assert option["hit"] is (option["word"] == played.favourite)
        assert [bar["word"] for bar in option["bars"] if bar["mine"]] == [option["word"]]
        assert set(played.options) <= {bar["word"] for bar in option["bars"]}
        lengths = [bar["length"] for bar in option["bars"]]
        assert lengths == sorted(lengths, reverse=True)
        assert max(lengths) <= 1
