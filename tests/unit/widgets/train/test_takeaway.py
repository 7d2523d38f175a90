"""ExportPanel and Keepsake: the check before the zip, the zip before its download, a page of what was chosen."""

import json
import zipfile
from pathlib import Path

import pytest

from poetas.data.storage.dataset_store import PreparedDataset
from poetas.data.storage.samples import sample
from poetas.export.export_request import GGUF_F16
from poetas.jobs import Evaluated, JobContext, JobState, Sample, Step
from poetas.util.files import sha256
from tests.tiny_adapter import make_adapter
from tests.unit.widgets.pollers import INLINE
from tests.unit.widgets.train.steps import LONG, finished, plain, trained_by_hand
from widgets import ExportPanel, Keepsake
from widgets.core.component import State
from widgets.core.elements import is_shown
from widgets.train.dataset_records import dataset_in_use, job_config
from widgets.train.tasting.saved_votes import SavedVotes
from widgets.train.try_it.trial_state import TrialState

MENU = 30  # characters that a menu shows at 390 px
MEMORISATION = {
    "task": "summary",
    "words": 8,
    "short": 0,
    "openings": {"tuned": {"n": 9, "recited": 2}, "base": {"n": 9, "recited": 0}, "held_out": {"n": 0, "recited": 0}},
    "personal": {"n": 0, "tuned": 0, "base": 0},
    "ordinary": {"n": 0, "recited": 0, "longest": 0, "held_out_longest": 0},
    "recited": [{"how": "opening", "given": "<b>Querida</b>", "written": "Elvira", "words": 8}],
    "data": [{"kind": "document", "text": "23.456.789", "how": "opening"}],
    "level": "personal",
}


@pytest.fixture
def tuned(alone):
    """A page with a finished training, as its job leaves it."""
    folder = trained_by_hand(alone, {"task": "summary", "examples": {"train": 18}}, **job_config(alone))
    (folder / "adapter").rmdir()
    make_adapter(alone.workspace.models / alone.model, folder / "adapter")
    alone.training = str(folder)
    return alone


def test_without_a_training_it_says_what_is_missing(alone):
    for panel in (ExportPanel(context=alone), Keepsake(context=alone)):
        assert panel.state is State.WAITING
        assert panel.notice.value
    assert not is_shown(ExportPanel(context=alone).check), "no dead button"
    page = Keepsake(context=alone)
    assert not any(map(is_shown, (page.name, page.author, page.lines, page.pair, page.given, page.download)))


def test_the_choices_appear_with_a_training_and_the_page_only_after_the_check(tuned):
    panel, page = ExportPanel(context=tuned), Keepsake(context=tuned)
    assert is_shown(panel.check)
    assert all(map(is_shown, (page.name, page.author, page.lines, page.pair, page.given)))
    assert is_shown(page.download)
    assert page.download.disabled, "the reason stands above it"
    assert 'revisá en <a href="#llevatelo">«Llevátelo»</a>' in page.caution.value
    finished(tuned, "memorisation", {"training": tuned.training}, MEMORISATION)
    panel._over("memorisation", panel._latest("memorisation"), JobState.FINISHED)
    tuned.poller.drain(LONG)
    assert not page.download.disabled
    assert page.caution.value == ""


CLEAN = {**MEMORISATION, "recited": [], "data": [], "level": "none"}


def wrote(context, text):
    """Let the model have written a text at its last measure."""
    job = JobContext(context.project.jobs / context.training.rsplit("/", 1)[-1], "train", {})
    for step, written in ((0, "no sé"), (8, text)):
        job.emit(Sample(step, 0, "Texto", "resumen", written))
        job.emit(Evaluated(step, step / 8, 3.0 - step / 8))


def studied(context, count):
    """The first words of a text that the model learnt from."""
    rows = PreparedDataset.open(context.dataset).rows("train")
    return next(" ".join(text.split()[:count]) for row in rows if len((text := row["text"]).split()) >= count)


def test_all_that_the_page_would_hold_is_compared_with_the_texts(tuned):
    """Also where the check drew nothing out: a page is not only the passages that it kept."""
    line, passage = studied(tuned, 5), studied(tuned, 9)
    wrote(tuned, f"{line.upper()}\nUna línea propia\nY de golpe {passage} sin aviso")
    finished(tuned, "memorisation", {"training": tuned.training}, CLEAN)
    page = Keepsake(context=tuned)
    tuned.poller.drain(LONG)
    assert page.content().pair is None, "not unless she ticks it"
    assert "Dejé «Antes y después» sin tildar" in page.caution.value
    assert "Ojo" not in page.caution.value
    page.lines.value = ["Una línea propia", line.upper()]
    assert "Me fijo si en la página" in page.caution.value or INLINE
    tuned.poller.drain(LONG)
    assert f"Ojo: «{line.upper()}» está así en los textos que estudió." in plain(page.caution.value)
    page.pair.value = True
    assert f"Ojo: «{line.upper()}» está así en los textos que estudió." in plain(page.caution.value)
    again = Keepsake(context=tuned)
    assert again.download.disabled or INLINE, "not before it was compared"
    tuned.poller.drain(LONG)
    assert not again.download.disabled
    assert again.content().pair is not None, "she ticked it"
    assert "Dejé" not in again.caution.value
    page.lines.value = []
    page.pair.value = False
    tuned.poller.drain(LONG)
    assert page.caution.value == ""


def test_a_page_that_could_not_be_compared_is_not_given_until_a_click_compares_it(tuned, monkeypatch):
    wrote(tuned, "Una línea propia")
    finished(tuned, "memorisation", {"training": tuned.training}, CLEAN)
    with monkeypatch.context() as patched:
        patched.setattr(tuned.services, "connect", lambda _name: (_ for _ in ()).throw(OSError("gone")))
        page = Keepsake(context=tuned)
        tuned.poller.drain(LONG)
    assert page.alert.problem is not None
    assert page.download.disabled
    assert page.caution.value == ""
    page.alert.button.click()
    tuned.poller.drain(LONG)
    assert page.alert.problem is None
    assert not page.download.disabled


def test_lines_of_a_word_or_two_come_with_their_neighbours(tuned):
    wrote(tuned, "Sí.\nVuelve la lluvia.\nla tarde")
    page = Keepsake(context=tuned)
    assert page.lines.options == ["Vuelve la lluvia.", "Sí. / Vuelve la lluvia. / la tarde"]
    wrote(tuned, "Sí.\nla tarde")
    assert Keepsake(context=tuned).lines.options == ["Sí. / la tarde"]


def test_what_it_wrote_in_the_tasting_and_in_the_trial_is_offered_at_once(tuned):
    wrote(tuned, "Vuelve la lluvia.")
    page = Keepsake(context=tuned)
    rows = [{"text": "El río", "reference": "que baja", "base": "No la suya, no", "tuned": "Sube de noche el río"}]
    tuned.dataset_state.save(tasting={"rows": rows, "votes": []})
    tuned.shared(SavedVotes, SavedVotes).count += 1
    assert page.lines.options == ["Sube de noche el río", "Vuelve la lluvia."]
    answers = {who: {"text": text} for who, text in (("base", "No esta, no"), ("tuned", "Una vaca\nen la lapicera"))}
    TrialState(tuned).save("Tengo", answers, known=False)
    options = Keepsake(context=tuned).lines.options
    assert options == ["en la lapicera", "Una vaca / en la lapicera", "Sube de noche el río", "Vuelve la lluvia."]
    page = Keepsake(context=tuned)
    page.lines.value = ["Una vaca / en la lapicera"]
    TrialState(tuned).save("Otro comienzo", {"tuned": {"text": "La otra, de otro día"}}, known=False)
    again = Keepsake(context=tuned)
    assert again.lines.value == ["Una vaca / en la lapicera"], "what was chosen stays"
    assert again.lines.options == [*again.lines.value, "La otra, de otro día", *page.lines.options[2:]]


def test_personal_data_on_the_page_are_named(tuned):
    wrote(tuned, "Escribile a ana.paz@correo.example o al DNI 23.456.789")
    finished(tuned, "memorisation", {"training": tuned.training}, CLEAN)
    page = Keepsake(context=tuned)
    tuned.poller.drain(LONG)
    assert page.content().pair is None
    page.pair.value = True
    said = "hay datos personales: 1 correo y 1 número de documento (ana.paz@correo.example y 23.456.789)."
    assert said in plain(page.caution.value)


def test_a_model_has_one_name_in_both_steps_and_each_training_its_own(tuned):
    panel, page = ExportPanel(context=tuned), Keepsake(context=tuned)
    panel.name.value = "Zorzal"
    assert page.name.value == "Zorzal"
    assert page.content().name == "Zorzal"
    page.name.value = "Calandria"
    training, tuned.training = tuned.training, ""
    assert panel.name.value == page.name.value == ""
    tuned.training = training
    assert panel.name.value == page.name.value == "Calandria"


def test_the_zip_is_offered_only_after_the_check(tuned):
    panel = ExportPanel(context=tuned)
    assert is_shown(panel.check)
    assert not any(is_shown(part) for part in (panel.form, panel.name, panel.download))
    assert is_shown(panel.make)
    assert panel.make.disabled
    assert "Después de la revisión" in panel.about.value
    finished(tuned, "memorisation", {"training": tuned.training}, MEMORISATION)
    again = ExportPanel(context=tuned)
    tuned.poller.drain()
    assert not is_shown(again.check)
    assert is_shown(again.make)
    assert not again.make.disabled
    assert not is_shown(again.download)
    said = again.report.value
    assert "Sí: recita datos personales de los textos que estudió." in said
    assert said.index("hay datos personales") < said.index("23.456.789") < said.index("Que algo no haya salido")
    assert "&lt;b&gt;Querida&lt;/b&gt;" in said
    assert "<b>" not in said


def test_the_check_of_another_training_does_not_count(tuned):
    finished(tuned, "memorisation", {"training": "/nowhere/train-2"}, MEMORISATION)
    panel = ExportPanel(context=tuned)
    tuned.poller.drain()
    assert is_shown(panel.check)
    assert panel.make.disabled


def test_a_result_that_cannot_be_read_is_told_and_checked_again(tuned):
    damaged = {**MEMORISATION, "recited": [{"written": "Elvira"}]}
    finished(tuned, "memorisation", {"training": tuned.training}, damaged)
    panel, page = ExportPanel(context=tuned), Keepsake(context=tuned)
    tuned.poller.drain()
    assert "No pude leer lo que encontró la revisión." in plain(panel.alert.message.value)
    assert panel.report.value == ""
    assert is_shown(panel.check)
    assert panel.make.disabled
    assert page.download.disabled


@pytest.mark.slow
def test_a_click_makes_the_zip_and_another_form_hides_it(tuned):
    finished(tuned, "memorisation", {"training": tuned.training}, MEMORISATION)
    panel = ExportPanel(context=tuned)
    tuned.poller.drain()
    panel.name.value = "La voz <del> río"
    panel.make.click()
    tuned.poller.drain()
    tuned.poller.drain()
    assert panel.file is not None, panel.export_card.message.value
    assert panel.file.name == "La-voz-del-río-adapter.zip"
    assert zipfile.is_zipfile(panel.file)
    assert panel.done
    assert is_shown(panel.download)
    reloaded = ExportPanel(context=tuned)
    tuned.poller.drain()
    assert reloaded.file == panel.file
    assert reloaded.name.value == "La voz <del> río"
    panel.form.value = GGUF_F16
    assert panel.file is None
    assert not is_shown(panel.download)


def test_the_menu_of_forms_fits_a_phone_and_says_what_each_is_below(tuned):
    finished(tuned, "memorisation", {"training": tuned.training}, MEMORISATION)
    panel = ExportPanel(context=tuned)
    tuned.poller.drain()
    notes = set()
    for label, form in panel.form.options:
        assert len(label) <= MENU, label
        panel.form.value = form
        notes.add(plain(panel.form_note.value))
    assert len(notes) == len(panel.form.options)
    assert all(len(note) > MENU for note in notes)


def test_the_zip_comes_with_three_steps_of_what_to_do_with_it(tuned, tmp_path):
    finished(tuned, "memorisation", {"training": tuned.training}, MEMORISATION)
    panel = ExportPanel(context=tuned)
    tuned.poller.drain()
    panel.file = tmp_path / "zorzal.zip"
    panel.file.write_bytes(b"zip")
    panel.refresh()
    assert panel.about.value.count("<li>") == 3
    assert "usar.ipynb" in panel.about.value


def measured(context):
    """Write what a training's job tells while it learns."""
    job = JobContext(context.project.jobs / context.training.rsplit("/", 1)[-1], "train", {})
    for step, before in ((0, True), (8, False)):
        text = "no sé" if before else "Uno y <b>dos</b>\ntres por las dudas\ncuatro y nadie más\ncinco y se acabó"
        job.emit(Sample(step, 0, "Texto privado de Elvira", "resumen", text))
        job.emit(Evaluated(step, step / 8, 3.0 - step / 8))
    for step in range(1, 9):
        job.emit(Step(step, 8, step / 8, 3.0 - step / 10, 1e-4, 10.0, 0.0))


def test_the_page_has_what_was_chosen_and_nothing_else_of_the_texts(tuned):
    measured(tuned)
    page = Keepsake(context=tuned)
    tuned.poller.drain(LONG)
    lines = ["Uno y <b>dos</b>", "tres por las dudas", "cuatro y nadie más", "cinco y se acabó"]
    assert page.lines.options == lines
    page.name.value, page.author.value = "La voz del río", "Ana"
    page.lines.value = page.lines.options
    assert "Elegiste 3 líneas." in plain(page.chosen.value)
    content = page.content()
    assert content.lines == tuple(lines[:3])
    assert (content.texts, content.author) == (18, "Ana")
    assert (content.pair.before, content.pair.given) == ("no sé", "")
    assert content.validation == [(0.0, 3.0), (8.0, 2.0)]
    given = []
    page._give(given.append)
    html = given[0].read_text("utf-8")
    assert page.done
    assert page._file_name(given[0]) == "La-voz-del-río.html"
    assert "Texto privado de Elvira" not in html
    assert "Uno y &lt;b&gt;dos&lt;/b&gt;" in html
    assert "no sé" in page.preview.value, "what it adds is seen before it is downloaded"
    assert "Texto privado" not in page.preview.value
    page.given.value = True
    assert "Texto privado de Elvira" in page.preview.value
    page._give(given.append)
    assert "Texto privado de Elvira" in given[1].read_text("utf-8")
    page.pair.value = False
    assert page.content().pair is None
    assert not is_shown(page.given), "it goes with the pair"
    assert not is_shown(page.preview)


def test_the_page_shows_what_the_kept_model_wrote_not_the_last_measure(tuned):
    """After its best measure a run may learn by heart: that model is not the one that was kept."""
    job = JobContext(tuned.project.jobs / tuned.training.rsplit("/", 1)[-1], "train", {})
    for step, loss in ((0, 3.0), (4, 2.0), (8, 2.5)):
        job.emit(Sample(step, 0, "Texto", "resumen", f"escrito en el paso {step}"))
        job.emit(Evaluated(step, step / 8, loss))
    page = Keepsake(context=tuned)
    tuned.poller.drain(LONG)
    assert page.lines.options == ["escrito en el paso 4"]
    pair = page.content().pair
    assert (pair.before, pair.after) == ("escrito en el paso 0", "escrito en el paso 4")


def test_a_zip_under_another_name_is_not_offered_again_after_a_reload(tuned):
    finished(tuned, "memorisation", {"training": tuned.training}, MEMORISATION)
    config = {"training": tuned.training, "form": "adapter", "name": "Zorzal"}
    folder = finished(tuned, "export", config, {"file": "Zorzal-adapter.zip"})
    (folder / "Zorzal-adapter.zip").write_bytes(b"zip")
    panel = ExportPanel(context=tuned)
    panel.name.value = "Zorzal"
    again = ExportPanel(context=tuned)
    tuned.poller.drain()
    assert is_shown(again.download)
    again.name.value = "Calandria"
    reloaded = ExportPanel(context=tuned)
    tuned.poller.drain()
    assert not is_shown(reloaded.download)
    assert is_shown(reloaded.make)


def test_a_training_that_was_stopped_has_its_texts_and_its_model_on_the_page(tuned):
    (tuned.project.jobs / tuned.training.rsplit("/", 1)[-1] / "result.json").unlink()
    content = Keepsake(context=tuned).content()
    assert content.texts == dataset_in_use(tuned).counts["train"] > 0
    assert content.base == "Modelo diminuto"


def test_the_page_knows_whose_texts_the_model_learnt_from(tuned):
    path = Path(tuned.dataset) / "dataset.json"
    record = json.loads(path.read_text("utf-8"))
    for checksum, own in ((sha256(sample("noticias").path), False), ("ab" * 32, True), (None, None)):
        path.write_text(json.dumps({**record, "source": {"name": "x.csv", "sha256": checksum}}), "utf-8")
        assert Keepsake(context=tuned).content().own is own
