"""`poetas report`: what a class answered is counted, said with its limits, and nothing that was forged gets in."""

import copy
import csv
import io
import json
import os
import random
import re
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from poetas.course.answers_file import answers_text
from poetas.course.answers_folder import LARGEST, NoAnswers, read_answers
from poetas.course.class_report_page import class_report_page
from poetas.course.class_results import class_results
from poetas.course.class_table import class_rows
from poetas.course.class_words import gain_sentence, persons_of, summary_lines
from poetas.course.question_bank import current_bank
from poetas.errors import PoetasError
from poetas.evaluation.proportion_intervals import difference, paired_difference
from poetas.serving.report_command import report
from tests.class_answers import START, export
from tests.paths import ROOT

NOW = START + timedelta(days=3)
ATTACK = '=HYPERLINK("http://x.example","=1+1") </blockquote><script>alert(1)</script>'


def write(folder, name, content):
    (folder / name).write_text(content if isinstance(content, str) else answers_text(content), "utf-8")


@pytest.fixture(scope="module")
def bank():
    return current_bank()


@pytest.fixture(scope="module")
def learners():
    return [export(seed) for seed in range(24)]


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "respuestas"
    folder.mkdir()
    return folder


def reasons(folder, bank):
    return {file.name: file.reason for file in read_answers(folder, bank, now=NOW).left_out}


def test_the_gain_is_that_of_those_who_answered_both_times(learners, bank):
    half = copy.deepcopy(learners[:12])
    half[0]["apps"]["conocer"]["questionnaires"]["after"]["submitted"] = False
    half[1]["apps"]["conocer"]["questionnaires"]["before"] = None
    app = class_results(half, bank).apps[0]
    assert persons_of(app.gain, app.concepts) == 10
    pairs = [
        [
            sum(row["right"] for row in sitting["answers"])
            for sitting in file["apps"]["conocer"]["questionnaires"].values()
        ]
        for file in half[2:]
    ]
    assert app.gain.difference.mean == pytest.approx(sum(last - first for first, last in pairs) / 50)
    assert (app.gain.before.count, app.gain.after.count) == tuple(map(sum, zip(*pairs, strict=True)))
    assert app.gain.difference.low < app.gain.difference.mean < app.gain.difference.high
    # Each item was asked of some before and of the others after: none twice.
    assert all(gain.before.n + gain.after.n <= 12 for gain in app.items)


def test_a_question_left_blank_is_not_right_in_any_gain(learners, bank):
    blank = copy.deepcopy(learners)
    for file in blank:
        rows = sitting(file)["answers"]
        rows[:] = [row for row in rows if row["right"]]
    assert class_results(blank, bank).apps[0] == class_results(learners, bank).apps[0]


def test_a_before_that_was_handed_in_after_the_after_is_left_out_with_its_pair_alone(folder, learners, bank):
    late = forged(learners[0], lambda c: sitting(c).update(time=c["exported"]))
    write(folder, "tarde.json", late)
    write(folder, "bueno.json", learners[1])
    folder_answers = read_answers(folder, bank, now=NOW)
    assert folder_answers.left_out == ()
    results = class_results(folder_answers.answers, bank)
    assert [persons_of(app.gain, app.concepts) for app in results.apps] == [1, 2, 2]


@pytest.mark.parametrize("time", ["20250312T221000+00:00", "2025-W11-3T22:10+00:00"])
def test_a_day_is_told_whatever_form_of_the_standard_it_is_written_in(time, folder, learners, bank, tmp_path):
    write(folder, "a.json", forged(learners[0], lambda c: c.update(exported=time)))
    assert report(folder, html=tmp_path / "a.html") == 0
    assert "archivos del 12/3/2025 al 12/3/2025" in (tmp_path / "a.html").read_text("utf-8")


def test_an_item_that_few_were_asked_is_marked_so_and_the_drawn_intervals_are_counted(learners, bank):
    results = class_results(learners[:12], bank)  # a half is asked each form: six, more or less
    page = class_report_page(results, (), bank)
    assert page.count("muy pocas personas") == sum(
        min(gain.before.n, gain.after.n) < 10 for app in results.apps for gain in app.items
    )
    drawn = len(re.findall(r'<svg class="(?:few)?"', page))
    assert f"acá se dibujan {drawn}:" in page
    assert drawn > 15


def test_no_claim_is_made_of_few_and_none_where_zero_is_in_the_interval(bank):
    few = class_results([export(seed, before=0.0, after=1.0) for seed in range(6)], bank).apps[0]
    assert "muy poca gente para afirmar nada" in gain_sentence(few.gain, 6)
    learnt = class_results([export(seed, before=0.3, after=0.9) for seed in range(30)], bank).apps[0]
    assert "Saben más que antes: entre +" in gain_sentence(learnt.gain, 30)
    same = class_results([export(seed, before=0.5, after=0.5) for seed in range(40, 64)], bank).apps[0]
    assert "No se nota un cambio" in gain_sentence(same.gain, 24)
    empty = class_results([export(1, apps=("conocer",))], bank).apps[1]
    assert "Nadie contestó los dos" in gain_sentence(empty.gain, 0)


def test_intervals_of_shares_have_a_width_where_all_agree_and_hold_the_truth():
    alike = paired_difference([False] * 4, [True] * 4)
    assert alike.mean == 1
    assert 0 < alike.low < alike.high <= 1  # shrunk: four persons prove no certainty
    # By hand: shares of 1/12 and 11/12, so 10/12 - 1.96 sqrt(2 * 11/144 / 12).
    assert difference([False] * 10, [True] * 10).low == pytest.approx(0.6122, abs=1e-4)
    rng = random.Random(5)
    held = [0, 0]
    for _ in range(2000):
        first, last, other = ([rng.random() < share for _ in range(10)] for share in (0.4, 0.8, 0.8))
        for index, interval in enumerate((paired_difference(first, last), difference(first, other))):
            held[index] += interval.low <= 0.4 <= interval.high
    assert min(held) >= 0.94 * 2000  # of 95 in 100, with ten persons


def test_the_page_holds_what_was_written_as_text_and_asks_for_nothing(learners, bank):
    hurt = [export(99, text=ATTACK), *learners]
    page = class_report_page(class_results(hurt, bank), (), bank)
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert not re.search(r"(?:src|href)\s*=|url\((?!data:font)|@import", page)
    assert "Archivos que quedaron afuera" not in page
    assert page.count("<h2>") == page.count("</h2>") >= 5


def test_no_text_runs_as_a_formula_in_the_table(folder, learners, bank, tmp_path):
    write(folder, "=cmd.json", "{}")
    write(folder, "a.json", export(99, text=ATTACK))
    table, page = tmp_path / "resumen.csv", tmp_path / "informe.html"
    assert report(folder, html=page, table=table) == 0
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig")), delimiter=";"))
    cells = [cell for row in rows for cell in row.values()]
    assert "'" + ATTACK in cells
    assert "'=cmd.json" in cells
    assert not [cell for cell in cells if re.match(r"\s*[=@+]", cell)]
    gain = next(row for row in rows if row["parte"] == "cuestionario" and row["medida"] == "diferencia")
    assert gain["n"] == "1"
    assert gain["desde"] == ""
    assert page.stat().st_mode & 0o077 == 0  # what learners answered is not for other accounts


def forged(content, change):
    content = copy.deepcopy(content)
    change(content)
    return content


def sitting(content, moment="before"):
    return content["apps"]["conocer"]["questionnaires"][moment]


FORGED = {
    "version": (lambda c: c.update(schema=1), "otra versión"),
    "kind": (lambda c: c.update(kind="otra cosa"), "no es un archivo de respuestas"),
    "items": (lambda c: c["items"].update(sha256="0" * 64), "otra edición de las preguntas"),
    "own texts": (lambda c: c.update(own_texts="mi diario"), "no tiene la forma"),
    "extra": (lambda c: c.update(texto="mi diario"), "no tiene la forma"),
    "learner": (lambda c: c.update(learner="../../etc"), "no tiene la forma"),
    "item": (lambda c: sitting(c)["answers"][0].update(item="no-existe"), "preguntas que no existen"),
    "other app": (
        lambda c: sitting(c)["answers"].append(c["apps"]["entrenar"]["questionnaires"]["before"]["answers"][0]),
        "preguntas que no existen",
    ),
    "right": (lambda c: [row.update(right=not row["right"]) for row in sitting(c)["answers"]], "cambió a mano"),
    "form": (lambda c: sitting(c)["answers"].append(sitting(c)["answers"][0]), "no tiene la forma"),
    "order": (
        lambda c: c["apps"]["conocer"]["questionnaires"].update(before=sitting(c, "after"), after=sitting(c)),
        "cambió a mano",
    ),
    "future": (lambda c: c.update(exported="2031-01-01T00:00:00+00:00"), "fecha imposible"),
    "no zone": (lambda c: c.update(exported="2025-03-10T22:10:00"), "fecha imposible"),
    "late": (lambda c: sitting(c, "after").update(time="2030-01-01T00:00:00+00:00"), "tiempos imposibles"),
    "years": (lambda c: c["apps"]["conocer"]["steps"][0].update(seconds=1e9), "tiempos imposibles"),
    "negative": (lambda c: c["apps"]["conocer"]["steps"][0].update(seconds=-1), "tiempos imposibles"),
    "nan": (lambda c: c["apps"]["conocer"]["steps"][0].update(seconds=float("nan")), "no tiene la forma"),
    "mark": (lambda c: c["apps"]["conocer"]["feedback"].update(clarity=99), "no tiene la forma"),
    "long": (lambda c: c["apps"]["conocer"]["feedback"].update(text="a" * 5000), "no tiene la forma"),
    "code": (lambda c: c["errors"].update({"<b>": 1}), "no tiene la forma"),
    "exercise": (
        lambda c: c["exercises"].update(otro={"solved": True, "hints": 0, "answer_seen": False}),
        "preguntas que no existen",
    ),
    "hints": (lambda c: next(iter(c["exercises"].values())).update(hints=10**30), "no tiene la forma"),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_file_is_named_with_its_reason_and_not_counted(name, folder, learners, bank):
    change, reason = FORGED[name]
    write(folder, "bueno.json", learners[0])
    write(folder, "raro.json", forged(learners[1], change))
    folder_answers = read_answers(folder, bank, now=NOW)
    assert len(folder_answers.answers) == 1
    assert [file.name for file in folder_answers.left_out] == ["raro.json"]
    assert reason in folder_answers.left_out[0].reason


def test_whatever_else_is_in_the_folder_is_named_and_never_opened_whole(folder, learners, bank, tmp_path):
    write(folder, "bueno.json", learners[0])
    write(folder, "cortado.json", answers_text(learners[1])[:900])
    write(folder, "hondo.json", "[" * 400_000)
    write(folder, "numero.json", '{"kind": ' + "9" * 10_000 + "}")
    (folder / "bomba.json").write_bytes(b"PK\x03\x04" + bytes(1000))
    (folder / "letras.json").write_bytes(b"\xff\xfe{}")
    (folder / "vacio.json").touch()
    with (folder / "enorme.json").open("wb") as huge:
        huge.truncate(1 << 30)
    write(tmp_path, "afuera.json", learners[2])
    (folder / "enlace.json").symlink_to(tmp_path / "afuera.json")
    (folder / "vuelta.json").symlink_to("vuelta.json")
    (folder / "carpeta.json").mkdir()
    os.mkfifo(folder / "tubo.json")
    write(folder, "notas.txt", "hola")
    begun = time.monotonic()
    folder_answers = read_answers(folder, bank, now=NOW)
    assert time.monotonic() - begun < 5
    assert [answer["learner"] for answer in folder_answers.answers] == [learners[0]["learner"]]
    said = {file.name: file.reason for file in folder_answers.left_out}
    for name in ("cortado", "hondo", "numero", "bomba", "letras", "vacio"):
        assert "roto o cortado" in said.pop(f"{name}.json"), name
    assert "1,1 GB" in said.pop("enorme.json")
    assert all("enlace" in said.pop(name) for name in ("enlace.json", "vuelta.json"))
    assert "carpeta" in said.pop("carpeta.json")
    assert "común" in said.pop("tubo.json")
    assert ".json" in said.pop("notas.txt")
    assert not said
    assert 5 * len(answers_text(learners[0])) < LARGEST


def test_of_one_learner_the_newest_counts_and_none_that_contradict_each_other(folder, bank, learners):
    whole = export(7)
    early = forged(whole, lambda c: c.update(exported="2025-03-12T00:00:00+00:00"))
    for app in ("preparar", "entrenar"):
        early["apps"][app]["questionnaires"] = {"before": None, "after": None}
    whole["exported"] = "2025-03-13T00:00:00+00:00"
    for app in whole["apps"].values():
        for questionnaire in app["questionnaires"].values():
            questionnaire["time"] = "2025-03-11T20:00:00+00:00"
    for questionnaire in early["apps"]["conocer"]["questionnaires"].values():
        questionnaire["time"] = "2025-03-11T20:00:00+00:00"
    write(folder, "app1.json", early)
    write(folder, "todo.json", whole)
    write(folder, "todo (copia).json", whole)
    folder_answers = read_answers(folder, bank, now=NOW)
    assert [answer["exported"] for answer in folder_answers.answers] == [whole["exported"]]
    said = reasons(folder, bank)
    assert "más nuevo" in said["app1.json"]
    assert any("es igual a" in reason for reason in said.values())

    for row in early["apps"]["conocer"]["questionnaires"]["before"]["answers"]:
        item = bank.items[row["item"]]
        row.update(choice=item.right, right=True)
    write(folder, "app1.json", early)
    assert read_answers(folder, bank, now=NOW).answers == ()
    said = reasons(folder, bank)
    assert "app1.json" in said
    assert all("se contradicen" in reason for reason in said.values())


def test_the_command_says_what_it_found_and_refuses_to_write_over_answers(folder, learners, tmp_path, capsys):
    for index, content in enumerate(learners):
        write(folder, f"{index}.json", content)
    page = folder / "informe.html"
    assert report(folder, html=page, table=tmp_path / "n.xlsx") == 0
    printed = capsys.readouterr().out
    assert "Respuestas de 24 personas." in printed
    assert "Conocé los LLMs. Contestaron los dos cuestionarios 24 personas" in printed
    assert report(folder, html=page) == 0
    assert "informe.html:" not in capsys.readouterr().out  # the report itself is no answers file
    kept = (folder / "0.json").read_bytes()
    with pytest.raises(PoetasError):
        report(folder, html=folder / "0.json")
    assert (folder / "0.json").read_bytes() == kept
    with pytest.raises(NoAnswers):
        report(tmp_path / "no está")


def test_the_command_line_ends_with_a_sentence_where_there_is_nothing_to_report(tmp_path):
    """In a process of its own: the command closes the network of the one that it runs in."""
    command = [sys.executable, "-P", "-m", "poetas.cli", "report", str(tmp_path)]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "no hay ningún archivo de respuestas" in done.stderr


def test_answers_are_not_judged_by_other_questions_where_an_instructors_own_are_broken(
    folder, learners, tmp_path, monkeypatch, capsys
):
    write(folder, "a.json", learners[0])
    (tmp_path / "mias.toml").write_text("version = 1\n[[item]]\n", "utf-8")
    monkeypatch.setenv("POETAS_ITEMS", str(tmp_path / "mias.toml"))
    with pytest.raises(NoAnswers):
        report(folder)
    assert "personas" not in capsys.readouterr().out


def test_five_hundred_exports_take_less_than_ten_seconds(folder, learners, bank, tmp_path):
    for index in range(500):
        content = forged(learners[index % len(learners)], lambda c: c.update(learner=f"{index:016x}"))  # noqa: B023
        write(folder, f"{index:03}.json", json.dumps(content))
    begun = time.process_time()
    assert report(folder, html=tmp_path / "a.html", table=tmp_path / "a.csv") == 0
    assert time.process_time() - begun < 10
    assert "500 personas" in (tmp_path / "a.html").read_text("utf-8")


def test_the_table_has_a_row_of_every_figure_and_its_columns(learners, bank):
    results = class_results(learners, bank)
    rows = list(class_rows(results, (), bank))
    assert {len(row) for row in rows} == {9}
    parts = {row[0] for row in rows}
    assert parts >= {
        "clase",
        "cuestionario",
        "concepto",
        "pregunta",
        "pregunta al paso",
        "opinión",
        "tiempo",
        "apuestas",
    }
    assert parts >= {"ejercicios", "avisos de error"}
    assert len(summary_lines(results)) == 4
