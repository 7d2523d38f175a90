"""The exam and «Probalo» give a model the same text under the same limits: the words are byte for byte the same."""

import pytest

from tests.unit.widgets.train.steps import LONG, dataset, finished, trained_by_hand
from widgets import TryIt
from widgets.train.try_it import try_it

pytestmark = pytest.mark.slow


def test_a_text_of_the_exam_gives_the_same_words_when_it_is_tried(examined, monkeypatch):
    own, board, _seen = examined
    tried = TryIt(context=own)
    monkeypatch.setattr(try_it, "examined", lambda *_: {})  # the models write again
    rows = board.value["texts"]
    cut = next(row for row in rows if row["systems"]["tuned"]["cut"])  # an untrained model goes on and on
    for row in [cut, *(row for row in rows if row is not cut)][:5]:
        tried.box.value = row["source"]
        tried.write.click()
        own.poller.drain(LONG)
        assert tried.alert.problem is None
        assert tried.answers == {system: row["systems"][system]["text"] for system in ("base", "tuned")}
        for system in ("base", "tuned"):
            marked = "se corta acá" in tried.pair.columns[system].value
            assert marked == row["systems"][system]["cut"]
    # What the exam wrote is shown as it is: in bfloat16 a batch and a single text now and then differ in a word.
    monkeypatch.undo()
    monkeypatch.setattr(try_it.AnswerPair, "_start", lambda *_: pytest.fail("it was written again"))
    row = rows[0]
    tried.box.value = f"  {row['source']}\n"
    tried.write.click()
    assert tried.done
    assert tried.answers == {system: row["systems"][system]["text"] for system in ("base", "tuned")}
    assert "Es un texto del examen" in tried.status.value
    tried.box.value = "Otro texto."
    assert tried.answers == {}
    assert tried.status.value == ""


def test_a_beginning_of_a_style_s_exam_is_continued_as_there_until_another_draw(alone, monkeypatch):
    """What the exam drew is shown; a draw of the learner's own is written."""
    project_dataset = dataset(alone.project, [{"text": f"El tren {n}\nno llegó"} for n in range(18)], sizes=(12, 2, 4))
    alone.dataset = str(project_dataset)
    folder = trained_by_hand(alone, {"task": "style"})
    alone.training = str(folder)
    said = {"base": {"text": "nada", "cut": False}, "tuned": {"text": "Sola, la estación", "cut": True}}
    scores = {"loss": 1.0, "copied": 1, "repetition": 0.0}
    rows = [{"system": system, "title": system, "scores": scores, "intervals": {}} for system in said]
    exam = {"task": "style", "n": 4, "rows": rows, "verdict": None, "difference": {}}
    sample = {"beginning": "El tren 14\n", "human": {"text": "no llegó", "cut": False}, **said}
    finished(alone, "evaluate", {"adapter": str(folder / "adapter")}, {**exam, "samples": [sample]})
    tried = TryIt(context=alone)
    written = []
    monkeypatch.setattr(try_it.AnswerPair, "write", lambda *_args, seed, **_more: written.append(seed))
    tried.box.value = "El tren 14"
    tried.write.click()
    assert tried.answers == {system: answer["text"] for system, answer in said.items()}
    assert "El tren 14" in tried.pair.columns["tuned"].value
    assert "se corta acá" in tried.pair.columns["tuned"].value
    assert "así lo siguieron ahí" in tried.status.value
    tried.another.click()
    assert written == [try_it.FIRST_DRAW + 1]
