"""Masses of texts: near-duplicates of 100,000, the split slider on them, and all health checks of 20,000 rows.

Each is measured in a process of its own, in seconds of processor (user and system), which other work on the machine
changes less than the clock, and in MB of 10^6 bytes at its peak.

alike: the split of 100,000 texts that differ in one word each, beside 100,000 distinct ones. split_slider: the split of
the 100,000 distinct ones again with other shares. health:seconds, health:mb: a CSV of 20,000 rows as
dirty as people's are (`dirty_rows`): it is read, its columns are chosen, all checks run, and one repair is made.
health:repair_mb: every repair is switched on and off again, too.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator

from benchmarks.browser import ROOT
from benchmarks.figure import Figure

TEXTS, ROWS = 100_000, 20_000


def figures(names: list[str]) -> Iterator[Figure]:
    """Measure the figures that are asked for."""
    asked = set(names)
    if asked & {"alike", "split_slider"}:
        distinct = _measured("distinct")
        if "alike" in asked:
            alike = _measured("alike")
            megabytes = {"distinct, MB": [distinct["mb"]], "alike, MB": [alike["mb"]]}
            yield Figure("alike", alike["seconds"], distinct["seconds"], "seconds", megabytes)
        if "split_slider" in asked:
            yield Figure("split_slider", distinct["again"], None, "seconds", {})
    if asked & {"health:seconds", "health:mb", "health:repair_mb"}:
        health = _measured("health")
        yield from (
            Figure(f"health:{key}", health[key], None, unit, {}) for key, unit in _HEALTH if f"health:{key}" in asked
        )


_HEALTH = (("seconds", "seconds"), ("mb", "MB"), ("repair_mb", "MB"))


def _measured(name: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.many_texts", name]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    result: dict[str, float] = json.loads(answer)
    return result


def _words(seed: int) -> Callable[[int], str]:
    from random import Random  # noqa: PLC0415 - what follows runs in a process of its own

    rng = Random(seed)  # noqa: S311 - texts of a benchmark
    syllables = [first + second for first in "bcdfglmnprst" for second in "aeiou"]
    vocabulary = ["".join(rng.choices(syllables, k=rng.randrange(1, 5))) for _ in range(20_000)]
    return lambda count: " ".join(rng.choices(vocabulary, k=count))


def _split_twice(*, alike: bool) -> dict[str, float]:
    from poetas.data.pipeline.splitting import SplitPlan, split  # noqa: PLC0415

    texts = _words(1)
    words = texts(60).split()
    made = (
        [" ".join([*words[: n % 60], f"palabra{n}", *words[n % 60 + 1 :]]) for n in range(TEXTS)]
        if alike
        else [texts(60) for _ in range(TEXTS)]
    )
    began = _processor()
    split(made, SplitPlan(allow_twins=True))
    first = _processor()
    split(made, SplitPlan(0.6, 0.2, 0.2, allow_twins=True))
    return {"seconds": first - began, "again": _processor() - first, "mb": _peak()}


def _health() -> dict[str, float]:
    import csv  # noqa: PLC0415
    import tempfile  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    from benchmarks.dirty_rows import dirty_rows  # noqa: PLC0415
    from poetas.data.service.service import Preparation  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="poetas-bench-") as folder:
        file = Path(folder) / "textos.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["texto", "resumen"])
            writer.writerows(dirty_rows(ROWS))
        service, session = Preparation([folder]), dict[str, object]()
        began = _processor()
        service.read(session, path=str(file))
        service.map(session, text="texto", summary="resumen")
        report = service.health(session)
        service.repair(session, code="mojibake", on=True)
        seconds, peak = _processor() - began, _peak()
        for finding in report["findings"]:
            for on in (not finding["on"], finding["on"]):
                if finding["button"]:
                    service.repair(session, code=finding["code"], on=on)
    return {"seconds": seconds, "mb": peak, "repair_mb": _peak()}


def _processor() -> float:
    from os import times  # noqa: PLC0415

    spent = times()
    return spent.user + spent.system


def _peak() -> float:
    from poetas.environment import peak_rss_mb  # noqa: PLC0415

    return peak_rss_mb()


if __name__ == "__main__":
    programs: dict[str, Callable[[], dict[str, float]]] = {
        "distinct": lambda: _split_twice(alike=False),
        "alike": lambda: _split_twice(alike=True),
        "health": _health,
    }
    print(json.dumps(programs[sys.argv[1]]()))
