"""Documents in a folder or a zip: what is unpacked of them is gone even where the process is killed meanwhile."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from poetas.data.errors import FileMissing, NoTextsInside
from poetas.data.pipeline.reading import read_file
from tests.unit.data.document_files import docx_of

KILLED = """
import os, signal, sys
from poetas.data.formats.documents import docx
from poetas.data.formats.folder_documents import FolderDocuments
from poetas.data.pipeline.limits import Limits

gather = docx.gather

def killed(path, limits):
    assert [line.text for line in gather(path, limits).lines] == ["SECRETO"]
    os.kill(os.getpid(), signal.SIGKILL)

docx.gather = killed
FolderDocuments(Limits()).gather("a.docx", sys.stdin.buffer.read())
"""


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="files in memory are Linux's")
def test_a_document_of_a_zip_is_nowhere_on_the_disk_after_a_kill(tmp_path):
    content = docx_of("<w:p><w:r><w:t>SECRETO</w:t></w:r></w:p>")
    done = subprocess.run(
        [sys.executable, "-c", KILLED], input=content, env={**os.environ, "TMPDIR": str(tmp_path)}, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are Unix's")
def test_links_and_pipes_of_a_folder_are_named_and_not_followed(tmp_path, monkeypatch):
    outside, folder = tmp_path / "afuera", tmp_path / "poemas"
    for place in (outside, folder):
        place.mkdir()
    (outside / "ajeno.txt").write_text("SECRETO", "utf-8")
    (folder / "enlace.txt").symlink_to(outside / "ajeno.txt")
    (folder / "perdido.txt").symlink_to("nada")
    (folder / "otra").symlink_to(outside)
    os.mkfifo(folder / "tubo.txt")
    monkeypatch.chdir(folder)  # a socket's path may have 100 letters
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind("enchufe.txt")
    with pytest.raises(NoTextsInside) as refused:
        read_file(folder)
    assert "Hay 3 enlaces" in refused.value.explanation.why
    (folder / "mío.txt").write_text("Cae la tarde.", "utf-8")
    reading = read_file(folder)
    assert reading.table.iloc[:, 0].tolist() == ["Cae la tarde."]
    assert {part.where: part.code for part in reading.left_out} == {
        **dict.fromkeys(("enlace.txt", "otra", "perdido.txt"), "link"),
        **dict.fromkeys(("enchufe.txt", "tubo.txt"), "special"),
    }
    assert {note.code: note.count for note in reading.notices} == {"links-left": 3, "specials-left": 2}
    assert "otro lugar" not in reading.notices[0].sentence, "one of its own texts may be what it leads to"


def test_a_file_that_is_gone_while_its_folder_is_read_is_named(tmp_path, monkeypatch):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Cae la tarde.", "utf-8")

    def read(path):
        (tmp_path / "b.txt").unlink(missing_ok=True)
        return read_bytes(path)

    read_bytes = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", read)
    with pytest.raises(FileMissing) as gone:
        read_file(tmp_path)
    assert "«b.txt»" in gone.value.explanation.what
