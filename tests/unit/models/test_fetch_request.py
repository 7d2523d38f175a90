"""What the one job with a network obeys: its own folder, which may be a stranger's, cannot name a path to it."""

import json

import pytest

from poetas.jobs import Job, JobState, JobUnreadable
from poetas.models import accept_licence, is_ready, save_token, start_fetch, start_inquiry
from poetas.models.fetch import token_path
from poetas.models.fetch_request import FOLDER_VARIABLE, MODEL_VARIABLE, FetchRequest, hand_over, workspace_of
from poetas.workspace import Workspace
from tests.hub_server import HubServer
from tests.tiny_model import write_hub_files


@pytest.fixture
def place(tmp_path, monkeypatch):
    for name in ("POETAS_MODELS", "POETAS_MODEL_FOLDERS", "POETAS_CATALOGUE", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in (FOLDER_VARIABLE, MODEL_VARIABLE):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    workspace = Workspace(tmp_path / "casa")
    workspace.jobs.mkdir(parents=True)
    return workspace


@pytest.fixture
def hub(monkeypatch):
    with HubServer({}) as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        yield server


@pytest.fixture
def diary(place):
    path = place.root / "proyectos" / "mio" / "fuentes" / "diario.txt"
    path.parent.mkdir(parents=True)
    path.write_text("hoy-llore", encoding="utf-8")
    return path


def planted(place, config, parent=None):
    """A job's folder as a stranger would make it; the learner resumes it."""
    folder = (parent or place.jobs) / "fetch-ajeno"
    folder.mkdir(parents=True)
    record = {"kind": "fetch", "config": config, "created": 1, "ledger": None}
    (folder / "job.json").write_text(json.dumps(record), encoding="utf-8")
    job = Job.open(folder)
    job.resume()
    job.wait(60)
    return job


def test_what_a_job_is_asked_holds_no_path(place, tmp_path, hub):
    write_hub_files(tmp_path / "mi-modelo")
    for job in (start_inquiry(place, "ana/mini"), start_fetch(place, "mi-modelo", folder=tmp_path / "mi-modelo")):
        assert job.config.keys() == {"task", "model", "accepted"}
        assert str(tmp_path) not in json.dumps(job.config)
        assert job.wait(90).over


@pytest.mark.parametrize("key", ["token_file", "models", "folder"])
def test_a_job_that_names_a_path_is_refused_before_anything_is_sent(place, hub, diary, key):
    job = planted(place, {"task": "ask", "model": "ana/mini", key: str(diary)})
    assert (job.state, job.failure().code) == (JobState.FAILED, "job-unreadable")
    assert key in job.failure().detail
    assert not hub.requests
    assert [path.name for path in diary.parent.iterdir()] == ["diario.txt"]


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"task": "ask"},
        {"task": "ask", "model": ["ana/mini"]},
        {"task": "borrar", "model": "ana/mini"},
        {"task": ["ask"], "model": "ana/mini"},
        {"task": "fetch", "model": "ana/mini", "accepted": [1]},
        {"task": "fetch", "model": "ana/mini", "accepted": {"date": 1}},
    ],
)
def test_a_request_of_another_shape_is_refused_with_a_card(config):
    with pytest.raises(JobUnreadable) as refusal:
        FetchRequest.read(config)
    assert refusal.value.explanation.remedy


def test_a_job_outside_a_workspaces_jobs_is_refused(place, hub, tmp_path):
    job = planted(place, {"task": "ask", "model": "ana/mini"}, parent=tmp_path / "bajado")
    assert job.failure().code == "job-unreadable"
    assert not hub.requests
    assert workspace_of(place.jobs / "fetch-1").root == place.root.resolve()


@pytest.mark.parametrize("how", ["link", "text"])
def test_only_a_token_is_sent_as_one(place, hub, diary, how):
    """Where the token is kept there may be a link to a text, or a text."""
    if how == "link":
        token_path(place).symlink_to(diary)
    else:
        token_path(place).write_text("querido diario:\nhoy lloré", encoding="utf-8")
    start_inquiry(place, "ana/mini").wait(60)
    assert {request.token for request in hub.requests} == {""}
    token_path(place).unlink()
    save_token(place, "hf_unaClaveDePrueba")
    start_inquiry(place, "ana/mini").wait(60)
    assert hub.requests[-1].token == "hf_unaClaveDePrueba"


def test_a_place_for_models_that_is_relative_to_here_is_the_same_for_the_job(place, tmp_path, monkeypatch):
    write_hub_files(tmp_path / "mi-modelo")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POETAS_MODELS", "compartidos")
    job = start_fetch(place, "mi-modelo", folder=tmp_path / "mi-modelo")
    assert job.wait(90) is JobState.FINISHED, job.failure()
    assert is_ready(place, "mi-modelo")
    assert (tmp_path / "compartidos" / "mi-modelo" / "config.json").is_file()


def test_a_job_cannot_be_turned_to_another_folder_or_model_than_the_starter_names(place, tmp_path):
    write_hub_files(tmp_path / "mi-modelo")
    accept_licence(place, "gemma3-270m")
    untold = planted(place, {"task": "folder", "model": "mi-modelo"}).failure()
    assert untold.code == "no-model-in-folder"
    assert "--folder" in untold.remedy
    hand_over(tmp_path / "mi-modelo", "mi-modelo")
    other = planted(place, {"task": "folder", "model": "gemma3-270m"}, parent=tmp_path / "otra" / "trabajos")
    assert other.failure().code == "no-model-in-folder"
