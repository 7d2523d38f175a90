"""What every test starts from: a workspace of its own, and no network."""

import os
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

# Of two test processes that share the cores, torch's threads would mostly wait for each other at barriers. What a test
# starts inherits this; a test that is about threads sets its own.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

settings.register_profile("quick", max_examples=30)  # `make test-quick`; `make test` tries 100

# Snippets are programs that are shown to the learner; a test runs them, no module imports them.
collect_ignore_glob: list[str] = []

# Where the embedded models are kept between runs, so that they are fetched and converted once.
MODELS = Path(os.environ.get("POETAS_TEST_MODELS", Path.home() / ".cache" / "llms-para-poetas" / "modelos"))


_numbers = count()


@pytest.fixture(autouse=True)
def own_workspace(tmp_path_factory, monkeypatch):
    """Give each test a workspace that does not exist yet.

    Not in its `tmp_path`: for each of those pytest lists all that are there, and most tests need none.
    """
    folder = tmp_path_factory.getbasetemp() / f"workspace-{next(_numbers)}"
    monkeypatch.setenv("POETAS_HOME", str(folder / "llms-para-poetas"))
    monkeypatch.delenv("POETAS_PLACE", raising=False)
