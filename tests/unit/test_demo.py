"""`poetas demo` as people run it: a process of its own, a tiny real model, real jobs, Ctrl-C, and every bad input."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from poetas.data.errors import FileEmpty, FileMissing, FormatUnknown, NotAFile
from poetas.data.pipeline.reading import read_file
from poetas.demo.figures import figures, table
from poetas.demo.following import JobStopped, follow
from poetas.demo.main import Demo, main
from poetas.demo.options import NoPlaceForReport, parse
from poetas.jobs import Event, Job, JobState, Progress, Saved, Step, Stopped
from poetas.jobs.job_record import JobRecord
from poetas.privacy import Ledger
from poetas.serving.terminal import StatusLine
from poetas.util.console import plain_spelling
from poetas.util.fork_server import ForkServer
from poetas.util.resources import folder as asset
from poetas.workspace import Workspace
from tests.demo_process import CODE
from tests.tiny_model import register_tiny_model
from tests.unit.job_under_way import left_behind

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
KEYS = ["model", "rows", "seconds", "peak_rss_mb", "scores", "difference", "verdict"]


@pytest.fixture(autouse=True)
def own_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no model that this machine keeps elsewhere take part."""
    monkeypatch.delenv("POETAS_MODELS", raising=False)


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Let Ctrl-C be heard: what a shell starts in the background ignores it, and so does all that this starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def workspace() -> Workspace:
    """The test's own workspace, with a tiny model that is ready in it."""
    workspace = Workspace.default()
    register_tiny_model(workspace)
    return workspace


def news(folder: Path, count: int) -> Path:
    """A file with the first pairs of the sample, in Latin-1 with semicolons, as a spreadsheet may save it."""
    path = folder / "mis noticias.csv"
    with (asset("samples") / "noticias" / "noticias.csv").open(encoding="utf-8", newline="") as lines:
        rows = [[cell.replace("“", '"').replace("”", '"') for cell in row] for row in csv.reader(lines)][: count + 1]
    with path.open("w", encoding="latin-1", newline="", errors="replace") as out:
        csv.writer(out, delimiter=";").writerows(rows)
    return path


def start(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "poetas.cli", "demo", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
    )


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    """Where the runs after the first come from; see `tests.demo_process`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POETAS_")}
    server = ForkServer(
        ["tests.demo_process:set_up", "poetas.demo.main"], {**kept, "PYTHONPATH": str(ROOT)}, patience=240
    )
    yield server
    server.close()


@pytest.fixture
def run(server: ForkServer, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[int, str, str]]:
    """Run the demo to its end; return its exit code and what it printed."""

    def go(*arguments: object, **environment: str) -> tuple[int, str, str]:
        folder = tmp_path_factory.mktemp("printed")
        command = [sys.executable, "-m", "tests.demo_process", "demo", *map(str, arguments)]
        with ExitStack() as opened:
            files = [opened.enter_context((folder / name).open("w+b")) for name in ("out", "err", "code")]
            handles = dict(zip((1, 2, CODE), (file.fileno() for file in files), strict=True))
            env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
            server.start(command, cwd=ROOT, env=env, files=handles).wait(280)
        out, err, code = ((folder / name).read_text("utf-8") for name in ("out", "err", "code"))
        assert code, err
        return int(code), out, err

    return go


@pytest.mark.timeout(600)
def test_the_main_job_goes_on_after_ctrl_c_and_comes_to_its_verdict(tmp_path: Path, workspace: Workspace, run) -> None:
    data, report = news(tmp_path, 34), tmp_path / "cifras.json"
    command = ("--model", "tiny", "--data", data, "--preset", "a-fondo", "--json", report)
    process = start(*command, PYTHONIOENCODING="ascii")
    seen = []
    assert process.stdout is not None
    for line in process.stdout:
        seen.append(line)
        if "Correccion 1 de" in line:
            process.send_signal(signal.SIGINT)
            break
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130, (seen, out, err)
    assert "Para seguir desde ahi, repeti la misma orden." in out
    assert "Traceback" not in err
    jobs = Job.all(workspace.project("demo").jobs)
    assert [job.kind for job in jobs] == ["train"]
    assert jobs[0].state is JobState.STOPPED
    assert any((jobs[0].dir / "checkpoints").iterdir())
    assert not report.exists()

    # In an encoding without Spanish letters, as a redirected console may have: accents are left out.
    code, out, err = run(*command, PYTHONIOENCODING="ascii")
    assert code == 0, err
    assert "Sigo desde donde habia quedado." in out
    trainings = [job for job in Job.all(workspace.project("demo").jobs) if job.kind == "train"]
    assert [job.id for job in trainings] == [jobs[0].id]

    written = json.loads(report.read_text("utf-8"))
    assert list(written) == KEYS
    assert written["model"] == "tiny"
    assert sum(written["rows"].values()) == 34
    assert set(written["seconds"]) == {"fetch", "train", "evaluate"}
    assert written["seconds"]["train"] > 0
    assert written["peak_rss_mb"] > 200
    assert list(written["scores"]) == [
        "other",
        "lead1",
        "second",
        "lead3",
        "extractive",
        "base",
        "base_examples",
        "tuned",
    ]
    assert all(set(scores) == {"rouge1", "rouge2", "rougeL", "chrf"} for scores in written["scores"].values())
    assert set(written["difference"]) == {"rouge1"}
    gap = written["difference"]["rouge1"]
    assert set(gap) == {"mean", "low", "high"}
    assert gap["mean"] == pytest.approx(
        written["scores"]["tuned"]["rouge1"] - written["scores"]["base"]["rouge1"], abs=1e-5
    )
    assert gap["low"] <= gap["mean"] <= gap["high"]
    assert "copiar la primera oración" in written["verdict"]  # nothing that a random model writes beats it
    assert plain_spelling(written["verdict"].split(".")[0]) in out
    assert "El modelo como vino, con dos ejemplos" in out
    assert Ledger(workspace.ledger).refusals() == 0
    works = Job.all(workspace.project("demo").jobs)
    assert {job.kind for job in works} == {"train", "evaluate"}
    exam = next(job for job in works if job.kind == "evaluate")
    for line in table(exam.result()):
        assert plain_spelling(line) in out
    assert all(len(job.config["fingerprint"]) == 64 for job in works), "an exchanged dataset would not be noticed"
    assert {JobRecord.read(job.dir).ledger for job in works} == {str(workspace.ledger)}, "they would have been counted"
    held = list((workspace.project("demo").path / "conjuntos").glob("*/dataset.json"))
    assert len(held) == 1  # the second run used what the first had prepared


LEAVING = """
import importlib, socket, sys
demo = importlib.import_module("poetas.demo.main")

def read_file(path):
    try:
        socket.create_connection(("192.0.2.1", 9009), 5)  # a reserved address (RFC 5737)
    except OSError as refusal:
        sys.exit(type(refusal).__name__)
    sys.exit("let out")

demo.read_file = read_file  # the first that sees the learner's texts
demo.main(sys.argv[1:])
"""


def test_the_demos_own_process_may_not_leave_once_it_sees_texts(tmp_path: Path, workspace: Workspace) -> None:
    command = [sys.executable, "-c", LEAVING, "--model", "tiny", "--data", str(news(tmp_path, 12))]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ended.stderr.strip() == "NetworkRefused"
    assert Ledger(workspace.ledger).refusals() == 1


@pytest.mark.timeout(400)
def test_a_style_has_its_own_figures(tmp_path: Path, workspace: Workspace, run) -> None:
    text = (asset("samples") / "coplas" / "coplas.txt").read_text("utf-8")
    data, report = tmp_path / "coplas.txt", tmp_path / "cifras.json"
    data.write_text("\n\n".join(text.split("\n\n")[:40]), encoding="utf-8")
    code, out, err = run("--model", "tiny", "--task", "style", "--data", data, "--preset", "rapido", "--json", report)
    assert code == 0, err
    written = json.loads(report.read_text("utf-8"))
    assert list(written) == KEYS
    assert sum(written["rows"].values()) == 40
    assert list(written["scores"]) == ["base", "tuned"]
    assert set(written["scores"]["tuned"]) >= {"loss", "copied", "repetition"}  # metre only where it wrote whole verses
    gap = written["difference"]["loss"]
    assert gap["mean"] == pytest.approx(
        written["scores"]["tuned"]["loss"] - written["scores"]["base"]["loss"], abs=1e-5
    )
    assert "El texto original" in out
    assert "pérdida" in written["verdict"]


def three_lines(code: int, err: str) -> list[str]:
    """What every bad input ends in."""
    lines = err.strip().splitlines()
    assert code == 1, err
    assert len(lines) == 3, err
    assert all(line.endswith((".", "!")) or "http" in line for line in lines), lines
    assert "Traceback" not in err
    return lines


def test_what_cannot_be_used_is_reported_in_three_lines_before_anything_begins(
    tmp_path: Path, workspace: Workspace, run
) -> None:
    code, out, err = run("--model", "tiny", "--data", "/no/hay/nada.csv")
    assert "nada.csv" in three_lines(code, err)[0]
    assert out == ""
    code, out, err = run("--model", "tiny", "--json", tmp_path / "no" / "hay" / "cifras.json")
    assert "--json" in three_lines(code, err)[2]
    assert out == ""
    assert not workspace.project("demo").path.exists()
    for name, content, word in (
        ("una.csv", "texto;resumen\nLlovió mucho ayer en todo el valle;Llovió\n", "texto"),
        ("vacio.csv", "", "vacío"),
        ("textos.txt", "Una línea con palabras.\n\nOtra línea con más.\n\nY otra.\n", "resúmenes"),
        ("foto.csv", "\x89PNG\r\n\x1a\n" + "\x00\x01" * 200, "texto"),
        ("planilla.xyz", "hola", "leer"),
    ):
        (tmp_path / name).write_bytes(content.encode("latin-1"))
        code, _, err = run("--model", "tiny", "--data", tmp_path / name)
        assert word in " ".join(three_lines(code, err)), name
        assert not workspace.project("demo").jobs.exists(), name


def test_a_model_that_cannot_be_used_is_reported_in_three_lines(run) -> None:
    code, _, err = run("--model", "../etc/passwd")
    assert "../etc/passwd" in three_lines(code, err)[0]
    closed = "http://127.0.0.1:9"
    code, _, err = run("--model", "casa/ninguno", HF_ENDPOINT=closed, HTTPS_PROXY=closed, HTTP_PROXY=closed)
    assert "red" in three_lines(code, err)[0]


def test_a_licence_waits_for_a_yes(run) -> None:
    code, out, err = run("--model", "gemma3-270m")
    lines = three_lines(code, err)
    assert "licencia" in lines[0]
    assert "--accept-license" in lines[2]
    assert re.search(r"https://\S+", lines[2])
    assert not (Workspace.default().models / "gemma3-270m").exists()
    assert "2 de 4" not in out


@pytest.mark.mounts
def test_a_full_disk_is_reported_in_three_lines(tmp_path: Path, run) -> None:
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=7m", "tmpfs", small], capture_output=True, check=True)
    try:
        workspace = Workspace(small / "home")
        register_tiny_model(workspace)
        filler = small / "filler"
        with filler.open("wb") as out:
            free = os.statvfs(small)
            out.write(b"\0" * max(0, free.f_bavail * free.f_frsize - 40_000))
        code, _, err = run("--model", "tiny", "--preset", "rapido", POETAS_HOME=str(workspace.root))
        assert "disco" in three_lines(code, err)[0]
    finally:
        subprocess.run(["umount", small], check=True)


def test_what_is_asked_is_read_from_the_command_line(tmp_path: Path) -> None:
    options = parse([])
    assert (options.model, options.task, options.data.name, options.report) == (
        "gemma3-270m",
        "summary",
        "noticias.csv",
        None,
    )
    assert parse(["--task", "style"]).data.name == "coplas.txt"
    assert parse(["--data", "stories"]).data.name == "stories.jsonl"
    assert parse(["--model", "smollm2-135m"]).data.name == "stories.jsonl", "a model without Spanish"
    with pytest.raises(SystemExit):
        parse(["--task", "translate"])


def test_a_file_goes_by_the_name_that_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link may be all that tells a format; a folder that is named by where it lies has a name of its own."""
    (tmp_path / "blob").write_text("texto;resumen\nLlovió;Lluvia\n", "utf-8")
    (tmp_path / "mis-textos.csv").symlink_to("blob")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("mis-textos.csv", str(tmp_path / "mis-textos.csv"), "~/mis-textos.csv"):
        asked = parse(["--data", name])
        assert (asked.data, asked.name) == (tmp_path / "mis-textos.csv", "mis-textos")
        assert read_file(asked.data).format == "csv"
    assert parse(["--data", "."]).name == tmp_path.name
    with pytest.raises(FileMissing):
        parse(["--data", "x" * 300])


@pytest.mark.timeout(20)
def test_a_file_that_cannot_be_one_of_texts_is_reported_before_a_model_is_downloaded(tmp_path: Path) -> None:
    (tmp_path / "vacio.csv").touch()
    (tmp_path / "textos.xyz").write_text("hola", "utf-8")
    for name, problem in (("vacio.csv", FileEmpty), ("textos.xyz", FormatUnknown), ("tubo.csv", NotAFile)):
        if name == "tubo.csv":
            os.mkfifo(tmp_path / name)
        with pytest.raises(problem):
            parse(["--data", str(tmp_path / name)])


def test_figures_are_not_written_over_a_device(tmp_path: Path) -> None:
    """A file takes the place of what had its name, and this one would be everybody's."""
    (tmp_path / "nada").symlink_to("/dev/null")
    for place in ("/dev/null", str(tmp_path / "nada"), str(tmp_path)):
        with pytest.raises(NoPlaceForReport):
            parse(["--json", place])


def evaluation(**changes: Any) -> dict[str, Any]:
    """The result of an evaluation, as small as it can be."""
    scores = {"rouge1": 0.25, "rouge2": 0.1, "rougeL": 0.2, "chrf": 30.0}
    intervals = {key: {"low": value / 2, "high": value * 2} for key, value in scores.items()}
    row = {"system": "base", "title": "Modelo base", "scores": scores, "intervals": intervals}
    gap = {"mean": 0.1, "low": None, "high": None, "n": 1}
    result = {"task": "summary", "rows": [row], "difference": {"rouge1": gap}, "verdict": {"text": "Sí."}}
    return {**result, **changes}


def test_figures_are_plain_json_also_where_there_is_no_interval() -> None:
    counts, seconds = {"train": 2, "validation": 1, "test": 1}, {"fetch": 0, "train": 1.26, "evaluate": 2}
    written = figures("tiny", counts, seconds, 812.7, evaluation())
    assert json.loads(json.dumps(written, allow_nan=False)) == written
    assert written["difference"] == {"rouge1": {"mean": 0.1, "low": None, "high": None}}
    assert written["seconds"] == {"fetch": 0.0, "train": 1.3, "evaluate": 2.0}
    assert written["peak_rss_mb"] == 813


def stopped_job(folder: Path, kind: str, *events: Event) -> Job:
    """A stopped job's folder as its process left it."""
    return left_behind(folder / f"{kind}-20250101-000000-abcdef12", kind, *events, Stopped(None))


class CtrlC(io.StringIO):
    """An output during whose first line the learner presses Ctrl-C."""

    def write(self, text: str) -> int:
        if not self.tell():
            super().write(text)
            raise KeyboardInterrupt
        return super().write(text)


PROGRESS, STEP, SAVED = Progress(1, 2, "Leo"), Step(1, 9, 0.1, 2.5, 1e-4, 100.0, 9.0), Saved(1, "checkpoints/1")


@pytest.mark.parametrize(
    ("kind", "events", "words", "saved"),
    [
        ("train", (PROGRESS,), "Deteniendo…", False),
        ("train", (STEP,), "Deteniendo: guardo lo hecho hasta acá…", False),
        ("train", (STEP, SAVED), "Deteniendo: guardo lo hecho hasta acá…", True),
        ("evaluate", (PROGRESS,), "Deteniendo: guardo lo hecho hasta acá…", True),
    ],
)
def test_a_stop_says_that_something_is_kept_only_where_it_is(
    tmp_path: Path, kind: str, events: tuple[Event, ...], words: str, *, saved: bool
) -> None:
    out = CtrlC()
    with pytest.raises(JobStopped) as stopped:
        follow(stopped_job(tmp_path, kind, *events), StatusLine(out))
    assert out.getvalue().splitlines()[-1] == words
    assert stopped.value.saved is saved


@pytest.mark.parametrize(
    ("stop", "said"),
    [
        (JobStopped(saved=True), "con lo hecho a salvo"),
        (JobStopped(saved=False), "todavía no había guardado nada"),
        (KeyboardInterrupt(), "las partes que ya terminaron no se repiten"),
    ],
)
def test_the_demo_says_what_was_kept(workspace: Workspace, monkeypatch, capsys, stop: BaseException, said: str) -> None:
    def stopping(_demo: Demo) -> None:
        raise stop

    monkeypatch.setattr(Demo, "run", stopping)
    assert main(["--model", "tiny"]) == 130
    assert said in capsys.readouterr().out


class Closed(io.StringIO):
    """An output that breaks, as a pipe whose reader has left."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_the_figures_are_on_the_disk_before_the_table_is_printed(
    tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = Demo.begin(parse(["--model", "tiny", "--json", str(tmp_path / "cifras.json")]))
    written = figures(
        "tiny",
        {"train": 2, "validation": 1, "test": 1},
        {"fetch": 0, "train": 1, "evaluate": 2},
        812.7,
        {**evaluation(), "verdict": {"text": "Sí.", "headline": "Mejoró", "sentences": []}},
    )
    monkeypatch.setattr(sys, "stdout", Closed())
    with pytest.raises(BrokenPipeError):
        demo._report(written, {**evaluation(), "verdict": {"text": "Sí.", "headline": "Mejoró", "sentences": []}})
    assert json.loads((tmp_path / "cifras.json").read_text("utf-8")) == written


def test_the_table_lines_up_and_writes_numbers_as_in_argentina() -> None:
    lines = table(evaluation())
    assert len({len(line) for line in lines}) == 1
    assert "25,0 (12,5 – 50,0)" in lines[1]
