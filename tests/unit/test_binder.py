"""What Binder runs, run: the image's build and its start, in a clean environment, with a real model."""

import json
import os
import subprocess

import pytest

from tests.clean_room import checkout, free_port, get, make_environment


@pytest.mark.embedded
@pytest.mark.timeout(1200)
def test_the_image_builds_and_its_server_draws_the_app_with_its_policy(tmp_path):
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
    port, log = free_port(), tmp_path / "log.txt"
    command = ["binder/start", "python", "-m", "jupyter", "server", f"--port={port}", "--no-browser", "--allow-root"]
    with log.open("wb") as out:
        server = subprocess.Popen(
            ["bash", *command, "--ServerApp.token=llave"], cwd=repository, env=environment, stdout=out, stderr=out
        )
    try:
        page, headers = get(f"http://127.0.0.1:{port}/voila/render/apps/1_conocer.ipynb?token=llave")
        assert "LLMs para poetas" in page
        assert "default-src 'none'" in headers["Content-Security-Policy"]
    finally:
        server.terminate()
        server.wait(60)
