"""Documents in a folder or a zip: what is unpacked of them is gone even where the process is killed meanwhile."""

import os
import signal
import subprocess
import sys

import pytest

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
