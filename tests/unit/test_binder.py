"""What Binder runs, run: the image's build and its start, in a clean environment, with a real model.

The package that the build installs is a wheel, and works outside the checkout: the command, the apps, the template, the
samples, the texts.
"""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from psutil import Process

from tests.clean_room import ROOT, checkout, get, make_environment, wait_for

pytestmark = [pytest.mark.embedded, pytest.mark.timeout(1200)]


@dataclass
class Image:
    """What was built: the copy of the tracked files, the environment's folder, a home, and the variables."""

    repository: Path
    prefix: Path
    home: Path
    environment: dict[str, str]


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    folder = tmp_path_factory.mktemp("image")
    repository, prefix, home = checkout(folder / "repository"), folder / "env", folder / "home"
    scripts = make_environment(prefix)
    home.mkdir()
    hidden = {"PYTHONPATH", "JUPYTER_PATH", "POETAS_MODELS", "POETAS_HOME", "JUPYTER_CONFIG_DIR"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment |= {
        "HOME": str(home),
        "PATH": f"{scripts}{os.pathsep}{environment['PATH']}",
        "POETAS_IMAGE_MODELS": "smollm2-135m",
        "BINDER_SERVICE_HOST": "hub",
    }
    built = subprocess.run(
        ["bash", "binder/postBuild"], cwd=repository, env=environment, capture_output=True, text=True, timeout=900
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return Image(repository, prefix, home, environment)


def test_the_image_has_its_model_and_its_server_draws_the_apps(image, tmp_path):
    model = image.home / ".cache" / "llms-para-poetas" / "modelos" / "smollm2-135m"
    assert json.loads((model / "poetas-model.json").read_text("utf-8"))
    settings = json.loads((image.prefix / "etc" / "jupyter" / "jupyter_server_config.json").read_text("utf-8"))
    assert settings["VoilaConfiguration"]["template"] == "poetas"

    # Binder's own start: a Jupyter server, configured by these files alone, draws an app and its policy.
    log = tmp_path / "log.txt"
    server = ("python", "-m", "jupyter_server", "--port=0", "--no-browser", "--allow-root")
    with log.open("wb") as out:
        running = subprocess.Popen(
            ["bash", "binder/start", *server], cwd=image.repository, env=image.environment, stdout=out, stderr=out
        )
    try:
        address = wait_for(log, r"http://127\.0\.0\.1:\d+/\S*token=\w+", running)
        assert Process(running.pid).environ()["POETAS_MODELS"] == str(model.parent)
        root, token = re.fullmatch(r"(http://[^/]+)/.*token=(\w+)", address).groups()
        for app in ("1_conocer", "2_preparar", "3_entrenar"):
            page, headers = get(f"{root}/voila/render/apps/{app}.ipynb?token={token}")
            assert "LLMs para poetas" in page
            assert "default-src 'none'" in headers["Content-Security-Policy"]
        _script, headers = get(f"{root}/voila/static/voila.js?token={token}")
        assert "default-src 'none'" in headers["Content-Security-Policy"]
    finally:
        running.terminate()
        assert running.wait(60) is not None


def run(image, folder, *command):
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "JUPYTER_PATH"}}
    environment |= {"HOME": str(folder), "POETAS_HOME": str(folder / "home")}
    return subprocess.run(
        [image.prefix / "bin" / command[0], *command[1:]],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_what_travels_in_the_wheel_is_found_and_is_not_the_checkout(image, tmp_path):
    code = (
        "from poetas import glossary_entries, recipes\n"
        "from poetas.util import resources\n"
        "from poetas.data.storage.samples import samples\n"
        "import poetas, widgets\n"
        "print(resources.in_checkout(), poetas.__file__, widgets.__file__)\n"
        "print(sorted(p.name for p in resources.folder('apps').glob('*.ipynb')))\n"
        "print([s.name for s in samples()], all(s.path.is_file() for s in samples()))\n"
        "print((resources.folder('template') / 'static' / 'look.css').is_file(), resources.folder('locale').is_dir())\n"
        "print(len(glossary_entries.terms()) > 20, len(recipes.names()) > 5)\n"
    )
    output = run(image, tmp_path, "python", "-c", code)
    assert output.returncode == 0, output.stderr
    first, apps, samples, template, rest = output.stdout.splitlines()
    assert first.startswith("False")
    assert str(ROOT) + "/" not in first
    assert apps == "['1_conocer.ipynb', '2_preparar.ipynb', '3_entrenar.ipynb']"
    assert "noticias" in samples
    assert "coplas" in samples
    assert samples.endswith("True")
    assert (template, rest) == ("True True", "True True")


def test_the_command_answers_and_serves_the_apps_out_of_the_installed_package(image, tmp_path):
    assert run(image, tmp_path, "poetas", "--help").returncode == 0
    log = tmp_path / "log.txt"
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "JUPYTER_PATH"}}
    environment |= {"HOME": str(tmp_path), "POETAS_HOME": str(tmp_path / "home"), "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [image.prefix / "bin" / "poetas", "serve"],
            cwd=tmp_path,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        address = wait_for(log, r"http://\S+token=\S+", process)
        root, _, token = address.partition("/?token=")
        landing, headers = get(address)
        assert "Conocé" in landing
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        page, _headers = get(f"{root}/voila/render/1_conocer.ipynb?token={token}")
        assert "LLMs para poetas" in page
        assert 'data-step="proxima"' in page
    finally:
        process.terminate()
        process.wait(60)
    assert "Traceback" not in log.read_text("utf-8")
