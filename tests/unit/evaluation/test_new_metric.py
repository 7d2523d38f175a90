"""A new metric, of summaries or of a style, is one file and one line of the registry: everything then knows it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

pytestmark = pytest.mark.slow

METRIC = '''
"""Vowels: a made-up metric."""

from poetas.evaluation.metrics.base import Direction, FlaggedSpan, Findings, Metric, Score
from poetas.evaluation.metrics.highlight_spans import Highlights
from poetas.evaluation.words import Span


def compute(prediction, reference, source, language):
    return {"vowels": float(prediction.count("a"))}


METRIC = Metric(
    name="vowels",
    description="Counts vowels.",
    citation="nowhere",
    scores=(
        Score(
            "vowels",
            title=lambda: "Vocales",
            highlight=lambda prediction, reference: Highlights((Span(0, 2),), (Span(0, 3),)),
            legend=lambda: "están marcadas las vocales.",
        ),
    ),
    compute=compute,
    direction=Direction.LOWER,
    points=1,
    compared=True,
    findings=Findings(lambda *_: [FlaggedSpan(3, 5, "??", "vowel")], lambda count: f"hay {count} vocal rara."),
)
'''
PROGRAM = """
import json
from poetas.evaluation.evaluation_result import checked
from poetas.evaluation.metrics.evaluate_metrics import load
from poetas.evaluation.report import EvaluationData, report, scored

texts = {"lead1": ["Hay bruma"] * 12, "base": ["aaaa"] * 12, "tuned": ["Ha llegado"] * 12}
exam = EvaluationData(["Hay bruma. Y viento."] * 12, ["Bruma y viento"] * 12, texts)
result = {"task": "summary", **report(exam, scored(exam))}
[tuned] = [row for row in result["rows"] if row["system"] == "tuned"]
assert tuned["scores"]["vowels"] == 2
assert result["difference"]["vowels"]["mean"] == -2
assert load("vowels").compute(predictions=["aa", "b"]) == {"vowels": 1.0}

from poetas.demo.figures import table
assert "Vocales" in table(result)[0]

from widgets.train.evaluation.score_sheet import ScoreSheet
sheet = ScoreSheet()
sheet.value = checked(json.loads(json.dumps(result)))
place = sheet.table.columns.index("Vocales") - 1
assert "En Vocales, en cambio, cuanto más bajo, mejor." in sheet.table.label
sheet.table.pick(2, place)
words = sheet.reader.words.value
assert "<mark>Ha</mark>" in words and "<mark>Bru</mark>" in words, words
assert "están marcadas las vocales." in words
assert '<u class="doubt">ll</u>' in words and "hay 1 vocal rara." in words
print("done")
"""


STYLE_METRIC = '''
"""Shouting: a made-up metric of a style."""

from poetas.evaluation.metrics.base import Direction
from poetas.evaluation.metrics.style_metric import StyleHighlight, StyleMetric

STYLE_METRIC = StyleMetric(
    key="shouts",
    title=lambda: "Gritos",
    reading=lambda: "gritar, cuanto más, mejor",
    values=lambda writing: [float(text.count("!")) for text in writing.texts],
    combine=sum,
    shown=lambda value: f"{value:.0f} gritos",
    direction=Direction.HIGHER,
    compared=True,
    plot=lambda: "Gritos: entre cuántos y cuántos",
    highlight=StyleHighlight(lambda *_: {"length": 2, "start": 0, "end": 3}, lambda length: f"grita {length} veces."),
    sentences=lambda values: [f"Gritó {values.tuned:.0f} veces; antes, {values.base:.0f}."],
    warning=lambda values: "Pero grita." if values.tuned > values.base else "",
)
'''
STYLE_PROGRAM = """
import json
from poetas.evaluation.evaluation_result import checked
from poetas.evaluation.metrics.style_metric import StyleWriting
from poetas.evaluation.style_report import style_report

train = ["el río va"]
writings = [
    StyleWriting("human", ["calma"] * 12, train),
    StyleWriting("base", ["nada"] * 12, train, [4.0] * 12),
    StyleWriting("tuned", ["eso! ya!"] * 12, train, [3.0] * 12),
]
result = {"task": "style", "n": 12, **style_report(writings, ["Dijo"] * 12, 1)}
assert [row["scores"]["shouts"] for row in result["rows"]] == [0, 0, 24]
assert result["difference"]["shouts"]["mean"] == 2
assert result["verdict"]["headline"].endswith("Pero grita.")
assert "Gritó 24 veces; antes, 0." in result["verdict"]["sentences"]

from poetas.demo.figures import table
lines = table(result)
assert "Gritos" in lines[0] and "24 gritos" in lines[3], lines

from widgets.train.evaluation.score_sheet import ScoreSheet
sheet = ScoreSheet()
sheet.value = checked(json.loads(json.dumps(result)))
assert "Gritos</th>" in sheet.plain.value and "24 gritos" in sheet.plain.value
assert "gritar, cuanto más, mejor" in sheet.plain.value
assert "Gritos: entre cuántos y cuántos" in sheet.plain.value
words = sheet.style.words.value
assert "<mark>eso</mark>!" in words and "grita 2 veces." in words, words
assert "Pero grita." in sheet.verdict.value
print("done")
"""
CASES = [("vowels", METRIC, '    "chrf",\n'), ("shouts", STYLE_METRIC, '    "longest_copied_span",\n')]


def test_a_new_metric_of_summaries_or_of_a_style_is_one_file_and_one_line(tmp_path: Path) -> None:
    for package in ("poetas", "widgets"):
        shutil.copytree(ROOT / package, tmp_path / package)  # with what is compiled of them
    folder = tmp_path / "poetas" / "evaluation" / "metrics"
    for name, code, line in CASES:
        (folder / f"{name}.py").write_text(code, "utf-8")
        table = (folder / "registry.py").read_text("utf-8")
        changed = table.replace(line, f'{line}    "{name}",\n')
        assert changed != table
        (folder / "registry.py").write_text(changed, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM + STYLE_PROGRAM],
        cwd=tmp_path,
        env={"PATH": "", "HOME": str(tmp_path), "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.stdout.split() == ["done", "done"], done.stderr
