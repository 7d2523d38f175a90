"""What Binder runs, run: the image's build and its start, in a clean environment, with a real model."""

import json
import os
import re
import subprocess

import pytest
from psutil import Process

from tests.clean_room import checkout, get, make_environment, wait_for


@pytest.mark.embedded
@pytest.mark.timeout(1200)
def test_the_image_builds_with_its_model_and_its_server_draws_the_apps(tmp_path):
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
    settings = json.loads((tmp_path / "env" / "etc" / "jupyter" / "jupyter_server_config.json").read_text("utf-8"))
    assert settings["VoilaConfiguration"]["template"] == "poetas"

    # Binder's own start: a Jupyter server, configured by these files alone, draws an app and its policy.
    log = tmp_path / "log.txt"
    server = ("python", "-m", "jupyter_server", "--port=0", "--no-browser", "--allow-root")
    with log.open("wb") as out:
        running = subprocess.Popen(
            ["bash", "binder/start", *server], cwd=repository, env=environment, stdout=out, stderr=out
        )
    try:
        address = wait_for(log, r"http://127\.0\.0\.1:\d+/\S*token=\w+", running)
        assert Process(running.pid).environ()["POETAS_MODELS"] == str(model.parent)
        root, token = re.fullmatch(r"(http://[^/]+)/.*token=(\w+)", address).groups()
        for app in ("1_conocer", "2_preparar", "3_entrenar"):
            page, headers = get(f"{root}/voila/render/apps/{app}.ipynb?token={token}")
            assert "LLMs para poetas" in page
            assert "default-src 'none'" in headers["Content-Security-Policy"]
    finally:
        running.terminate()
        assert running.wait(60) is not None
