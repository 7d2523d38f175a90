"""Command line of the benchmarks: one name, a group before the colon (``page``), or ``all``; 3 if a limit is broken."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.thresholds import limit_of

NOT_KEPT = 3  # the exit code; Python ends with 1 where a measurement failed, argparse with 2

# Adding a benchmark is a module with ``figures(names)``, its names here, and a limit in `benchmarks.thresholds`.
TABLE = {
    "benchmarks.pages": ("page:1_conocer", "page:2_preparar", "page:3_entrenar"),
    "benchmarks.overhead": ("overhead",),
    "benchmarks.memory": ("kernel_mb",),
    "benchmarks.many_texts": ("alike", "split_slider", "health:seconds", "health:mb", "health:repair_mb"),
    "benchmarks.generation": (
        "generation:speed",
        "generation:speed_bf16",
        "generation:agreement",
        "generation:first_token",
        "generation:bars",
        "generation:bandwidth_fraction",
    ),
    "benchmarks.demo": ("demo:seconds", "demo:peak_mb", "demo:texts", "demo:rouge1_low"),
}


def chosen(name: str) -> dict[str, list[str]]:
    """Return which modules measure which names; raises KeyError where nothing is called so."""
    modules = {
        module: [each for each in names if name in {"all", each, each.split(":")[0]}] for module, names in TABLE.items()
    }
    if not any(modules.values()):
        raise KeyError(name)
    return {module: names for module, names in modules.items() if names}


def main(given: Sequence[str] | None = None) -> int:
    """Measure, print a line for each figure with its limit, and write them all; return the exit code.

    given: the arguments, those of the command line unless given.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", help="all, " + ", ".join(name for names in TABLE.values() for name in names))
    parser.add_argument("--json", type=Path, help="file to write the figures to")
    arguments = parser.parse_args(given)
    try:
        plan = chosen(arguments.name)
    except KeyError:
        parser.error(f"there is no benchmark called {arguments.name}")
    print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}")
    print(f"{'name':24} {'ours':>10} {'peer':>10} {'ratio':>8}  {'unit':14} limit")
    done: list[Figure] = []
    for module, names in plan.items():
        for name in names:
            limit_of(name)  # a figure without a limit fails here, not after minutes of measuring
        figures: Callable[[list[str]], Iterator[Figure]] = import_module(module).figures
        for figure in figures(names):
            limit = limit_of(figure.name)
            print(f"{figure.line()} {limit}: {'kept' if limit.kept(figure) else 'NOT KEPT'}", flush=True)
            if figure.runs:
                print(figure.spread())
            done.append(figure)
            if arguments.json:
                arguments.json.parent.mkdir(parents=True, exist_ok=True)
                arguments.json.write_text(json.dumps([figure.as_dict() for figure in done], indent=2) + "\n", "utf-8")
    return 0 if all(limit_of(figure.name).kept(figure) for figure in done) else NOT_KEPT


if __name__ == "__main__":
    sys.exit(main())
