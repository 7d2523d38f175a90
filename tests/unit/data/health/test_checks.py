"""Health checks: each finds its fault, repairs it in one step that is recorded and replayed, and leaves the rest."""

import json

import pandas as pd
import pytest

from poetas.data.dataset_schema import PARTS
from poetas.data.health import phone_numbers
from poetas.data.health.examination import examine
from poetas.data.health.invented_facts import facts_beyond
from poetas.data.health.phone_numbers import find_phones
from poetas.data.health.registry import BY_CODE, CHECKS, known_repairs, steps_for
from poetas.data.health.text_length import drop_outliers
from poetas.data.pipeline.mapping import ColumnMapping
from poetas.data.pipeline.pipeline import prepare, select
from poetas.data.pipeline.reading import Reading, read_file
from poetas.data.pipeline.splitting import SplitPlan
from poetas.data.pipeline.steps import STEPS, PipelineStep, apply
from poetas.data.service.service import Preparation
from poetas.data.storage.samples import sample
from tests.paths import ROOT

CASES = ROOT / "tests/unit/data/cases"
NEWS = [list(row) for row in read_file(sample("noticias").path).table.head(40).itertuples(index=False, name=None)]
LONG = "Anoche, después de tres días de lluvia, el río creció y tapó el puente viejo de la estación."


def table(*rows):
    columns = ["text", "summary"][: len(rows[0])]
    return pd.DataFrame([list(row) for row in rows], columns=columns, dtype="str")


def finding(report, code):
    return next((entry for entry in report.findings if entry["code"] == code), None)


# code: rows in which it finds something, how many, and the first row after its repair ("": left out)
FAULTS = {
    "mojibake": ([("El caÃ±Ã³n del rÃ­o", "CaÃ±Ã³n")], 1, ("El cañón del río", "Cañón")),
    "html": ([("<p>Hab&amp;iacute;a una vez,<br>&laquo;dijo&amp;amp;raquo;</p>",)], 1, ("Había una vez,\n«dijo»",)),
    "lost-characters": ([("La \N{REPLACEMENT CHARACTER}or del aire",)], 1, ""),
    "secret-url": ([("Entrá a https://a.ar/x?token=9f8a7b6c5d hoy",)], 1, ("Entrá a [enlace] hoy",)),
    "email": ([("Escribime a ana@correo.ar, sí",)], 1, ("Escribime a [correo], sí",)),
    "payment": ([("La tarjeta 4509 9458 0730 2157 venció",)], 1, ("La tarjeta [tarjeta] venció",)),
    "document": ([("Ana, DNI 23.456.789, firma",)], 1, ("Ana, DNI [documento], firma",)),
    "phone": ([("Llamame al +54 9 11 4567-8901 hoy",)], 1, ("Llamame al [teléfono] hoy",)),
    "swapped": ([("Creció el río.", LONG)], 1, (LONG, "Creció el río.")),
    "long-summary": ([(LONG, LONG)], 1, ""),
    "length": ([("Índice",)], 1, ""),
    "languages": ([("It was the night of the storm, and the river was in the street with us.",)], 1, ""),
    "invented": ([(LONG, "Anoche creció el río, contó Ramona.")], 1, ""),
    "several-summaries": ([(LONG, "Creció el río."), (LONG, "Llovió tres días.")], 1, (LONG, "Creció el río.")),
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_check_finds_its_fault_and_one_step_repairs_it(code):
    faulty, count, repaired = FAULTS[code]
    width = len(faulty[0])
    given = table(*faulty, *[row[:width] for row in NEWS])
    before = examine(given, {})
    assert finding(before, code)["count"] == count
    assert finding(before, code)["examples"][0]["row"] == 1
    assert not finding(before, code)["on"]
    after = examine(given, {code: True}, before)
    assert finding(after, code)["on"]
    assert finding(after, code)["light"] == "healthy"
    if repaired:
        assert tuple(after.table.iloc[0]) == repaired
        assert finding(examine(after.table, {}), code) is None
    else:
        assert 0 not in after.table.index
    undone = examine(given, {code: False}, after)
    pd.testing.assert_frame_equal(undone.table, before.table)
    assert len(after.table) - len(NEWS) in {0, 1, count}


def test_only_the_facts_that_a_cut_takes_away_are_counted():
    text = "Ayer vino Ana con dos perros. Más tarde llegó Ramona, que trajo 12 gatos."
    cut = text[: text.index(" Más")]
    summaries = ["Ana y Ramona trajeron 12 gatos.", "Ana y Zulema trajeron 15 perros.", "Vino Ana."]
    assert facts_beyond([text] * 3, [cut] * 3, summaries) == [("Ramona", "12"), (), ()]


def test_healthy_texts_have_no_findings():
    for name in ("noticias", "coplas"):
        reading = read_file(sample(name).path)
        columns = [str(column) for column in reading.table.columns]
        mapping = ColumnMapping(columns[0], columns[1] if len(columns) > 1 else None)
        report = examine(select(reading.table, mapping), {})
        assert [entry["code"] for entry in report.findings if entry["light"] == "repair"] == []
        assert sum(entry["count"] for entry in report.findings) <= 4, report.findings


def test_every_repair_is_a_registered_step_and_says_what_it_did():
    for check in CHECKS:
        for step in check.steps:
            assert step.name in STEPS
        assert "{n}" not in check.sentence(2, repaired=False) + check.sentence(2, repaired=True)
        assert check.healthy()
        if not check.fixed and check.steps:
            assert check.button()
            assert check.undo()
    from poetas.data.pipeline.step_sentences import step_sentence

    assert [name for name in STEPS if "Apliqué" in step_sentence(name, changed=1, lost=0)] == []


def test_repairs_are_recorded_and_replayed_on_a_new_version_of_the_file():
    given = [[f"{text} Consultas: ana{n}@correo.ar", summary] for n, (text, summary) in enumerate(NEWS)]
    frame = pd.DataFrame(given, columns=["texto", "resumen"], dtype="str")
    mapping = ColumnMapping("texto", "resumen")
    steps = steps_for({"email": True, "near-duplicates": False}, summary=True)
    record = prepare(Reading(frame, "csv", "UTF-8", ",", "Leí"), mapping, None, steps).record
    _select, *middle, _split = json.loads(json.dumps(record))["steps"]
    assert [step["step"] for step in middle] == ["normalise", "mask-emails", "drop-empty", "drop-duplicates"]
    assert middle[1]["changed"] == len(NEWS)
    again = [PipelineStep(step["step"], step["parameters"]) for step in middle]
    more = pd.DataFrame(
        [*given, ["Otro texto, de otra vecina: luz@correo.ar", "Otro"]], columns=frame.columns, dtype="str"
    )
    prepared = prepare(Reading(more, "csv", "UTF-8", ",", "Leí"), mapping, None, again)
    texts = [text for part in PARTS for text in prepared.parts[part]["text"]]
    assert len(texts) == len(NEWS) + 1
    assert not any("@" in text for text in texts)
    assert sum("[correo]" in text for text in texts) == len(texts)


def test_choices_from_a_file_are_looked_through():
    assert known_repairs({"email": 1, "html": True, "no-such": True, "empty": False}) == {"html": True}
    assert not BY_CODE["email"].on


def test_only_emoji_and_empty_cells_break_nothing():
    faces = table(*[("\N{GRINNING FACE}" * (n + 3), "") for n in range(5)], ("", ""), ("\x00", "\ufffd"))
    everything = examine(faces, dict.fromkeys(BY_CODE, True))
    assert len(everything.table) == 0
    assert finding(examine(faces, {}), "lost-characters")["count"] == 1


def test_examining_again_is_the_same_as_examining_afresh():
    rows = [("<b>Ana</b> ana@correo.ar", "Ana"), *NEWS[:8], NEWS[0], (NEWS[1][0].upper(), NEWS[1][1])]
    given, earlier = table(*rows), None
    for repairs in ({}, {"html": True}, {"html": True, "email": True}, {"near-duplicates": False}, {"email": True}):
        earlier = examine(given, repairs, earlier)
        afresh = examine(given, repairs)
        assert earlier.findings == afresh.findings
        pd.testing.assert_frame_equal(earlier.table, afresh.table)
        steps, _applied = apply(given, steps_for(repairs, summary=True))
        pd.testing.assert_frame_equal(earlier.table, steps)


def test_a_repair_looks_again_only_at_the_rows_that_it_changed(monkeypatch):
    seen = []
    monkeypatch.setattr(phone_numbers, "find_phones", lambda text: seen.append(text) or find_phones(text))
    given = table(("<b>Ana</b>: llamá al 4382-1234, <i>sí</i>", "Llamá al 4382-1234"), *NEWS[:20])
    before = examine(given, {})
    assert len(seen) == 2 * len(given)
    seen.clear()
    after = examine(given, {"html": True, "phone": True}, before)
    assert sorted(seen) == ["Ana: llamá al 4382-1234, sí", "Llamá al 4382-1234"]
    assert after.table["text"].iloc[0] == "Ana: llamá al [teléfono], sí"
    seen.clear()
    assert finding(examine(given, {"phone": True}, after), "phone")["count"] == 1
    assert len(seen) == 2


def test_what_a_check_leaves_of_a_file_is_the_same_cells_not_copies_of_them(tmp_path):
    """Each of 17 checks makes a table: with a copy of 29 MB in each, 20,000 rows took 300 MB more."""
    path = tmp_path / "textos.csv"
    table(("<b>Ana</b> vive en Salta", "Vive"), *NEWS[:3], NEWS[0]).to_csv(path, index=False)
    read = read_file(path).table
    left = examine(read, {"html": True}).table
    assert left["text"].iloc[0] == "Ana vive en Salta"
    assert left.index.tolist() == [0, 1, 2, 3]
    assert all(left.at[row, name] is read.at[row, name] for row in (1, 2, 3) for name in ("text", "summary"))


def test_texts_are_counted_alike_whether_or_not_one_is_long_enough_for_a_thousand_words():
    words = [["sol"] * count for count in (1, 2, 3, 60, 60, 60)]
    few = pd.DataFrame({"text": [" ".join(row) for row in words]})
    kept = [2, 3, 4, 5]
    assert drop_outliers(few).index.tolist() == kept
    many = pd.concat([few, pd.DataFrame({"text": ["sol " * 1_200, "sol " * 1_201, "sol" * 1_000]})], ignore_index=True)
    assert drop_outliers(many).index.tolist() == [*kept, 6]  # 20 times the usual, and not a word more


# -- the cases


@pytest.fixture
def service():
    made, session = Preparation(roots=[CASES]), {}
    return lambda call, **arguments: getattr(made, call)(session, **arguments)


def test_case_19_marks_of_a_page_go_with_one_click(service):
    service("read", path=str(CASES / "19-entidades.csv"))
    service("map", text="texto")
    html = next(entry for entry in service("health")["findings"] if entry["code"] == "html")
    assert (html["count"], html["light"]) == (40, "repair")
    answer = service("repair", code="html", on=True)
    assert answer["repairs"] == {"html": True}
    text = service("row", index=0)["text"]
    assert text.startswith("Había una vez y otra sendero cae en la tarde,\n«canta el jazmín áspero y tiembla,»\n")
    assert text.endswith("— fin & gracias")
    service("repair", code="html", on=False)
    assert service("row", index=0)["text"].startswith("<p>&nbsp;Hab&iacute;a")


def test_case_54b_three_summaries_of_a_text_are_kept_and_stay_together(service):
    service("read", path=str(CASES / "54b-tres-resumenes.csv"))
    assert service("map", text="texto", summary="resumen")["rows"] == 135
    answer = service("health")
    several = next(entry for entry in answer["findings"] if entry["code"] == "several-summaries")
    assert (several["count"], several["on"]) == (45, False)
    assert "45 textos tienen más de un resumen" in several["sentence"]
    reading = read_file(CASES / "54b-tres-resumenes.csv")
    for seed in range(4):
        parts = prepare(reading, ColumnMapping("texto", "resumen"), SplitPlan(seed=seed)).parts
        where = [set(parts[part]["text"]) for part in PARTS]
        assert sum(map(len, where)) == len(set.union(*where)) == 45
        assert sum(len(parts[part]) for part in PARTS) == 135
    assert service("repair", code="several-summaries", on=True)["mapped"]["rows"] == 45


@pytest.mark.parametrize(("name", "left"), [("54-saludos.txt", 60), ("54c-saludos-largos.txt", 6)])
def test_case_54_one_count_and_a_switch_to_keep_all(service, name, left):
    service("read", path=str(CASES / name), hints={"division": "lines"})
    mapped = service("map", text="texto")
    answer = service("health")
    assert mapped["rows"] == answer["mapped"]["rows"] == service("preview")["total"] == left
    near = next((entry for entry in answer["findings"] if entry["code"] == "near-duplicates"), None)
    assert (near is None) is (left == 60)
    if near is None:
        assert sum(service("split")["counts"].values()) == left
        return
    assert near["count"] == 60 - left
    assert "Hay 6 textos" in mapped["few"]
    kept = service("repair", code="near-duplicates", on=False)["mapped"]
    assert (kept["rows"], kept["few"]) == (60, "")
    dealt = service("split")
    assert sum(dealt["counts"].values()) == 60
    assert "twins" in dealt["notice_codes"]
