"""The trouble report: where the program failed is in it, and nothing of the learner's, whatever the logs quote."""

import pytest

from poetas.course.course_record import Part, course_path
from poetas.course.trouble_report import trouble_report
from poetas.data.storage.state_scopes import with_values
from poetas.util.error_log import write_down
from poetas.workspace import Workspace
from tests.model_records import record_model
from tests.unit.job_under_way import left_behind
from tests.unit.widgets.pollers import new_poller
from widgets import Feedback, PageContext

SECRET = "mi abuela Delfina"


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / SECRET.replace(" ", "-"))


@pytest.fixture
def failed(workspace):
    """A project with a job that failed over a text, an error card, and a log that quotes the text in many ways."""
    project = workspace.project(SECRET)
    killed = left_behind(project.jobs / "train-1", "train", config={"dataset": SECRET})
    (killed.dir / "log.txt").write_text(f"Delfina: hola\n{SECRET}Error: 7\nRuntimeError: {SECRET}\n", "utf-8")
    try:
        {}[SECRET]
    except KeyError as error:
        write_down(error, "pagina", workspace)
    record_model(workspace, model="delfina")
    return project


def test_where_it_failed_is_in_it_and_no_word_of_hers(failed, workspace):
    state = with_values({"verse": SECRET}, {course_path(Part.ERRORS): {"out-of-memory": 2, SECRET: 1}})
    report = trouble_report(failed, state)
    assert "elfina" not in report
    for said in (
        "LLMs para poetas",
        "ipywidgets",
        "train: ",
        "RuntimeError",
        "out-of-memory ×2",
        "KeyError",
        "run/pagina.log:",
    ):
        assert said in report


def test_it_is_shown_whole_before_it_is_saved(workspace):
    context = PageContext(workspace, poller=new_poller())
    trouble = Feedback(app="conocer", context=context).trouble
    given = []
    trouble._give(given.append)
    assert given == []
    trouble.look.click()
    assert "LLMs para poetas" in trouble.preview.value
    trouble._give(given.append)
    assert given[0].read_text("utf-8") == trouble.shown
    context.close()
