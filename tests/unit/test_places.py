"""Binder, Colab and the README follow from the one address; what Binder runs is what these files say."""

import json
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from poetas.serving import binder

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("script", ["docs/places.py"])
def test_what_follows_from_a_source_is_up_to_date(script):
    process = subprocess.run([sys.executable, ROOT / script, "--check"], capture_output=True, text=True, timeout=120)
    assert process.returncode == 0, process.stdout + process.stderr


def test_the_three_addresses_stand_in_both_readmes():
    for name in ("README.md", "README.en.md"):
        text = (ROOT / name).read_text("utf-8")
        for app in ("1_conocer", "2_preparar", "3_entrenar"):
            assert f"urlpath=voila%2Frender%2Fapps%2F{app}.ipynb" in text
            assert f"/blob/main/apps/{app}.ipynb" in text


def test_the_set_up_cell_does_nothing_outside_colab():
    notebooks = sorted((ROOT / "apps").glob("*.ipynb"))
    assert len(notebooks) == 3
    for path in notebooks:
        [cell] = [c for c in json.loads(path.read_text("utf-8"))["cells"] if c["id"] == "preparar-cuaderno"]
        code = "".join(cell["source"])
        assert code.startswith("#@title ")
        assert cell["metadata"]["cellView"] == "form"
        from IPython.core.inputtransformer2 import TransformerManager

        before = set(sys.modules)
        exec(compile(TransformerManager().transform_cell(code), path.name, "exec"), {})
        assert not {name for name in set(sys.modules) - before if name.startswith("google")}


def test_in_colab_the_set_up_cell_installs_and_switches_the_widgets_on(monkeypatch):
    from types import ModuleType

    from IPython.core.inputtransformer2 import TransformerManager

    colab, output, done = ModuleType("google.colab"), ModuleType("google.colab.output"), []
    output.enable_custom_widget_manager = lambda: done.append("widgets")
    colab.output = output
    monkeypatch.setitem(sys.modules, "google", ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    monkeypatch.setitem(sys.modules, "google.colab.output", output)
    setup = runpy.run_path(str(ROOT / "docs" / "places.py"))
    code = TransformerManager().transform_cell(
        setup["SETUP"].format(address=setup["address"](), versions=setup["versions"]())
    )

    class Shell:
        def run_line_magic(self, name, line):
            done.append((name, line))

    exec(compile(code, "setup", "exec"), {"get_ipython": Shell})
    (name, line), last = done
    assert name == "pip"
    assert "git+" + setup["address"]() in line
    assert f"--constraint {setup['versions']()}" in line
    assert last == "widgets"


def test_colab_gets_the_tested_versions_and_keeps_its_own_torch():
    """Without a pin pip leaves what Colab has, where it is new enough."""
    setup = runpy.run_path(str(ROOT / "docs" / "places.py"))
    pins = dict(line.split("==") for line in setup["colab_constraints"]().split())
    assert pins["ipywidgets"] == "7.7.1"
    assert {"transformers", "peft", "anywidget", "bqplot"} <= pins.keys()
    assert "torch" not in pins
    assert setup["versions"]().endswith("/main/constraints-colab.txt")


def test_every_pinned_version_is_one_that_the_package_admits():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    bounds = [Requirement(line) for line in lines]
    for name in ("constraints.txt", "constraints-colab.txt"):
        pins = dict(line.split("==") for line in (ROOT / name).read_text("utf-8").split())
        pinned = {canonicalize_name(package): version for package, version in pins.items()}
        admitted = {str(bound): pinned.get(canonicalize_name(bound.name)) for bound in bounds}
        wrong = [bound for bound in bounds if (pin := admitted[str(bound)]) and pin not in bound.specifier]
        assert not wrong, f"{name}: {wrong}"


def test_binders_server_gets_the_pages_and_their_policy_and_keeps_its_own_settings(tmp_path):
    folder = tmp_path / "etc" / "jupyter"
    folder.mkdir(parents=True)
    (folder / "jupyter_server_config.json").write_text('{"ServerApp": {"ip": "0.0.0.0"}, "Other": {"kept": true}}')
    settings = json.loads(binder.write(tmp_path).read_text("utf-8"))
    assert settings["ServerApp"]["ip"] == "0.0.0.0"
    assert settings["Other"] == {"kept": True}
    assert settings["ServerApp"]["jpserver_extensions"]["voila.server_extension"] is True
    assert "default-src 'none'" in json.dumps(settings["ServerApp"]["tornado_settings"])
    assert settings["VoilaConfiguration"]["template"] == "poetas"
    assert "token" not in json.dumps(settings).lower()
