"""The benchmarks' frame: what is printed, what is written, and that a limit that is not kept fails the run."""

from __future__ import annotations

import json

import pytest

from benchmarks import __main__ as program
from benchmarks.figure import Figure, paired
from benchmarks.overhead import Block, _figure
from benchmarks.thresholds import LIMITS, limit_of

MEASURED = """
from benchmarks.figure import Figure, paired

def figures(names):
    for name in names:
        if name == "kernel_mb":
            yield Figure(name, {memory}, None, "MB", {{"1_conocer": [90.0], "3_entrenar": [{memory}]}})
        else:
            yield paired(name, [{seconds}, 9.0, 0.1], [2.0, 2.0, 2.0], "seconds")
"""
KEYS = {"name", "ours", "peer", "ratio", "unit"}


@pytest.fixture
def measure(tmp_path, monkeypatch, capsys):
    """Run the program with a module that has measured already; return its code, what it printed and what it wrote."""

    def run(name, *, seconds, memory):
        module = f"measured_{seconds}_{memory}".replace(".", "_")
        (tmp_path / f"{module}.py").write_text(MEASURED.format(seconds=seconds, memory=memory))
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setattr(program, "TABLE", {module: ("page:a", "overhead", "kernel_mb")})
        out = tmp_path / "results" / "figures.json"
        code = program.main([name, "--json", str(out)])
        return code, capsys.readouterr().out, json.loads(out.read_text("utf-8"))

    return run


def test_figures_within_their_limits_end_well_and_say_so(measure):
    code, printed, written = measure("all", seconds=2.03, memory=169.9)
    assert code == 0
    assert printed.count(": kept\n") == 3
    assert "NOT KEPT" not in printed
    assert [(figure["name"], figure["ours"], figure["peer"]) for figure in written] == [
        ("page:a", 2.03, 2.0),
        ("overhead", 2.03, 2.0),
        ("kernel_mb", 169.9, None),
    ]
    assert all(figure.keys() == KEYS for figure in written), "others read this file"


@pytest.mark.parametrize(
    ("name", "seconds", "memory", "line"),
    [
        ("page", 2.61, 0.0, "1.3: NOT KEPT"),
        ("overhead", 2.05, 0.0, "1.02: NOT KEPT"),
        ("kernel_mb", 0.0, 170.1, "170: NOT KEPT"),
        ("kernel_mb", 0.0, float("inf"), "170: NOT KEPT"),
    ],
)
def test_one_that_is_beyond_its_limit_fails_the_run_with_a_code_of_its_own(measure, name, seconds, memory, line):
    code, printed, written = measure(name, seconds=seconds, memory="1e999" if memory == float("inf") else memory)
    assert code == program.NOT_KEPT
    assert code not in {0, 1, 2}, "a crash and a wrong name have theirs"
    assert line in printed
    assert all(figure.keys() == KEYS for figure in written)


def test_one_beyond_its_limit_does_not_keep_the_others_from_being_measured(measure):
    code, printed, written = measure("all", seconds=3.5, memory=100.0)
    assert code == program.NOT_KEPT
    assert printed.count("NOT KEPT") == 2
    assert "170: kept" in printed
    assert len(written) == 3


def test_the_single_measurements_are_reported_by_how_far_they_lie_apart(measure):
    _code, printed, _written = measure("all", seconds=2.03, memory=150.0)
    assert "ours: n=3, from 0.100 to 9.000" in printed
    assert "3_entrenar: n=1, from 150.000 to 150.000" in printed


def test_every_benchmark_has_a_limit_and_just_reaching_it_is_keeping_it():
    names = [name for names in program.TABLE.values() for name in names]
    assert {name if name in LIMITS else name.split(":")[0] for name in names} == set(LIMITS)
    assert limit_of("page:1_conocer").kept(paired("page:1_conocer", [2.6], [2.0], "seconds"))
    assert not limit_of("overhead").kept(Figure("overhead", float("nan"), 2.0, "seconds", {}))
    assert limit_of("demo:texts").kept(Figure("demo:texts", 40, None, "texts", {}))
    assert not limit_of("demo:texts").kept(Figure("demo:texts", 39, None, "texts", {}))
    assert not limit_of("demo:rouge1_low").kept(Figure("demo:rouge1_low", 0.0, None, "points", {}))


def test_a_name_of_no_benchmark_is_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        program.main(["velocidad"])
    assert ended.value.code == 2
    assert "velocidad" in capsys.readouterr().err


def test_the_overhead_is_what_the_page_takes_and_not_how_fast_the_machine_is_just_now(capsys):
    still = [Block(1.9, 1.0), Block(1.88, 1.3), Block(1.92, 1.1)]
    live = [Block(1.9 / 1.05, 1.5), Block(1.88 / 1.05, 1.1), Block(1.92 / 1.05, 1.2)]
    figure = _figure(live, still)
    assert figure.ratio == pytest.approx(1.05)
    assert not limit_of("overhead").kept(figure)
    assert limit_of("overhead").kept(_figure(still, still))
    assert "the ratio: between 1.050 and 1.050 (95 %)" in figure.spread()
    assert "the ratio by the clock alone: between 0.8" in figure.spread(), "what the clock says is printed as well"
