"""HealthReport: findings as cards, one click to repair and one to undo, choices that outlive the page."""

import csv

import pytest

from poetas.data.storage.dataset_store import PreparedDataset
from poetas.data.storage.samples import sample
from tests.unit.widgets.prepare.steps import bring, plain
from widgets import FilePicker, HealthReport, PageContext, SaveDataset, SplitControls, StepCard
from widgets.core.component import State
from widgets.core.elements import is_shown
from widgets.prepare.health import health_report


@pytest.fixture
def letters(tmp_path):
    """Twelve texts, two of them with an address, one twice."""
    path = tmp_path / "cartas.csv"
    with sample("noticias").path.open(encoding="utf-8", newline="") as rows:
        texts = [(row["texto"], row["resumen"]) for row, _n in zip(csv.DictReader(rows), range(11), strict=False)]
    texts = [
        (f"{text} Escribile a vecina{n}@correo.ar." if n < 2 else text, summary)
        for n, (text, summary) in enumerate(texts)
    ]
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("texto", "resumen"), *texts, texts[5]])
    return path


def report_of(context):
    report = HealthReport(context=context)
    context.poller.drain()
    return report


def card(report, code):
    return next(finding for finding in report.cards.children if finding.code == code)


def test_findings_are_cards_and_what_is_healthy_is_one_line(context, letters):
    bring(context, letters)
    report = report_of(context)
    assert report.state is State.DONE
    assert [finding.code for finding in report.cards.children] == ["email", "duplicates"]
    assert "En 2 textos hay direcciones de correo." in plain(card(report, "email").words.value)
    assert "vecina0@correo.ar" in plain(card(report, "email").words.value)
    assert "Hay 1 cosa para mirar." in plain(report.summary.value)
    assert "Quince cosas están bien" in plain(report.healthy.value)


def test_one_click_repairs_and_one_undoes_and_the_other_steps_follow(context, letters):
    bring(context, letters)
    report, split, save = report_of(context), SplitControls(context=context), SaveDataset(context=context)
    context.poller.drain()
    styles = [part.button_style for part in (card(report, "email").button, report.accept)]
    assert styles == ["primary", ""], "what is to be repaired comes first"
    card(report, "email").button.click()
    context.poller.drain()
    styles = [part.button_style for part in (card(report, "email").button, report.accept)]
    assert styles == ["", "primary"]
    assert report.draft.repairs == {"email": True}
    assert report.seen() == f"Quedaron {report.draft.texts} textos revisados, con 1 arreglo puesto."
    assert card(report, "email").button.description == "Destaparlos"
    assert "Los tapé en 2 textos" in plain(card(report, "email").words.value)
    assert "Tus textos están sanos." in plain(report.summary.value)
    assert sum(split.split["counts"].values()) == 11
    assert report.done, "nothing is left to decide"
    card(report, "duplicates").button.click()
    context.poller.drain()
    assert report.draft.texts == sum(split.split["counts"].values()) == 12
    save.name.value = "Cartas"
    assert not report.done, "no one has said that they are fine"
    assert not split.done
    save.button.click()
    context.poller.drain()
    assert report.done, "texts that are saved as they are were accepted"
    assert split.done
    assert not is_shown(report.accept)
    dataset = PreparedDataset.open(save.value)
    assert "mask-emails" in [step["step"] for step in dataset.record["steps"]]
    assert not any("@" in row["text"] for part in ("train", "validation", "test") for row in dataset.rows(part))
    card(report, "email").button.click()
    context.poller.drain()
    assert card(report, "email").button.description == "Taparlos"
    assert report.draft.changed


def test_a_new_version_of_the_file_is_repaired_as_the_one_before(context, letters):
    picker = bring(context, letters)
    report = report_of(context)
    card(report, "email").button.click()
    context.poller.drain()
    letters.write_text(letters.read_text("utf-8") + "Otra carta: escribile a luz@correo.ar.,Otra carta\n", "utf-8")
    picker.copy(str(letters))
    context.poller.drain()
    assert picker.draft.file == "cartas (2).csv"
    assert report.draft.repairs == {"email": True}
    assert "Los tapé en 3 textos" in plain(card(report, "email").words.value)
    assert report.draft.name == ""
    assert not report.done
    other = letters.with_name("actas.csv")
    other.write_bytes(letters.read_bytes())
    picker.copy(str(other))
    context.poller.drain()
    assert report.draft.repairs == {}


def test_choices_are_there_again_after_a_reload(context, letters):
    bring(context, letters)
    report = report_of(context)
    card(report, "email").button.click()
    context.poller.drain()
    step = StepCard("sanos", report, context=context)
    report.accept.click()
    context.poller.drain()
    assert "sanos" in context.steps
    assert step.code is not None
    again = PageContext(context.workspace)
    try:
        picker, second = FilePicker(context=again), HealthReport(context=again)
        picker.uploader.uploader._handle_custom_msg(
            {"type": "here"}, []
        )  # what a page says when it shows the component
        again.poller.drain()
        assert second.draft.repairs == {"email": True}
        assert second.done
        assert "Los tapé en 2 textos" in plain(card(second, "email").words.value)
    finally:
        again.close()


def test_many_texts_are_checked_when_the_learner_asks(context, letters, monkeypatch):
    monkeypatch.setattr(health_report, "AUTOMATIC", 5)
    bring(context, letters)
    report = report_of(context)
    assert not report.report
    assert is_shown(report.check)
    report.check.click()
    context.poller.drain()
    assert report.report["findings"]
    assert not is_shown(report.check)


def test_another_file_starts_again(context, letters):
    bring(context, letters)
    report = report_of(context)
    card(report, "email").button.click()
    context.poller.drain()
    bring(context, sample("coplas").path)
    context.poller.drain()
    assert report.draft.repairs == {}
    assert "email" not in [finding.code for finding in report.cards.children]
    bring(context, letters)
    context.poller.drain()
    assert report.draft.repairs == {"email": True}


def test_what_is_found_is_escaped(context, tmp_path):
    path = tmp_path / "malo.csv"
    rows = "".join(f"<img src=x onerror=alert({n})> palabra{n} de otra carta larga;corto {n}\n" for n in range(9))
    path.write_text(f"texto;resumen\n{rows}", "utf-8")
    bring(context, path)
    report = report_of(context)
    shown = "".join(finding.words.value for finding in report.cards.children)
    assert "&lt;img" in shown
    assert "<img" not in shown
