"""What the tests of readers share: a file that is written for one test."""

import pytest


@pytest.fixture
def put(tmp_path):
    """Return a function that writes a file by its name below the test's own folder: put(name, content) -> path."""

    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
