"""A new metric is one file and one line of the registry: everything that shows metrics then knows it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.paths import ROOT

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


def test_a_new_metric_is_one_file_and_one_line(tmp_path: Path) -> None:
    for package in ("poetas", "widgets"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path / "poetas" / "evaluation" / "metrics"
    (folder / "vowels.py").write_text(METRIC, "utf-8")
    table = (folder / "registry.py").read_text("utf-8")
    changed = table.replace('    "chrf",\n', '    "chrf",\n    "vowels",\n')
    assert changed != table
    (folder / "registry.py").write_text(changed, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env={"PATH": "", "HOME": str(tmp_path), "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.stdout.strip() == "done", done.stderr
