"""BlindTasting: unlabelled versions of three texts, a vote on each, and who wrote which after the last one."""

import shutil
from pathlib import Path

import pytest

from poetas.course.made_bets import made_bets
from poetas.evaluation.tasting_votes import votes_sentence
from poetas.evaluation.unlabelled_versions import BASE, REFERENCE, TUNED
from poetas.generation.prompt_templates import style_prompt
from tests.tiny_adapter import make_adapter
from tests.unit.widgets.pollers import new_poller
from tests.unit.widgets.train.steps import LONG, again, an_exam, dataset, finished, news, plain, trained_by_hand
from widgets import BlindTasting, PageContext, Scoreboard
from widgets.core.component import State
from widgets.core.elements import is_shown
from widgets.train.baseline_rows import baseline_outputs
from widgets.train.dataset_records import dataset_config
from widgets.train.tasting.tasting_state import NO_FAVOURITE

AUTHORS = (REFERENCE, BASE, TUNED)


def versions(index):
    return {REFERENCE: f"referencia {index}", BASE: f"<b>como vino {index}</b>", TUNED: f"estudió {index}"}


@pytest.fixture
def tuned_by_hand(alone):
    alone.training = str(trained_by_hand(alone, {}))
    return alone


@pytest.fixture
def poured(tuned_by_hand):
    """A page on which all versions were written on an earlier visit."""
    keep(tuned_by_hand, [{"text": f"Texto número {n}.", **versions(n)} for n in range(3)])
    return tuned_by_hand


def keep(context, rows, **more):
    made_with = {**dataset_config(context), "model": context.model, "training": context.training}
    context.save(tasting={**made_with, "rows": rows, "votes": [], "round": 0, **more})


def letter_of(tasting, words):
    """The place of the version that holds these words."""
    return next(place for place, glass in enumerate(tasting.glasses) if words in plain(glass.value))


def test_nothing_says_who_wrote_what_before_the_last_vote_and_everything_does_after_it(poured):
    tasting = BlindTasting(context=poured)
    assert is_shown(tasting.table)
    for index in range(3):
        said = plain(tasting.source.value + "".join(glass.value for glass in tasting.glasses)) + tasting.result.value
        assert f"Texto número {index}." in said
        assert [words for words in versions(index).values() if words not in said] == [], "also what looks like markup"
        assert not any(label in said for label in ("el que no estudió", "el que estudió", "resumen de referencia"))
        tasting.choose[letter_of(tasting, f"estudió {index}" if index else f"como vino {index}")].click()
    assert tasting.done
    assert tasting.state is State.DONE
    assert not is_shown(tasting.table)
    said = " ".join(plain(tasting.result.value).split())
    assert "De 3 textos, elegiste 2 veces al que estudió. Lo demás: 1 vez, el que no estudió." in said
    assert said.count("Tu elección.") == 3
    assert "&lt;b&gt;como vino 0" in tasting.result.value


def test_a_bet_on_the_favourite_is_answered_by_the_votes_and_again_after_a_reload_but_not_by_a_second_round(poured):
    poured.dataset_state.save(tasting={**poured.dataset_state.get("tasting"), "bet": BASE})
    tasting = BlindTasting(context=poured)
    for index in range(3):
        assert tasting.bet.answered["won"] is None
        tasting.choose[letter_of(tasting, f"estudió {index}")].click()
    said = "Apostaste por la del que no estudió, y a ciegas te quedaste 3 de 3 veces con la del que estudió."
    assert tasting.bet.answered["text"] == said
    other = again(poured)
    assert BlindTasting(context=other).bet.answered["text"] == said
    assert [(bet.row.id, bet.won, bet.times) for bet in made_bets(other.state())] == [("cata", False, 1)]
    other.close()
    tasting.again.click()
    assert not is_shown(tasting.bet)


def test_the_votes_stand_beside_the_scores_and_a_page_that_disagrees_with_them_says_so(poured):
    adapter = str(Path(poured.training) / "adapter")
    finished(poured, "evaluate", {"adapter": adapter, **dataset_config(poured)}, an_exam())
    board, tasting = Scoreboard(context=poured), BlindTasting(context=poured)
    poured.poller.drain(10)
    assert board.sheet.votes.value == ""
    for index in range(3):
        tasting.choose[letter_of(tasting, f"estudió {index}" if index else f"como vino {index}")].click()
    assert "vos elegiste el ajustado 2 de 3 veces" in board.sheet.votes.value
    other = again(poured)
    after_reload = Scoreboard(context=other)
    other.poller.drain(10)
    assert after_reload.sheet.votes.value == board.sheet.votes.value
    other.close()
    tasting.again.click()
    assert board.sheet.votes.value == "", "votes that are being cast again count for nothing yet"


@pytest.mark.parametrize(
    ("choices", "kind", "said"),
    [
        ([TUNED, TUNED, BASE], "worse", "2 de 3 veces. Ahí tu oído y los puntajes no coinciden: votaste por pocos"),
        ([BASE, BASE, TUNED], "improved", "el que no estudió, 2 veces. Ahí tu oído y los puntajes no coinciden:"),
        ([BASE, BASE, REFERENCE], "worse", "ninguna de las 3 veces; el que no estudió, 2 veces. Tu oído y los"),
        ([TUNED, BASE, REFERENCE], "improved", "el ajustado 1 de 3 veces."),
        ([TUNED, TUNED, TUNED], "too_few", "el ajustado 3 de 3 veces."),
    ],
)
def test_votes_and_verdict_are_compared_only_where_both_point_somewhere(choices, kind, said):
    sentence = votes_sentence([(choice,) for choice in choices], kind)
    assert said in sentence
    assert ("oído" in sentence) is ("oído" in said)


def test_the_votes_and_their_order_are_there_after_a_reload(poured):
    tasting = BlindTasting(context=poured)
    before = [glass.value for glass in tasting.glasses]
    tasting.choose[1].click()
    tasting.same.click()
    other = again(poured)
    kept = BlindTasting(context=other)
    assert kept.votes == [1, NO_FAVOURITE]
    assert "Texto 3 de 3" in plain(kept.source.value)
    kept.choose[0].click()
    assert "1 vez te dio lo mismo" in plain(kept.result.value)
    kept.again.click()
    assert (kept.votes, is_shown(kept.table)) == ([], True)
    assert sorted(plain(glass.value)[5:] for glass in kept.glasses) == sorted(plain(words)[5:] for words in before)
    other.close()


def test_what_two_wrote_alike_is_one_glass_and_an_empty_one_says_so(tuned_by_hand):
    keep(tuned_by_hand, [{"text": "Uno.", REFERENCE: "Igual.", BASE: "", TUNED: "Igual. "}])
    tasting = BlindTasting(context=tuned_by_hand)
    assert [is_shown(card) for card in tasting.cards] == [True, True, False]
    assert "(no escribió nada)" in plain("".join(glass.value for glass in tasting.glasses))
    tasting.choose[letter_of(tasting, "Igual.")].click()
    said = " ".join(plain(tasting.result.value).split())
    assert "De 1 texto, no elegiste ninguna vez al que estudió. Lo demás: 1 vez, una que dos escribieron igual" in said
    assert "el resumen de referencia y el que estudió" in said


def test_marks_are_kept_with_the_vote_and_averaged_by_writer_after_the_last_one(poured):
    tasting = BlindTasting(context=poured)
    for _index in range(2):
        place = letter_of(tasting, "estudió")
        tasting.forms[place].marks = {"fluency": 4 + _index, "answers": ["who", "when"], "unknown": 3, "coherence": 9}
        assert "de 5" not in tasting.result.value
        tasting.choose[place].click()
        assert [form.marks for form in tasting.forms] == [{}, {}, {}], "the next text has marks of its own"
    other = again(poured)
    kept = BlindTasting(context=other)
    kept.forms[letter_of(kept, "como vino")].marks = {"fluency": 1}
    kept.same.click()
    said = " ".join(plain(kept.result.value).split())
    assert "Quién escribió Fluidez Respuestas el que estudió 4,5 de 5 2,0 de 6 el que no estudió 1,0 de 5 —" in said
    kept.again.click()
    assert kept.marks == []
    for _index in range(3):
        kept.same.click()
    assert "Tus puntos" not in kept.result.value
    other.close()


def test_the_forms_are_folded_and_unfolded_together(poured):
    tasting = BlindTasting(context=poured)
    assert not any(form.opened for form in tasting.forms)
    tasting.forms[1].opened = True
    assert all(form.opened for form in tasting.forms)


@pytest.mark.parametrize(
    "damage",
    [
        {"rows": "x"},
        {"rows": [3]},
        {"votes": [9, "a", None, 1, 1]},
        {"round": "x"},
        {"votes": [0, 0], "marks": [[3], "x"]},
    ],
)
def test_a_damaged_state_is_no_error(poured, damage):
    rows = [{"text": f"Texto {n}.", **versions(n)} for n in range(3)]
    keep(poured, **{"rows": rows, **damage})
    tasting = BlindTasting(context=poured)
    assert len(tasting.marks) == len(tasting.votes) <= len(tasting.value)


def test_another_training_is_another_tasting(poured):
    tasting = BlindTasting(context=poured)
    tasting.choose[0].click()
    poured.training = ""
    assert tasting.state is State.WAITING
    assert "modelo entrenado" in plain(tasting.notice.value)
    assert not is_shown(tasting.table)
    assert not is_shown(tasting.begin)


@pytest.mark.slow
@pytest.mark.parametrize("style", [False, True])
def test_the_glasses_are_filled_by_both_models_and_what_was_written_before_is_not_written_again(home, tmp_path, style):
    context = PageContext(home, project=f"cata-{style}", poller=new_poller())
    rows = [{"text": f"Verso {n} del río,\nsigue la copla {n},\ny otra más."} for n in range(26)] if style else news(26)
    context.dataset = str(dataset(context.project, rows))
    context.model = "tiny"
    folder = trained_by_hand(context, {}, **dataset_config(context))
    shutil.rmtree(folder / "adapter")
    make_adapter(home.models / "tiny", folder / "adapter")
    context.training = str(folder)
    served = [rows[15], rows[12], rows[13]]  # the first three are those of the steps before
    texts = [style_prompt(row["text"]) if style else row["text"] for row in served]
    kept = {**dataset_config(context), "model": context.model, "rows": [{"text": texts[1], "plain": "ya escrito"}]}
    context.save(before=kept)
    tasting = BlindTasting(context=context)
    assert is_shown(tasting.bet)
    tasting.bet.place("reference")
    context.poller.drain(LONG)
    assert tasting.alert.problem is None
    assert [row["text"] for row in tasting.value] == texts
    assert all(set(AUTHORS) <= set(row) for row in tasting.value)
    assert tasting.value[1][BASE] == "ya escrito"
    assert tasting.value[2][REFERENCE] == ("sigue la copla 13,\ny otra más." if style else rows[13]["summary"])
    assert is_shown(tasting.table)
    context.close()


def test_beside_a_style_no_score_is_said_to_count_words_in_common():
    said = votes_sentence([("base",), ("base",), ("tuned",)], "improved", style=True)
    assert "no coinciden" in said
    assert "palabras en común" not in said
    assert "palabras en común" in votes_sentence([("base",), ("base",), ("tuned",)], "improved")


def test_a_person_chosen_most_often_is_not_said_to_be_the_models_success():
    said = votes_sentence([("human",), ("human",), ("tuned",)], "improved", style=True)
    assert said.endswith("Entre el que estudió y el que no, tu oído y los puntajes coinciden.")


def test_what_broke_off_before_is_marked_like_what_breaks_off_now(tuned_by_hand):
    """Else the mark tells which of the two models wrote which."""
    row = {"text": "Uno.", "summary": "", "plain": "Llovió en", "plain-cut": "cut"}
    tuned_by_hand.dataset_state.save(before={"rows": [row, {"text": "Dos.", "summary": "", "plain": "Nevó."}]})
    assert baseline_outputs(tuned_by_hand) == {"Uno.": "Llovió en…", "Dos.": "Nevó."}
