"""What Binder runs, run: the image's build and its start, in a clean environment, with a real model."""

import json
import os
import subprocess

import pytest

from tests.clean_room import checkout, make_environment


@pytest.mark.embedded
@pytest.mark.timeout(1200)
def test_the_image_builds_with_its_model_and_its_start_says_where_that_is(tmp_path):
    repository = checkout(tmp_path / "repository")
    scripts = make_environment(tmp_path / "env")
    home = tmp_path / "home"
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
    model = home / ".cache" / "llms-para-poetas" / "modelos" / "smollm2-135m"
    assert json.loads((model / "poetas-model.json").read_text("utf-8"))
    told = json.loads((tmp_path / "env" / "etc" / "jupyter" / "jupyter_server_config.json").read_text("utf-8"))
    assert told["VoilaConfiguration"]["template"] == "poetas"
    started = subprocess.run(
        ["bash", "binder/start", "sh", "-c", "echo $POETAS_MODELS"],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert started.stdout.strip() == str(model.parent)
