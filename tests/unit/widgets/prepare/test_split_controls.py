"""SplitControls: training, validation and test texts, dealt by a seed."""

from poetas.course.made_bets import made_bets
from poetas.errors import Explanation
from tests.unit.widgets.prepare.steps import ROWS, bring
from widgets import SplitControls
from widgets.core.elements import is_shown
from widgets.prepare.dataset_draft import DatasetDraft


def test_the_split_is_drawn_with_words_and_follows_the_dials(context, file):
    bring(context, file)
    split = SplitControls(context=context)
    context.poller.drain()
    counts = split.split["counts"]
    assert sum(counts.values()) == ROWS
    assert "Para estudiar" in split.bar.value
    assert f"{counts['test']} textos" in split.bar.value
    split.test.value = 50
    context.poller.drain()
    assert split.split["counts"]["test"] == ROWS // 2
    assert split.value["test"] == 0.5
    split.undo.undo()
    context.poller.drain()
    assert split.split["counts"] == counts


def test_the_split_is_seen_after_a_bet_on_what_an_exam_needs_which_other_texts_do_not_ask_again(context, file):
    bring(context, file)
    split = SplitControls(context=context)
    context.poller.drain()
    assert not is_shown(split.bar)
    split.bet.place("3")
    assert is_shown(split.bar)
    assert is_shown(split.test)
    assert not is_shown(split.finer), "one thing at a time"
    split.fold.click()
    assert is_shown(split.finer)
    assert split.bet.answered["text"].startswith("Dijiste 3 y hacen falta unos 40")
    assert [bet.row.id for bet in made_bets(context.state())] == ["examen"]
    bring(context, file)
    context.poller.drain()
    assert is_shown(split.bar)


def test_another_seed_deals_other_texts_and_the_same_seed_the_same(context, file):
    bring(context, file)
    split = SplitControls(context=context)
    context.poller.drain()
    first = split.split["examples"]
    split.again.click()
    context.poller.drain()
    assert split.split["examples"] != first
    split.seed.value = 7
    context.poller.drain()
    assert split.split["examples"] == first


def test_too_few_texts_are_a_card(context, tmp_path):
    path = tmp_path / "dos.txt"
    path.write_text("Una copla sola en el camino\n\nY otra copla que la sigue de lejos", "utf-8")
    bring(context, path)
    split = SplitControls(context=context)
    context.poller.drain()
    assert split.alert.problem.code == "too-few-rows"
    assert split.accept.disabled


def test_a_card_about_a_file_goes_with_its_file(context, file, numbers, tmp_path):
    few = tmp_path / "una.csv"
    few.write_text("texto;resumen\nHoy llovió en la sierra y creció el río.;Llovió.\n", "utf-8")
    bring(context, few)
    split = SplitControls(context=context)
    context.poller.drain()
    assert split.alert.problem.code == "too-few-rows"
    bring(context, numbers)
    assert split.alert.problem is None
    bring(context, few)
    split._requests.request()
    draft = DatasetDraft.of(context)
    draft.mapped = {}  # the next file has no texts, and the answer about this one comes after it
    context.poller.drain()
    assert split.alert.problem is None


def test_a_refusal_of_an_earlier_deal_asks_for_the_newest_one(context, file, monkeypatch):
    bring(context, file)
    split = SplitControls(context=context)
    context.poller.drain()
    late = []
    with monkeypatch.context() as patched:
        patched.setattr(DatasetDraft, "ask", lambda _draft, _question, *, failed, **_done: late.append(failed))
        split._requests.request()
        split.test.value = 50
    late[0](Explanation("too-few-rows", "Son muy pocos textos.", "", ""))
    context.poller.drain()
    assert split.alert.problem is None
    assert split.split["counts"]["test"] == ROWS // 2
