"""Configuration of the server, texts of its pages, and the copies that JupyterLab may write into."""

import asyncio
import json
import logging
import os
import re
import socket
import string
import subprocess
import sys
from pathlib import Path
from queue import Queue

import nbformat
import pytest
from jupyter_client.kernelspec import NoSuchKernel
from traitlets.config import Config

from poetas import environment
from poetas.serving import config, start
from poetas.serving.apps_server import AppsServer, TokenlessFormatter, open_browser
from poetas.serving.kernel_manager import OwnInterpreter, PageKernels
from poetas.serving.lab import COPIES, copy_apps, lab
from poetas.serving.listening import NoSuchHost, PortTaken, address, free_port
from poetas.serving.security_headers import CONTENT_SECURITY_POLICY, LAB_CONTENT_SECURITY_POLICY
from poetas.serving.template_texts import page_texts, sources
from poetas.util.resources import folder
from poetas.workspace import Workspace
from tests.paths import ROOT

TEMPLATE = folder("template")


def test_every_start_has_a_token_of_its_own_and_never_shows_it():
    options, other = config.ServerOptions(), config.ServerOptions()
    assert options.token != other.token
    assert len(options.token) >= 32
    assert set(options.token) <= set(string.ascii_letters + string.digits + "-_")
    assert options.token not in repr(options)


IRI = """
import sys
import poetas.serving.apps_server
from jsonschema import FormatChecker
assert "lark" not in sys.modules, "the grammars were compiled before any text was checked"
for _ in range(2):
    assert FormatChecker().conforms("https://ejemplo.example/ñandú", "iri")
    assert not FormatChecker().conforms("dos palabras", "iri")
assert "lark" in sys.modules
"""


def test_the_server_starts_without_the_grammars_of_iris_and_checks_them_all_the_same():
    subprocess.run([sys.executable, "-c", IRI], check=True, cwd=ROOT)


def test_the_server_listens_to_this_machine_only_by_default():
    result = config.standalone(config.ServerOptions())
    assert result["Voila"]["ip"] == "127.0.0.1"
    assert result["Voila"]["port"] == 0
    assert result["Voila"]["config_file_paths"] == []


def test_a_page_cannot_choose_its_template_nor_see_a_traceback_nor_read_a_file():
    result = config.standalone(config.ServerOptions())["VoilaConfiguration"]
    assert result["allow_template_override"] == result["allow_theme_override"] == "NO"
    assert result["show_tracebacks"] is False
    assert result["file_allowlist"] == []
    assert result["preheat_kernel"] is False


def test_the_kernels_of_all_pages_share_one_event_logger():
    """A `logging.Logger` is never removed, so that one for each kernel would make the server grow with every page."""
    server = AppsServer(config=Config(config.standalone(config.ServerOptions())))
    kernels = PageKernels(parent=server)
    first, second = (kernels.pre_start_kernel("python3", {})[0] for _ in range(2))
    assert first.event_logger is second.event_logger is server.event_logger


def test_what_a_pages_kernel_says_is_not_parsed_by_its_server():
    """A lab's kernel is watched; a page's is known by its environment, and one that did not start is forgotten."""
    options = config.standalone(config.ServerOptions())
    kernels = PageKernels(parent=AppsServer(config=Config(options)), kernel_spec_manager=OwnInterpreter())

    async def start():
        page = await kernels.start_kernel(env={**os.environ, "VOILA_BASE_URL": "/"})
        lab = await kernels.start_kernel(env=dict(os.environ))
        states = [kernels.get_kernel(kernel).execution_state for kernel in (page, lab)]
        watched = [hasattr(kernels.get_kernel(kernel), "_activity_stream") for kernel in (page, lab)]
        pages = list(kernels._pages)
        await kernels.shutdown_all(now=True)
        with pytest.raises(NoSuchKernel):
            await kernels.start_kernel(kernel_name="missing", env={"VOILA_BASE_URL": "/"})
        return states, watched, pages == [page], list(kernels._pages)

    states, watched, known, left = asyncio.run(start())
    assert states[0] == "idle"
    assert watched == [False, True]
    assert known
    assert left == []


@pytest.mark.parametrize("policy", [CONTENT_SECURITY_POLICY, LAB_CONTENT_SECURITY_POLICY])
def test_the_policies_name_no_host(policy):
    words = {word for part in policy.split(";") for word in part.split()[1:]}
    assert words <= {"'none'", "'self'", "'unsafe-inline'", "'unsafe-eval'", "blob:", "data:"}
    assert policy.startswith("default-src 'none'")


def test_only_jupyterlab_may_compile_scripts():
    assert "unsafe-eval" not in CONTENT_SECURITY_POLICY
    assert "unsafe-eval" in LAB_CONTENT_SECURITY_POLICY


def test_the_template_carries_the_same_policy():
    meta = re.search(r'Content-Security-Policy" content="([^"]+)"', (TEMPLATE / "poetas.macro.html.j2").read_text())[1]
    # Browsers ignore frame-ancestors in a meta element.
    assert meta == CONTENT_SECURITY_POLICY.replace(" frame-ancestors 'self';", "")


def test_no_page_of_the_template_links_to_another_host():
    files = [file for file in TEMPLATE.rglob("*") if file.suffix in {".html", ".j2", ".css", ".js", ".svg"}]
    assert {".j2", ".css", ".js"} <= {file.suffix for file in files}
    for file in files:
        hosts = set(re.findall(r"https?://([\w.-]+)", file.read_text("utf-8"))) - {"www.w3.org"}  # SVG's namespace
        assert not hosts, file


def test_every_text_of_the_template_can_be_translated():
    known = set(sources(str))
    used = set()
    for file in TEMPLATE.rglob("*"):
        if file.suffix in {".html", ".j2", ".js"}:
            used |= set(re.findall(r'\bt\(\s*"([^"]+)",?\s*\)', file.read_text("utf-8")))
            used |= set(re.findall(r"\bt\('([^']+)'\)", file.read_text("utf-8")))
    macros = (TEMPLATE / "poetas.macro.html.j2").read_text("utf-8")
    used |= set(re.findall(r'"(?:short|title|lead|needs)": "([^"]+)"', macros))
    assert used == known
    assert len(known) > 40


def test_translations_reach_the_page(monkeypatch):
    monkeypatch.setattr("poetas.serving.template_texts.translate", lambda text: {"Paso": "Step"}.get(text, text))
    assert page_texts()["texts"] == {"Paso": "Step"}


@pytest.mark.parametrize(("place", "lent"), [("local", False), ("colab", True), ("binder", True)])
def test_the_landing_page_knows_whether_the_machine_is_borrowed(place, lent, monkeypatch):
    monkeypatch.setenv("POETAS_PLACE", place)
    assert page_texts()["borrowed"] is lent


@pytest.mark.parametrize(
    ("place", "host", "said"),
    [
        ("local", "0.0.0.0", True),
        ("server", "0.0.0.0", True),
        ("binder", "0.0.0.0", False),
        ("local", "localhost", False),
    ],
)
def test_other_computers_are_said_to_reach_the_address_only_where_they_do(
    place, host, said, own_workspace, monkeypatch, capsys
):
    def serve(_options, *, ready, workspace):
        assert not workspace.root.exists()
        ready("http://127.0.0.1:8866/?token=secreto")
        return []

    monkeypatch.setenv("POETAS_PLACE", place)
    monkeypatch.setattr(start, "serve", serve)  # the server itself is started in tests/browser
    start.start(config.ServerOptions(host=host), browser=False)
    shown = capsys.readouterr().out
    assert "LLMs para poetas está abierto en:" in shown
    assert ("Desde otra computadora: http://" in shown) is said
    assert ("Cuidado: con --host" in shown) is said


@pytest.mark.parametrize(
    "name",
    ["token=", "Token=", "token%3D", "token%3d", "tok%65n=", "%74%6f%6B%45N=", "token%253D", "t%25256Fken%25253d"],
)
@pytest.mark.parametrize("end", ["", "&c=d", " HTTP/1.1", "')"])
def test_the_log_holds_no_token_however_its_address_was_written(name, end):
    said, written = (f"403 GET /?a=b&{name}{token}{end}" for token in ("secreto", "…"))
    record = logging.makeLogRecord({"msg": said, "exc_text": said})
    assert TokenlessFormatter().format(record) == f"{written}\n{written}"


def test_the_log_keeps_what_is_no_token():
    record = logging.makeLogRecord({"msg": "1.240 tokens=1, token: %65n=3"})
    assert TokenlessFormatter().format(record) == record.getMessage()


def test_the_template_is_found_from_here_and_keeps_what_was_set(monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", "/otra/parte")
    monkeypatch.setenv("PYTHONPATH", "/mia")
    result = config.environment("127.0.0.1")
    first, rest = result["JUPYTER_PATH"].split(":", 1)
    assert (Path(first) / "voila" / "templates" / "poetas" / "conf.json").is_file()
    assert rest == "/otra/parte"
    assert result["PYTHONPATH"].endswith("/mia")
    monkeypatch.setenv("JUPYTER_PATH", result["JUPYTER_PATH"])
    assert config.environment("127.0.0.1")["JUPYTER_PATH"] == result["JUPYTER_PATH"]  # twice is once


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2", "0.0.0.0", "::", "ana.ar"])
def test_a_server_that_others_reach_makes_the_place_a_class_server_unless_it_was_given(host, monkeypatch):
    reached = host not in {"127.0.0.1", "localhost", "::1"}
    assert config.environment(host).get("POETAS_PLACE") == ("server" if reached else None)
    for given in ("local", "colab", "server"):
        monkeypatch.setenv("POETAS_PLACE", given)
        assert "POETAS_PLACE" not in config.environment(host)
    monkeypatch.delenv("POETAS_PLACE")
    monkeypatch.setenv("BINDER_SERVICE_HOST", "10.0.0.1")
    assert "POETAS_PLACE" not in config.environment(host)


@pytest.mark.parametrize(("host", "place"), [("127.0.0.1", "local"), ("0.0.0.0", "server")])
def test_jupyterlab_and_its_kernels_know_the_place_from_the_host(host, place, own_workspace, monkeypatch):
    seen = []
    monkeypatch.setattr(os, "environ", dict(os.environ))  # the order changes it for the program that it becomes
    # JupyterLab itself is started in tests/browser.
    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", lambda **_given: seen.append(environment.place()))
    lab(host=host, port=0, browser=False)
    settings = json.loads((Workspace.default().root / "run" / "jupyter" / "jupyter_server_config.json").read_text())
    assert seen == [place]
    assert settings["VoilaConfiguration"]["extension_config"]["poetas"]["borrowed"] is (place == "server")


def test_the_fonts_travel_with_their_licences():
    fonts = TEMPLATE / "static" / "fonts"
    result = set(re.findall(r'url\("fonts/([^"]+)"\)', (TEMPLATE / "static" / "fonts.css").read_text()))
    assert result == {file.name for file in fonts.glob("*.woff2")}
    for family in ("literata", "atkinson-hyperlegible"):
        assert "SIL Open Font License" in (fonts / f"{family}-LICENSE.txt").read_text()


def notebook(path, source, outputs=()):
    cell = nbformat.v4.new_code_cell(source, outputs=list(outputs))
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)


def test_lab_works_on_copies_that_follow_the_program_until_they_are_changed(tmp_path):
    apps, copies = tmp_path / "apps", tmp_path / COPIES
    apps.mkdir()
    notebook(apps / "1_conocer.ipynb", "uno")
    notebook(apps / "2_preparar.ipynb", "dos")
    assert copy_apps(apps, copies) == ["1_conocer.ipynb", "2_preparar.ipynb"]
    assert copies.stat().st_mode & 0o077 == 0
    assert copy_apps(apps, copies) == []

    # JupyterLab ran one and saved its output; the other was edited.
    notebook(copies / "1_conocer.ipynb", "uno", [nbformat.v4.new_output("stream", text="hola")])
    notebook(copies / "2_preparar.ipynb", "dos, a mi manera")
    notebook(apps / "1_conocer.ipynb", "uno nuevo")
    notebook(apps / "2_preparar.ipynb", "dos nuevo")
    assert copy_apps(apps, copies) == ["1_conocer.ipynb"]
    assert "uno nuevo" in (copies / "1_conocer.ipynb").read_text()
    assert "a mi manera" in (copies / "2_preparar.ipynb").read_text()

    (copies / "1_conocer.ipynb").unlink()
    assert copy_apps(apps, copies) == ["1_conocer.ipynb"]  # gone is asked for again


def test_a_damaged_record_of_copies_overwrites_no_work(tmp_path):
    apps, copies = tmp_path / "apps", tmp_path / COPIES
    apps.mkdir()
    notebook(apps / "1_conocer.ipynb", "uno")
    copy_apps(apps, copies)
    notebook(copies / "1_conocer.ipynb", "mío")
    (copies / ".origen.json").write_text("{ roto")
    notebook(apps / "1_conocer.ipynb", "nuevo")
    assert copy_apps(apps, copies) == []
    assert "mío" in (copies / "1_conocer.ipynb").read_text()


def test_the_configuration_of_jupyterlab_is_plain_json_and_asks_the_network_for_nothing(tmp_path):
    result = json.loads(json.dumps(config.lab(tmp_path, host="127.0.0.1", port=1234, token="abc", browser=False)))
    assert result["ServerApp"]["root_dir"] == str(tmp_path)
    assert result["IdentityProvider"]["token"] == "abc"
    assert result["LabApp"]["news_url"] is None
    assert result["LabApp"]["check_for_updates_class"] == "jupyterlab.NeverCheckForUpdate"
    assert result["VoilaConfiguration"] == config.pages()


def test_a_free_port_can_be_taken():
    assert 1024 < free_port("127.0.0.1") < 65536
    assert free_port("127.0.0.1", port := free_port("127.0.0.1")) == port


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("noexiste.invalid", "Ese nombre no lleva a ninguna máquina"),
        ("300.1.1.1", "Ese nombre no lleva a ninguna máquina"),
        ("a" * 300, "Ese nombre no lleva a ninguna máquina"),
        ("192.0.2.7", "Esa dirección no es de esta máquina."),
    ],
)
def test_a_host_that_cannot_be_listened_on_is_not_reported_as_a_taken_port(host, why):
    with pytest.raises(NoSuchHost) as refusal:
        free_port(host, 0)
    result = refusal.value.explanation
    assert host[:80] in result.what
    assert result.why.startswith(why)
    assert "--host" in result.remedy


def test_a_taken_port_is_reported_as_one():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(PortTaken):
        free_port("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("::1", "[::1]"), ("ana.ar", "ana.ar")],
)
def test_the_address_is_one_that_a_browser_of_this_machine_can_open(host, shown):
    assert address(host, 8866) == f"http://{shown}:8866"


def test_the_token_is_not_on_the_browsers_command_line(tmp_path, monkeypatch):
    opened = Queue()
    monkeypatch.setattr("webbrowser.open", opened.put)
    page = open_browser("http://127.0.0.1:1234/?token=secreto&a=b", Workspace(tmp_path / "casa"))
    assert "secreto" not in opened.get(timeout=10)
    assert page.stat().st_mode & 0o077 == 0
    assert page.parent.stat().st_mode & 0o077 == 0
    assert 'content="0;url=http://127.0.0.1:1234/?token=secreto&amp;a=b"' in page.read_text()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asked of Linux only")
def test_a_kernel_asks_the_system_to_end_with_its_server():
    program = """
import ctypes
from poetas.serving.kernel_launcher import end_with_parent
asked = end_with_parent()
result = ctypes.c_int()
ctypes.CDLL(None).prctl(2, ctypes.byref(result))  # PR_GET_PDEATHSIG
print(asked, result.value)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["True", "15"]


def test_every_kernel_is_of_this_interpreter_whatever_the_user_has_installed(tmp_path, monkeypatch):
    theirs = tmp_path / "kernels" / "python3"
    theirs.mkdir(parents=True)
    (theirs / "kernel.json").write_text('{"argv": ["/otro/python"], "display_name": "Otro", "language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    specs = OwnInterpreter().get_all_specs()
    assert list(specs) == ["python3"]
    assert OwnInterpreter().get_kernel_spec("python3").argv[:3] == [
        sys.executable,
        "-m",
        "poetas.serving.kernel_launcher",
    ]
