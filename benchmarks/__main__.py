"""Command line of the benchmarks: one name, a group before the colon (``page``), or ``all``; 3 if a limit is broken."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.thresholds import limit_of
from poetas.errors import CardLost, CardUnusable, OutOfMemory, PoetasError, explain
from poetas.util.library_import import import_large

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
    "benchmarks.gpu": (
        "gpu:card",
        "gpu:losses_float32",
        "gpu:losses_bfloat16",
        "gpu:resume",
        "gpu:events",
        "gpu:texts",
        "gpu:stream",
        "gpu:probabilities",
        "gpu:speed:usual",
        "gpu:memory:usual",
        "gpu:peak_fraction",
        "gpu:loss:plain",
        "gpu:loss:torch",
        "gpu:promised_seconds",
        "gpu:promised_memory",
        "gpu:no_bfloat16",
        "gpu:15_gb",
        "gpu:6_gb",
        "gpu:out_of_memory",
        "gpu:two_processes",
        "gpu:card_lost",
        "gpu:seconds",
    ),
    "benchmarks.demo": ("demo:seconds", "demo:peak_mb", "demo:texts", "demo:rouge1_low"),
}

OPTIONS = {"benchmarks.gpu": ("device", "small")}  # what a module's ``figures`` takes beside the names
OF_A_CARD = {OutOfMemory.code, CardLost.code, CardUnusable.code}  # ends that are said in one sentence
ALONE = {"benchmarks.gpu"}  # not among ``all``: for machines that have a graphics card, and little else


def chosen(name: str) -> dict[str, list[str]]:
    """Return which modules measure which names; raises KeyError where nothing is called so."""
    modules = {
        module: [
            each for each in names if name in {each, each.split(":")[0]} or (name == "all" and module not in ALONE)
        ]
        for module, names in TABLE.items()
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
    parser.add_argument(
        "--device", default="", choices=("", "cpu", "cuda"), help="gpu: where it runs instead of the card"
    )
    parser.add_argument("--small", action="store_true", help="gpu: narrow models and few texts")
    arguments = parser.parse_args(given)
    try:
        plan = chosen(arguments.name)
    except KeyError:
        parser.error(f"there is no benchmark called {arguments.name}")
    print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}")
    print(f"{'name':24} {'ours':>10} {'peer':>10} {'ratio':>8}  {'unit':14} limit")
    done: list[Figure] = []
    try:
        for figure in _measured(plan, arguments):
            limit = limit_of(figure.name)
            print(f"{figure.line()} {limit}: {'kept' if limit.kept(figure) else 'NOT KEPT'}", flush=True)
            if figure.runs:
                print(figure.spread())
            done.append(figure)
            if arguments.json:
                arguments.json.parent.mkdir(parents=True, exist_ok=True)
                arguments.json.write_text(json.dumps([figure.as_dict() for figure in done], indent=2) + "\n", "utf-8")
    except (PoetasError, RuntimeError) as error:
        explanation = explain(error)
        if not isinstance(error, PoetasError) and explanation.code not in OF_A_CARD:
            raise
        detail = explanation.detail.partition("\n")[0]
        print(f"{explanation.what} {explanation.why} ({detail})", file=sys.stderr)
        return 1
    return 0 if all(limit_of(figure.name).kept(figure) for figure in done) else NOT_KEPT


def _measured(plan: dict[str, list[str]], arguments: argparse.Namespace) -> Iterator[Figure]:
    for module, names in plan.items():
        for name in names:
            limit_of(name)  # a figure without a limit fails here, not after minutes of measuring
        figures: Callable[..., Iterator[Figure]] = import_large(module).figures
        yield from figures(names, **{name: getattr(arguments, name) for name in OPTIONS.get(module, ())})


if __name__ == "__main__":
    sys.exit(main())
