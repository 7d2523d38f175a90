"""Guessing columns from names and lengths, and saying plainly when a choice cannot work."""

import pandas as pd
import pytest

from poetas.data.pipeline.column_names import Role, role
from poetas.data.pipeline.mapping import ColumnMapping, Task, guess
from poetas.data.pipeline.pipeline_errors import WrongColumn
from poetas.data.pipeline.validation import check, refuse
from poetas.data.storage.samples import sample

LONG = [
    f"Texto número {number}: el río creció durante la tarde y los pescadores sacaron los botes a la vereda."
    for number in range(12)
]
SHORT = [f"El río creció por vez número {number}." for number in range(12)]


def table(**columns):
    return pd.DataFrame(columns, dtype="str")


def notices_of(frame, text, summary=None):
    return {item.code: item for item in check(frame, ColumnMapping(text, summary))}


@pytest.mark.parametrize(
    ("names", "text", "summary"),
    [
        (("texto", "resumen"), "texto", "resumen"),
        (("Resumen", "TEXTO"), "TEXTO", "Resumen"),
        (("article", "highlights"), "article", "highlights"),
        (("cuerpo", "copete"), "cuerpo", "copete"),
        (("título", "cuerpo"), "cuerpo", "título"),
        (("Texto completo", "Síntesis_final"), "Texto completo", "Síntesis_final"),
        (("document", "summary"), "document", "summary"),
        (("contenido", "bajada"), "contenido", "bajada"),
    ],
)
def test_known_names_are_recognised_in_any_order_case_and_accent(names, text, summary):
    columns = {name: LONG if name == text else SHORT for name in names}
    assert guess(table(**columns)).mapping == ColumnMapping(text, summary)


def test_names_win_over_lengths_and_numbers_are_never_guessed():
    frame = table(id=[str(index) for index in range(12)], summary=LONG, text=SHORT, año=["2024"] * 12)
    assert guess(frame).mapping == ColumnMapping("text", "summary")
    assert guess(frame).sure


def test_without_names_lengths_decide_and_the_guess_is_no_certainty():
    frame = table(uno=[str(index) for index in range(12)], dos=SHORT, tres=LONG, cuatro=["deportes"] * 12)
    result = guess(frame)
    assert result.mapping == ColumnMapping("tres", "dos")
    assert not result.sure
    assert "¿Es así?" in result.sentence


def test_one_column_is_for_style():
    assert guess(table(verso=LONG)).mapping.task is Task.STYLE
    assert guess(table(resumen=LONG)).mapping == ColumnMapping("resumen")


def test_names_of_files_dates_and_categories_are_no_summary():
    frame = table(
        texto=LONG, archivo=[f"carta de la abuela {index}.txt" for index in range(12)], categoría=["vida diaria"] * 12
    )
    assert guess(frame).mapping == ColumnMapping("texto")
    assert role("fecha del texto") is Role.OTHER


def test_a_table_of_numbers_is_guessed_without_failing():
    frame = table(a=["1", "2"], b=["3,5", "4"])
    assert "column-numbers" in notices_of(frame, guess(frame).mapping.text)


@pytest.mark.parametrize(
    ("text", "summary", "code"),
    [
        ("texto", "texto", "same-column"),
        ("no está", None, "column-missing"),
        ("texto", "no está", "column-missing"),
        ("texto", "vacía", "column-empty"),
        ("vacía", None, "column-empty"),
        ("números", None, "column-numbers"),
        ("texto", "números", "column-numbers"),
        ("corto", "texto", "summaries-longer"),
        ("texto", "copia", "summaries-same"),
    ],
)
def test_columns_that_cannot_work_are_errors_with_a_sentence(text, summary, code):
    frame = table(texto=LONG, corto=SHORT, copia=LONG, vacía=[""] * 12, números=[f"{index},5" for index in range(12)])
    findings = check(frame, ColumnMapping(text, summary))
    assert findings[0].code == code
    assert findings[0].level == "error"
    with pytest.raises(WrongColumn) as caught:
        refuse(findings)
    card = caught.value.explanation
    assert (card.code, card.action, card.why) == ("wrong-column", "choose-columns", findings[0].sentence)


def test_a_few_odd_rows_are_warnings_with_their_places():
    text, summary = [*LONG], [*SHORT]
    text[2], summary[3], summary[5], summary[7] = "", " ", LONG[5] + " Y más.", LONG[7]
    findings = notices_of(table(texto=text, resumen=summary), "texto", "resumen")
    assert {item.level for item in findings.values()} == {"warning"}
    assert findings["rows-without-text"].rows == (2,)
    assert findings["rows-without-summary"].rows == (3,)
    assert findings["some-summaries-longer"].rows == (5,)
    assert findings["some-summaries-same"].rows == (7,)
    refuse(tuple(findings.values()))


def test_very_short_texts_are_worth_a_look():
    assert "texts-short" in notices_of(table(tema=["vida", "obra y gracia"] * 6, otra=LONG), "tema")


def test_a_healthy_table_has_nothing_to_say():
    assert check(table(texto=LONG, resumen=SHORT), ColumnMapping("texto", "resumen")) == ()


def test_the_samples_are_healthy():
    from poetas.data.pipeline.reading import read_file

    for name in ("noticias", "coplas", "stories"):
        frame = read_file(sample(name).path).table
        assert check(frame, guess(frame).mapping) == ()
