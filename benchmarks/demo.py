"""``demo``: what `poetas demo` takes and reaches with the model that is recommended for Spanish, on its own sample.

demo:seconds: of training and evaluation together, the fetch left out. demo:peak_mb: of the largest process, in MB of
10^6 bytes. demo:texts: in the exam. demo:rouge1_low: the lower end of the 95% interval of tuned minus base, in points.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.browser import ROOT
from benchmarks.figure import Figure
from tests.embedded import embedded_model

MODEL = "gemma3-270m"


def figures(names: list[str]) -> Iterator[Figure]:
    """Run the demo once, in a workspace of its own, and read its figures from the file that it writes."""
    models = embedded_model(MODEL).parent
    with tempfile.TemporaryDirectory(prefix="poetas-bench-") as home:
        path = Path(home) / "figures.json"
        command = [sys.executable, "-m", "poetas.cli", "demo", "--model", MODEL, "--json", str(path)]
        env = {**os.environ, "POETAS_HOME": str(Path(home) / "poetas"), "POETAS_MODELS": str(models)}
        # Its output is shown on stderr while it works, apart from the figures.
        subprocess.run(command, cwd=ROOT, env=env, stdout=sys.stderr.fileno(), check=True)
        report = json.loads(path.read_text("utf-8"))
    seconds = {part: [report["seconds"][part]] for part in ("train", "evaluate")}
    points = {end: [100 * report["difference"]["rouge1"][end]] for end in ("low", "mean", "high")}
    taken = {
        "demo:seconds": Figure("demo:seconds", sum(value for [value] in seconds.values()), None, "seconds", seconds),
        "demo:peak_mb": Figure("demo:peak_mb", report["peak_rss_mb"], None, "MB", {}),
        "demo:texts": Figure("demo:texts", report["rows"]["test"], None, "texts", {}),
        "demo:rouge1_low": Figure("demo:rouge1_low", points["low"][0], None, "points", points),
    }
    yield from (taken[name] for name in names)
