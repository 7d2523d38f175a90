"""The account of every row: used, changed and left out add up to the file's rows, whatever is repaired."""

import csv
import io
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from poetas.data.health.registry import CHECKS, steps_for
from poetas.data.pipeline.account_words import change_words, reason_words
from poetas.data.pipeline.mapping import ColumnMapping
from poetas.data.pipeline.pipeline import prepare
from poetas.data.pipeline.reading import read_file
from poetas.data.pipeline.row_account import REASONS
from poetas.data.pipeline.splitting import SplitPlan
from poetas.data.pipeline.steps import STEPS
from poetas.data.service.service import Preparation

TEXTS = (
    "El río creció de noche y se llevó el puente de Iruya.",
    "Vino la feria al pueblo con sus faroles y su música.",
    "La gata duerme en la ventana mientras llueve afuera.",
    "<p>Hubo <b>baile</b> en la plaza hasta muy tarde.</p>",
    "Escribile a ana@correo.example o llamá al 11 5555-4444.",
    "CaÃ±Ã³n y niÃ±o: letras que alguien rompió al copiar.",
    "The dog was sleeping under the table and it was raining.",
    "",
)
SUMMARIES = (
    "Creció el río.",
    "Feria en Iruya.",
    "<br>",
    "",
    "Un resumen que dice muchas más cosas que su texto, larguísimo.",
)
CODES = [check.code for check in CHECKS if not check.fixed]


def as_csv(rows):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(["texto", "resumen"])
    writer.writerows(rows)
    return out.getvalue()


@given(
    rows=st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(SUMMARIES)), min_size=3, max_size=20),
    switches=st.lists(st.tuples(st.sampled_from(CODES), st.booleans()), max_size=6),
)
@example(rows=[(TEXTS[0], SUMMARIES[0])] * 3, switches=[("several-summaries", True), ("duplicates", False)])
@settings(max_examples=25, deadline=None)
def test_used_and_left_out_add_up_to_the_rows_of_the_file(tmp_path_factory, rows, switches):
    folder = tmp_path_factory.mktemp("a")
    path = folder / "a.csv"
    good = [(f"Siempre hay un texto de verdad, el número {n}.", f"Texto {n}.") for n in range(len(rows))]
    filled = [*good, *rows]
    path.write_text(as_csv(filled), "utf-8")
    session, service = {}, Preparation([folder])
    service.read(session, path=str(path), hints={"header": True})
    service.map(session, text="texto", summary="resumen")
    for code, on in switches:  # in any order, as a learner clicks
        mapped = service.repair(session, code=code, on=on)["mapped"]
        answer = service.account(session, count=50)
        counts = answer["counts"]
        assert counts["rows"] == len(filled)
        assert counts["used"] + counts["changed"] + counts["left_out"] == len(filled)
        assert counts["used"] + counts["changed"] == mapped["rows"]
    chosen = service.map(session, text="texto", summary="resumen", repairs=dict(switches))
    assert not switches or chosen["rows"] == mapped["rows"]  # as on another day, with the choices that were kept
    answer = service.account(session, count=50)
    assert len(answer["rows"]) == answer["total"] == len(filled)
    assert Counter(row["outcome"] for row in answer["rows"]) == {
        name.replace("_", "-"): count for name, count in answer["counts"].items() if count and name != "rows"
    }
    assert sum(r["count"] for r in answer["reasons"] if r["outcome"] == "left-out") == answer["counts"]["left_out"]


@pytest.fixture
def session(tmp_path):
    """A page that read five rows, of which one was blank, one without a summary, one twice, one with an address."""
    path = tmp_path / "a.csv"
    rows = [
        (TEXTS[0], "Río."),
        ("", ""),
        (TEXTS[1], ""),
        (TEXTS[0], "Río."),
        (TEXTS[4], "Ana."),
        ("=Sol y luna  ¡ay!", "x"),
    ]
    path.write_text("Lista de noticias;\n\n" + as_csv(rows), "utf-8")
    held, service = {}, Preparation([tmp_path])
    service.read(held, path=str(path))
    service.map(held, text="texto", summary="resumen", repairs={"emails": True, "email": True})
    return service, held, tmp_path


def test_each_row_is_listed_with_its_place_in_the_file_and_its_reason(session):
    service, held, _folder = session
    outcomes = {row["where"]: (row["outcome"], row["words"]) for row in service.account(held)["rows"]}
    assert outcomes["fila 4"] == ("used", "")
    assert outcomes["fila 6"] == ("left-out", "no tiene resumen")
    assert outcomes["fila 7"] == ("left-out", "es copia exacta de otra fila")
    assert outcomes["fila 5"] == ("left-out", "no tiene nada escrito")
    assert outcomes["fila 1"] == ("left-out", "está arriba de los títulos de las columnas")
    assert outcomes["fila 9"] == ("changed", "emprolijé blancos y acentos")


def test_rows_are_found_by_outcome_by_reason_and_by_what_they_say(session):
    service, held, _folder = session
    left = service.account(held, only="left-out")
    assert left["total"] == len(left["rows"]) == left["counts"]["left_out"] == 4
    assert [row["where"] for row in service.account(held, only="duplicate")["rows"]] == ["fila 7"]
    assert service.account(held, query="RIO crecio")["total"] == 2
    assert service.account(held, query="nada de esto")["rows"] == []
    assert [row["where"] for row in service.account(held, first=1, count=1)["rows"]] == ["fila 6"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_account_is_a_file_that_adds_up(session, suffix):
    service, held, folder = session
    path = service.account_file(held, target=str(folder / f"cuenta{suffix}"))["path"]
    table = read_file(path, header=True).table
    assert Counter(table["qué pasó"]) == {"usada": 1, "cambiada": 2, "afuera": 4}
    assert table["filas"].astype(int).sum() == service.account(held)["counts"]["rows"] == 7
    assert "duplicate" in set(table["código"])
    assert "=Sol y luna ¡ay!" in set(table["texto"])


def test_the_counts_reach_the_record_of_the_dataset(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(as_csv([(text, "") for text in TEXTS]), "utf-8")
    prepared = prepare(read_file(path, header=True), ColumnMapping("texto"), SplitPlan(), steps_for({}, summary=False))
    account = prepared.record["account"]
    assert account["rows"] == len(TEXTS) == account["used"] + account["changed"] + account["left_out"]
    assert account["used"] + account["changed"] == sum(prepared.record["counts"].values())
    assert account["reasons"] == {"blank": 1}


def test_every_step_has_words_for_what_it_does():
    drops = {"drop-empty", *REASONS}
    assert {name for name in STEPS if name not in drops and change_words(name) == name} == set()
    assert {code for code in REASONS.values() if reason_words(code) == code} == set()
