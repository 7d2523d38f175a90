"""The end of a server says what ended with it, what stays and what goes on."""

from poetas.services import Service
from poetas.serving.closing_messages import closing_sentences
from poetas.workspace import Workspace
from tests.unit.counting_jobs import start


def test_a_service_that_ended_and_a_job_that_goes_on_are_said(own_workspace, programs_on_path, monkeypatch):
    workspace = Workspace.default()
    assert len(closing_sentences(workspace, [])) == 1
    job = start(workspace.project().path, n=3_000, pause=0.02)
    try:
        said = closing_sentences(workspace, ["generation"])
    finally:
        job.stop()
        job.wait(30)
    assert said[0] == f"Cerrado. Lo que guardaste está en {workspace.root}."
    assert said[1].startswith("También cerré el modelo")
    assert said[2].startswith("1 trabajo sigue solo")
    monkeypatch.setattr(Service, "is_running", classmethod(lambda _cls, _name, _root: True))
    assert closing_sentences(workspace, [])[1:] == [
        "El modelo que escribe sigue abierto, porque lo usa otro programa: se cierra solo."
    ]
