"""An installed wheel works outside the checkout: the command, the apps, the template, the samples, the texts."""

import os
import subprocess
import sys

import pytest

from tests.clean_room import ROOT, checkout, get, make_environment, wait_for


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Build a wheel from the tracked files and install it where there is no checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    source = checkout(folder / "source")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "dist", source]
    built = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert built.returncode == 0, built.stdout + built.stderr
    [wheel] = (folder / "dist").glob("*.whl")
    scripts = make_environment(folder / "env")
    command = [scripts / "python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(command, check=True, timeout=300)
    return scripts


def run(scripts, folder, *command, **options):
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "JUPYTER_PATH"}}
    environment |= {"HOME": str(folder), "POETAS_HOME": str(folder / "home")}
    return subprocess.run(
        [scripts / command[0], *command[1:]], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )


def test_what_travels_in_the_wheel_is_found_and_is_not_the_checkout(installed, tmp_path):
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
    output = run(installed, tmp_path, "python", "-c", code)
    assert output.returncode == 0, output.stderr
    first, apps, samples, template, rest = output.stdout.splitlines()
    assert first.startswith("False")
    assert str(ROOT) + "/" not in first
    assert apps == "['1_conocer.ipynb', '2_preparar.ipynb', '3_entrenar.ipynb']"
    assert "noticias" in samples
    assert "coplas" in samples
    assert samples.endswith("True")
    assert (template, rest) == ("True True", "True True")


def test_the_command_answers_and_serves_the_apps_out_of_the_installed_package(installed, tmp_path):
    assert run(installed, tmp_path, "poetas", "--help").returncode == 0
    log = tmp_path / "log.txt"
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "JUPYTER_PATH"}}
    environment |= {"HOME": str(tmp_path), "POETAS_HOME": str(tmp_path / "home"), "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [installed / "poetas", "serve"], cwd=tmp_path, env=environment, stdout=out, stderr=subprocess.STDOUT
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
