"""The files that went wrong, each read as `poetas read --json` reads it, beside its right values.

The values are in ``expected/*.toml``, one table a file of ``cases/``; a new case needs no line here. The same file with
other hints has a table of its own, its name followed by a blank or a comma and words. Keys: ``rows``
(count), ``columns``, ``notices`` (all codes, in any order) or ``noticed`` (some of them), ``counts`` ({code: count}),
``left_out`` (pairs of place and code), ``first``, ``last`` and ``row_N`` (the cells of a row, or their beginnings),
``texts`` (the first column, whole), ``once`` (each in exactly one cell, once), ``nowhere`` (in no cell), ``hints``.
"""

import json
import re
import tomllib
from pathlib import Path

import pytest

from poetas.data.pipeline.account_words import reason_words
from poetas.serving.read_command import read

HERE = Path(__file__).parent
CASES = {
    name: values
    for path in sorted((HERE / "expected").glob("*.toml"))
    for name, values in tomllib.loads(path.read_text("utf-8")).items()
}


def begins(row, cells):
    return len(row) == len(cells) and all(cell.startswith(start) for cell, start in zip(row, cells, strict=True))


def codes(answer):
    return [notice["code"] for notice in answer["notices"]]


# key: (answer, rows, right value) -> what is read, to be equal to the right value
READ = {
    "rows": lambda _answer, rows, _right: len(rows),
    "columns": lambda answer, _rows, _right: answer["columns"],
    "notices": lambda answer, _rows, _right: sorted(codes(answer)),
    "noticed": lambda answer, _rows, right: [code for code in right if code in codes(answer)],
    "counts": lambda answer, _rows, right: {
        note["code"]: note["count"] for note in answer["notices"] if note["code"] in right
    },
    "left_out": lambda answer, _rows, _right: [[part["where"], part["code"]] for part in answer["left_out"]],
    "texts": lambda _answer, rows, _right: [row[0] for row in rows],
    "once": lambda _answer, rows, right: [
        text for text in right if sum(cell.count(text) for row in rows for cell in row) == 1
    ],
    "nowhere": lambda _answer, rows, right: [
        text for text in right if not any(text in cell for row in rows for cell in row)
    ],
    "hints": lambda _answer, _rows, right: right,
}


@pytest.mark.parametrize("name", CASES)
def test_a_file_that_went_wrong_is_read_right(name, capsys):
    right = CASES[name]
    assert read(HERE / "cases" / re.split("[ ,]", name)[0], as_json=True, hints=right.get("hints")) == 0
    answer = json.loads(capsys.readouterr().out)
    rows = [list(row.values()) for row in answer["rows"]]
    assert all(notice["text"] for notice in answer["notices"])
    assert all(reason_words(part["code"]) != part["code"] for part in answer["left_out"])
    for key, value in right.items():
        if key in READ:
            assert READ[key](answer, rows, value) == (sorted(value) if key == "notices" else value), key
        else:
            place = {"first": 1, "last": len(rows)}.get(key) or int(key.removeprefix("row_"))
            assert begins(rows[place - 1], value), rows[place - 1]
