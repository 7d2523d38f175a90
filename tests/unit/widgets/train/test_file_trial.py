"""«Un archivo entero»: real files through the real reading and a real job; stopped, reloaded, and beside the exam."""

import csv
import json
import time

import openpyxl
import pytest

from poetas.jobs import Job, JobState
from tests.unit.widgets.pollers import needs_loop, sweep
from tests.unit.widgets.train.steps import LONG, again, plain, trained_by_hand
from widgets import TryIt
from widgets.core.elements import is_shown
from widgets.train.try_it.file_table import duration_sentence

pytestmark = pytest.mark.slow


@pytest.fixture
def own(examined):
    """The page over the shared training, with its exam taken."""
    context, board, _seen = examined
    context.exam = board.value
    return context


def bring(context, name, content):
    """A page with a file read."""
    path = context.project.sources / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    page = TryIt(context=context)
    page.file.read(str(path))
    context.poller.drain(LONG)
    return page.file


def test_every_row_gets_what_the_exam_shows_for_its_text(own):
    exam = own.exam["texts"]
    rows = [["1", exam[0]["source"]], ["2", "  "], ["3", "=HYPERLINK(1) Llovió en Iruya toda la noche."]]
    rows += [[str(place), row["source"]] for place, row in enumerate(exam[1:4], start=4)]
    content = "\n".join(f'{place};"{text}"' for place, text in [["id", "nota"], *rows])
    trial = bring(own, "notas.csv", content)
    assert "Leí 6 filas" in plain(trial.understood.value)
    assert trial.column.value == "nota"
    assert "6 filas" in trial.price.value
    assert "a la velocidad que tuvo en el examen" in trial.price.value
    trial.start.click()
    assert not (is_shown(trial.column) and trial._running()), "what is being written does not change its column"
    own.poller.drain(LONG)
    assert trial.card.alert.problem is None
    assert "Resumí 5 filas de 6. 1 no tenía texto." in plain(trial.table.value)
    with (trial.job.dir / "resumenes.csv").open(encoding="utf-8-sig", newline="") as lines:
        out = list(csv.DictReader(lines, delimiter=";"))
    assert [row["id"] for row in out] == [row[0] for row in rows]
    for place, row in ((0, 0), (3, 1), (4, 2), (5, 3)):
        assert out[place]["resumen"].lstrip("'") == exam[row]["systems"]["tuned"]["text"], "as the scoreboard shows it"
    assert out[1]["aviso"] == "no hay texto"
    assert not out[2]["nota"].startswith("="), "nothing runs as a formula"
    assert trial.job.result()["known"] >= 10, "the exam's texts are not written again"
    sheet = openpyxl.load_workbook(trial.job.dir / "resumenes.xlsx").active
    assert [cell.value for cell in sheet[1]] == ["id", "nota", "resumen", "aviso"]
    assert sheet["B4"].data_type == "s"
    assert len(trial.downloads) == 2
    assert is_shown(trial.saved)
    page = again(own)
    page.project = own.project
    reopened = TryIt(context=own).file
    own.poller.drain(10)
    assert reopened.table.value == trial.table.value, "a reload shows it again"
    page.close()


@needs_loop
def test_a_stop_keeps_what_is_done_and_the_job_goes_on_from_there(own):
    texts = [
        f"En {place} abrió la biblioteca número {n}, y hubo música." for n, place in enumerate(["Iruya", "Salta"] * 100)
    ]
    trial = bring(own, "largo.csv", "texto\n" + "\n".join(f'"{text}"' for text in texts))
    trial.start.click()
    while not trial._samples and trial.job.state not in {JobState.FINISHED, JobState.FAILED}:
        sweep(own.poller)
        time.sleep(0.02)  # the job needs the processor
    trial.card.stop()
    own.poller.drain(LONG)
    view = json.loads((trial.job.dir / "vista.json").read_text("utf-8"))
    assert trial.job.state is JobState.STOPPED
    assert 0 < view["written"] < 200
    assert is_shown(trial.saved), "what is done can be taken away"
    buttons = [button for button in (trial.start, trial.card.resume_button) if is_shown(button)]
    assert [button.description for button in buttons if button.button_style] == ["Seguir desde donde quedó"]
    assert f"Resumí {view['written']} filas de 200" in plain(trial.table.value)
    while trial.job.state is JobState.STOPPED:  # on a busy machine its process takes its time to exit
        trial.card.resume()
        time.sleep(0.02)
    own.poller.drain(LONG)
    assert Job.open(trial.job.dir).result()["written"] == 200
    assert "Resumí 200 filas de 200" in plain(trial.table.value)
    assert trial.start.button_style == "primary"


def test_a_file_that_cannot_be_read_shows_a_card_and_one_that_changed_is_refused(own):
    trial = bring(own, "nada.csv", "")
    assert trial.alert.problem is not None
    assert trial.reading is None
    trial = bring(own, "cambia.csv", "texto\nuno dos tres\n")
    (own.project.sources / "cambia.csv").write_text("texto\notra cosa\n", "utf-8")
    trial.start.click()
    own.poller.drain(LONG)
    assert trial.card.alert.problem.code == "file-changed"


def test_without_a_training_there_is_no_file_to_summarise(alone):
    trial = TryIt(context=alone).file
    assert not is_shown(trial)
    alone.training = str(trained_by_hand(alone, {}))
    assert is_shown(trial)
    assert is_shown(trial.open)


def test_the_price_of_a_single_row_is_said_in_the_singular():
    assert "Es 1 fila." in plain(duration_sentence(1, {}))
    said = plain(duration_sentence(1, {"per_text": {"tuned": 0.6}}))
    assert "Es 1 fila: alrededor de 1 s," in said
    assert "Son 20 filas: alrededor de 1 min," in plain(duration_sentence(20, {"per_text": {"tuned": 3}}))
