"""What the tests of the components start from."""

import pytest

from widgets.controls import job_card
from widgets.core import debouncer
from widgets.core.page_context import PageContext


@pytest.fixture(scope="session", autouse=True)
def whole_looks():
    """Inline, look at a job to its end, so that a test need not look again: a machine may be slow."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(job_card, "LOOK", 240.0)
        yield


@pytest.fixture(scope="session", autouse=True)
def short_debounce():
    """Write after a moment what was changed: no hand moves a slider here, and each test would wait more than once."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(debouncer, "SECONDS", 0.02)
        yield


@pytest.fixture
def brief_looks(monkeypatch):
    """Inline, let a click return while the job that it started goes on, as after a look of 20 seconds."""
    monkeypatch.setattr(job_card, "LOOK", 0.0)


@pytest.fixture(autouse=True)
def no_current_context(monkeypatch):
    """Let no test inherit the page of another one: a kernel has one context, a test process many."""
    monkeypatch.setattr(PageContext, "_current", None)
