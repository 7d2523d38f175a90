"""What several files of unit tests start from."""

import os
import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture
def programs_on_path(monkeypatch):
    """Let the processes of jobs and services find the programs that the tests give them."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), str(HERE.parent.parent)]))
    monkeypatch.syspath_prepend(str(HERE))


@pytest.fixture(scope="module")
def one_core():
    """So small a model loses by sharing its work out; the processes of its services inherit this."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("OMP_NUM_THREADS", "1")
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A tiny model's files, as the Hub serves them; not to be changed."""
    from tests.tiny_model import write_hub_files

    folder = tmp_path_factory.mktemp("hub")
    write_hub_files(folder, chat=True)
    return folder


@pytest.fixture
def hub(whole, tmp_path):
    """A copy of `whole`, to be damaged."""
    return Path(shutil.copytree(whole, tmp_path / "hub"))
