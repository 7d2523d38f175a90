"""The command: what it offers, how it tells errors, how it brings a model, how quickly it answers."""

import io
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from poetas import cli
from poetas.jobs import Job
from poetas.models import is_ready
from poetas.serving import check_command, start
from poetas.serving.terminal import StatusLine
from poetas.workspace import Workspace
from tests.cli_orders import run_each
from tests.tiny_model import write_hub_files

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def known():
    """What `poetas check` learns from processes of its own, of which the one with torch takes seconds."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONIOENCODING", "utf-16")  # as where output is redirected: not for those processes
        programs = (check_command._TORCH, check_command._NAMESPACE)
        return {program: check_command._ask(program) for program in programs}


def test_help_names_every_order_and_offers_nothing_that_does_not_exist(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    shown = capsys.readouterr().out
    for command in cli.COMMANDS:
        assert re.search(rf"^\s+{command.name}\s", shown, re.MULTILINE)
    with pytest.raises(SystemExit) as ended:
        cli.main(["serve", "--class"])
    assert ended.value.code == 2


def test_the_package_itself_is_the_command():
    """`python -m poetas`, where the command's folder is not on the path; it is called by the same name in its help."""
    in_process = [(code, out.decode(), err.decode()) for code, out, err in run_each(["--version"], ["nada"])]
    for words, known in zip(("--version", "nada"), in_process, strict=True):
        for name in ("poetas", "poetas.cli"):
            command = [sys.executable, "-m", name, words]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            assert (done.returncode, done.stdout, done.stderr) == known
        assert "poetas" in known[1] + known[2]


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


def test_foreseen_errors_of_the_servers_are_three_plain_lines(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        results = run_each(
            *(["serve", "--apps", str(tmp_path / "nada")], ["serve", "--port", port], ["lab", "--port", port]),
            modules=["poetas.serving.start", "poetas.serving.lab"],
        )
    begins = ["No encuentro la carpeta", *(2 * [f"No pude abrir el puerto {port}."])]
    for (code, out, err), begin in zip(results, begins, strict=True):
        assert code == 1, begin
        assert out == b"", begin
        lines = err.decode().splitlines()
        assert len(lines) == 3, lines
        assert lines[0].startswith(begin)


def test_an_unforeseen_error_names_its_log_and_shows_no_traceback(monkeypatch, capsys):
    def surprise(options, *, browser):
        raise RuntimeError("sorpresa")

    monkeypatch.setattr(start, "start", surprise)
    assert cli.main(["serve"]) == 1
    output = capsys.readouterr().err
    assert "Traceback" not in output
    assert "sorpresa" not in output
    log = Path(re.search(r"El detalle está en (\S+)\.$", output.strip())[1])
    assert "RuntimeError: sorpresa" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("command", [[], *([order.name] for order in cli.COMMANDS)], ids=" ".join)
def test_help_is_in_spanish(command, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([*command, "--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert shown.startswith("uso: poetas")
    assert "mostrar esta ayuda y salir" in shown
    english = r"\b(usage|options|positional|arguments|show|exit|PORT|HOST|DIR|MODEL|DATA|FILE|JSON)\b"
    assert re.findall(english, shown) == []


PORT, SECONDS = "no es un número entero entre 0 y 65535", "no es un número entero entre 1 y 604800"
SLIPS = {
    "serve --port ocho": f"--port: «ocho» {PORT}",
    "serve --port -1": f"--port: «-1» {PORT}",
    "serve --port 65536": f"--port: «65536» {PORT}",
    "lab --port 8_8": f"--port: «8_8» {PORT}",
    "serve --port": "--port: le falta el valor",
    "serve --host=": "--host: está vacío",
    "serve --page-timeout -3": f"--page-timeout: «-3» {SECONDS}",
    "serve --page-timeout 0": f"--page-timeout: «0» {SECONDS}",
    "serve --page-timeout nan": f"--page-timeout: «nan» {SECONDS}",
    "serve --page-timeout 1e9": f"--page-timeout: «1e9» {SECONDS}",
    f"serve --page-timeout {'9' * 5000}": f"--page-timeout: «{'9' * 40}» {SECONDS}",
    "serve --p 3": "--p puede ser: --port, --preheat, --page-timeout",
    "serve --class": "no conozco: --class",
    "check x": "no conozco: x",
    "lab --no-browser=3": "--no-browser: no lleva ningún valor, y tiene '3'",
    "nada": "ORDEN: 'nada' no está entre: ",
    "demo --task traducir": "--task: 'traducir' no está entre: ",
    "demo --data": "--data: le falta el valor",
    "demo --json=": "--json: está vacío",
    "fetch": "falta: MODELO, o --folder CARPETA",
    "fetch --folder=": "--folder: está vacío",
}


@pytest.mark.parametrize("words", SLIPS, ids=lambda words: words[:30])
def test_a_slip_is_reported_in_spanish_and_begins_nothing(words, capsys, monkeypatch):
    monkeypatch.setattr(start, "start", lambda *_args, **_more: 0)  # a server would keep the test waiting
    with pytest.raises(SystemExit) as ended:
        cli.main(words.split())
    assert ended.value.code == 2
    output = capsys.readouterr().err
    assert output.startswith("uso: poetas")
    command, _colon, reason = output.splitlines()[-1].partition(": error: ")
    assert command.startswith("poetas")
    assert reason.startswith(SLIPS[words])
    assert not re.search(r"usage|invalid|argument|choose|expected|required|_", reason.replace("8_8", ""))


def test_a_tilde_that_the_shell_left_is_the_users_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cli.parser().parse_args(["fetch", "--folder=~/pendrive"]).folder == tmp_path / "pendrive"
    assert cli.parser().parse_args(["fetch", "--folder=~nadie-que-exista/x"]).folder == Path("~nadie-que-exista/x")


def test_fetch_brings_a_model_and_says_so_once(tmp_path, capsys):
    folder = tmp_path / "mio"
    write_hub_files(folder)
    assert cli.main(["fetch", "mio", "--folder", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "mio está listo."
    assert is_ready(Workspace.default(), "mio")
    assert cli.main(["fetch", "mio", "--folder", str(folder), "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    assert cli.main(["fetch", "--folder", str(folder)]) == 0
    assert capsys.readouterr().out == "mio ya está listo.\n"


def test_fetch_says_the_licence_and_asks_for_a_yes_before_anything_is_downloaded(capsys):
    assert cli.main(["fetch", "gemma3-270m"]) == 1
    output = capsys.readouterr()
    assert "Gemma Terms of Use" in output.out
    assert "--accept-license" in output.err
    assert Job.all(Workspace.default().jobs) == []


def test_fetch_tells_how_a_job_failed_and_where_its_log_is(tmp_path, capsys):
    folder = tmp_path / "roto"
    write_hub_files(folder)
    (folder / "model.safetensors").write_bytes(b"no es un modelo")
    assert cli.main(["fetch", "roto", "--folder", str(folder)]) == 1
    output = capsys.readouterr().err
    assert "Traceback" not in output
    log = Path(re.search(r"El detalle está en (\S+)\.$", output.strip())[1])
    assert log.is_file()


def test_an_unknown_model_is_reported(capsys):
    assert cli.main(["fetch", "no-existe"]) == 1
    assert "no-existe" in capsys.readouterr().err


def test_check_says_what_the_machine_can_do(capsys, monkeypatch, known):
    monkeypatch.setattr(check_command, "_ask", known.get)
    assert cli.main(["check"]) == 0
    rows = dict(re.findall(r"^(\S.*?)\s{2,}(.+)$", capsys.readouterr().out, re.MULTILINE))
    assert rows["Lugar"] == "En tu computadora"
    assert int(rows["Núcleos"]) >= 1
    assert re.match(r"[\d,.]+ GB libres de [\d,.]+ GB", rows["Memoria"])
    assert re.match(r"\d+\.\d+", rows["PyTorch"])
    assert rows["Modelos listos"].startswith("ninguno todavía")
    assert rows["Trabajos sin red"]


ORDERS = {"--help": 0, "check": 0, "fetch gemma3-270m": 1, "demo --data ñandú−🦤.csv": 1}


@pytest.mark.parametrize("handler", ["ascii:surrogateescape", "cp1252", "utf-16"])
def test_every_order_writes_in_the_encoding_that_its_output_has(handler, known):
    """As when a Windows console is redirected to a file, or in the C locale; Python's answer: UnicodeEncodeError."""
    encoding = handler.partition(":")[0]
    results = run_each(*(words.split() for words in ORDERS), answers=known, encoding=handler)
    for (words, known_code), (code, out, err) in zip(ORDERS.items(), results, strict=True):
        output = (out or err).decode(encoding)
        assert code == known_code, (words, output)
        assert "Traceback" not in err.decode("latin-1").replace("\0", ""), words
        assert "Error" not in output, words
        if encoding == "ascii" and words == "check":
            assert re.search(r"^Nucleos +[0-9]", output, re.MULTILINE)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_one_line_in_a_terminal_and_few_lines_in_a_file():
    screen, file = Terminal(), io.StringIO()
    for out in (screen, file):
        line = StatusLine(out)
        for done in range(3):
            line.show(f"Bajando smollm2-135m {done} %")
        line.keep("Listo")
    assert screen.getvalue().count("\n") == 1
    assert screen.getvalue().count("\r\x1b[K") == 4
    assert file.getvalue() == "Bajando smollm2-135m\nListo\n"


def test_an_empty_name_of_a_file_is_reported(capsys):
    assert cli.main(["demo", "--data", ""]) == 1
    assert capsys.readouterr().err.startswith("No encuentro «»")


@pytest.mark.parametrize("home", ["un archivo", "un archivo/casa", "~nadie-que-exista/casa"])
@pytest.mark.parametrize("command", ["serve", "lab", "fetch smollm2-135m", "demo --model smollm2-135m"])
def test_a_home_that_cannot_be_is_reported_by_every_order_in_the_same_words(
    tmp_path, monkeypatch, capsys, command, home
):
    monkeypatch.delenv("POETAS_MODELS", raising=False)
    (tmp_path / "un archivo").write_text("no soy una carpeta", "utf-8")
    home = home if home.startswith("~") else str(tmp_path / home)
    monkeypatch.setenv("POETAS_HOME", home)
    assert cli.main(command.split()) == 1
    output = capsys.readouterr().err.splitlines()
    assert output[0] == f"No puedo usar la carpeta {home}."
    assert "POETAS_HOME" in output[2]
    assert len(output) == 3, "no log is named, since there is none"


@pytest.mark.parametrize("home", ["un archivo", "un archivo/casa"])
def test_the_table_of_this_machine_says_that_a_home_cannot_be(tmp_path, monkeypatch, capsys, home):
    monkeypatch.setattr(
        "poetas.serving.check_command._ask", lambda _program: ""
    )  # what takes seconds is not asked here
    (tmp_path / "un archivo").write_text("no soy una carpeta", "utf-8")
    fresh = tmp_path / "nueva" / "casa"
    messages = []
    for where in (tmp_path / home, fresh):
        monkeypatch.setenv("POETAS_HOME", str(where))
        assert cli.main(["check"]) == 0
        messages.append(re.search(r"^Carpeta\s+(.+)$", capsys.readouterr().out, re.MULTILINE)[1])
    assert messages == [f"{tmp_path / home} (no sirve: no me deja escribir, o no puede ser una carpeta)", str(fresh)]
    assert not fresh.parent.exists(), "looking makes nothing"
