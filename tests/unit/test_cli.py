"""The command: what it offers, how it tells errors, how it brings a model, how quickly it answers."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from poetas import cli
from poetas.jobs import Job
from poetas.models import is_ready
from poetas.serving import start
from poetas.serving.terminal import Line
from poetas.workspace import Workspace
from tests.tiny_model import write_hub_files

ROOT = Path(__file__).resolve().parents[2]


def run(*words, **env):
    return subprocess.run(
        [sys.executable, "-m", "poetas.cli", *words],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_help_names_every_order_and_offers_nothing_that_does_not_exist(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    shown = capsys.readouterr().out
    for command in cli.COMMANDS:
        assert re.search(rf"^\s+{command.name}\s", shown, re.MULTILINE)
    with pytest.raises(SystemExit) as ended:
        cli.main(["serve", "--class"])
    assert ended.value.code == 2


def test_asking_for_help_waits_for_neither_voila_nor_torch():
    program = """
import sys
from poetas import cli
try:
    cli.main(["--help"])
except SystemExit:
    pass
heavy = {"voila", "tornado", "torch", "transformers", "pandas", "numpy"} & set(sys.modules)
sys.exit(", ".join(sorted(heavy)) or 0)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("words", [[], ["--port", "4321"], ["apps", "--port", "4321"]])
def test_no_order_opens_the_apps(monkeypatch, words):
    seen = []
    monkeypatch.setattr(start, "start", lambda options, *, browser: seen.append((options.port, browser)) or 0)
    assert cli.main(words) == 0
    assert seen == [(4321 if words else 0, True)]


def test_serve_opens_no_browser(monkeypatch):
    seen = []
    monkeypatch.setattr(start, "start", lambda _options, *, browser: seen.append(browser) or 0)
    assert cli.main(["serve"]) == 0
    assert seen == [False]


def test_a_foreseen_error_is_three_plain_lines(tmp_path):
    done = run("serve", "--apps", str(tmp_path / "nada"))
    assert done.returncode == 1
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("No encuentro la carpeta")


def test_an_unforeseen_error_names_its_log_and_shows_no_traceback(monkeypatch, capsys):
    def surprise(options, *, browser):
        raise RuntimeError("sorpresa")

    monkeypatch.setattr(start, "start", surprise)
    assert cli.main(["serve"]) == 1
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "sorpresa" not in told
    log = Path(re.search(r"El detalle está en (\S+)\.$", told.strip())[1])
    assert "RuntimeError: sorpresa" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


def test_a_port_that_is_taken_is_told():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port))
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == f"No pude abrir el puerto {port}."
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("port", ["-1", "65536", "ocho"])
def test_a_port_that_cannot_be_is_refused_at_once(port, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["serve", "--port", port])
    assert ended.value.code == 2


def test_fetch_brings_a_model_and_says_so_once(tmp_path, capsys):
    folder = tmp_path / "mio"
    write_hub_files(folder)
    assert cli.main(["fetch", "mio", "--folder", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "mio está listo."
    assert is_ready(Workspace.default(), "mio")
    assert cli.main(["fetch", "mio", "--folder", str(folder), "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    assert cli.main(["fetch", "mio", "--folder", str(folder)]) == 0
    assert capsys.readouterr().out == "mio ya está listo.\n"


def test_fetch_says_the_licence_and_asks_for_a_yes_before_anything_is_downloaded(capsys):
    assert cli.main(["fetch", "gemma3-270m"]) == 1
    told = capsys.readouterr()
    assert "Gemma Terms of Use" in told.out
    assert "--accept-license" in told.err
    assert Job.all(Workspace.default().jobs) == []


def test_fetch_tells_how_a_job_failed_and_where_its_log_is(tmp_path, capsys):
    folder = tmp_path / "roto"
    write_hub_files(folder)
    (folder / "model.safetensors").write_bytes(b"no es un modelo")
    assert cli.main(["fetch", "roto", "--folder", str(folder)]) == 1
    told = capsys.readouterr().err
    assert "Traceback" not in told
    log = Path(re.search(r"El detalle está en (\S+)\.$", told.strip())[1])
    assert log.is_file()


def test_a_model_that_nobody_knows_is_told(capsys):
    assert cli.main(["fetch", "no-existe"]) == 1
    assert "no-existe" in capsys.readouterr().err


def test_check_says_what_the_machine_can_do(capsys):
    assert cli.main(["check"]) == 0
    rows = dict(re.findall(r"^(\S.*?)\s{2,}(.+)$", capsys.readouterr().out, re.MULTILINE))
    assert rows["Lugar"] == "En tu computadora"
    assert int(rows["Núcleos"]) >= 1
    assert re.match(r"[\d,.]+ GB libres de [\d,.]+ GB", rows["Memoria"])
    assert re.match(r"\d+\.\d+", rows["PyTorch"])
    assert rows["Modelos listos"].startswith("ninguno todavía")
    assert rows["Trabajos sin red"]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_one_line_in_a_terminal_and_few_lines_in_a_file():
    screen, file = Terminal(), io.StringIO()
    for out in (screen, file):
        line = Line(out)
        for done in range(3):
            line.show(f"Bajando smollm2-135m {done} %")
        line.keep("Listo")
    assert screen.getvalue().count("\n") == 1
    assert screen.getvalue().count("\r\x1b[K") == 4
    assert file.getvalue() == "Bajando smollm2-135m\nListo\n"


@pytest.mark.parametrize("command", [["serve"], ["demo", "--data", ""]], ids=["home", "data"])
def test_a_home_that_cannot_be_and_a_name_that_is_empty_are_told_without_a_traceback(tmp_path, command):
    (tmp_path / "un archivo").write_text("no soy una carpeta", "utf-8")
    env = {**os.environ, "POETAS_HOME": str(tmp_path / "un archivo" / "casa")}
    done = subprocess.run(
        [sys.executable, "-m", "poetas.cli", *command],
        env=env,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    told = "un archivo" if command == ["serve"] else "No encuentro «»"
    assert told in done.stdout + done.stderr
