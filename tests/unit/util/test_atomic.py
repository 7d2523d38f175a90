"""Atomic files and folders: whole or not at all, also where a process is killed, and never over an existing one."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from poetas.util.atomic_file import STALE, claim, publish_file, temporary_file
from poetas.util.atomic_folder import publish, recover, replacing, temporary_folder
from poetas.util.files import sha256

KILLED = """
import os, signal, sys
from pathlib import Path
from poetas.util import atomic_folder
window, target = sys.argv[1], Path(sys.argv[2])
move, sync = Path.replace, atomic_folder.sync_tree
def kill():
    os.kill(os.getpid(), signal.SIGKILL)
def replace(path, goal):
    if window == "before" and path == target:
        kill()
    move(path, goal)
    if (window == "between" and path == target) or (window == "after" and goal == target):
        kill()
Path.replace = replace
with atomic_folder.replacing(target, file_mode=0o600) as folder:
    (folder / "weights").write_bytes(b"new")
    if window == "writing":
        kill()
"""


@pytest.mark.parametrize(
    ("window", "content"), [("writing", b"old"), ("before", b"old"), ("between", b"old"), ("after", b"new")]
)
def test_a_kill_in_any_window_leaves_the_old_folder_or_the_new_one_whole(tmp_path, window, content):
    target = tmp_path / "adapter"
    target.mkdir()
    (target / "weights").write_bytes(b"old")
    command = [sys.executable, "-c", KILLED, window, str(target)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    recover(target)
    assert (target / "weights").read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["adapter"]


def test_what_fails_while_it_is_built_leaves_what_was_there(tmp_path):
    target = tmp_path / "adapter"
    with replacing(target, file_mode=0o600) as folder:
        (folder / "weights").write_bytes(b"old")
    with suppress(RuntimeError), replacing(target, file_mode=0o600) as folder:
        (folder / "weights").write_bytes(b"new")
        raise RuntimeError
    assert (target / "weights").read_bytes() == b"old"
    assert (target / "weights").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["adapter"]


def test_of_folders_that_want_one_name_at_once_each_gets_its_own(tmp_path):
    def make(content):
        with temporary_folder(tmp_path, ".tmp-") as folder:
            inner = folder / "x"
            inner.mkdir()
            (inner / "a").write_bytes(content)
            return publish(inner, tmp_path, "poemas")

    contents = [bytes([number]) for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(make, contents))
    assert len(set(made)) == 12
    assert [(folder / "a").read_bytes() for folder in made] == contents
    assert not list(tmp_path.glob(".tmp-*"))


def test_temporary_names_of_killed_processes_go_after_a_day_and_not_before(tmp_path):
    old, fresh, link = tmp_path / ".tmp-old", tmp_path / ".tmp-fresh", tmp_path / ".tmp-link"
    for folder in (old, fresh):
        folder.mkdir()
    link.symlink_to(fresh)
    past = fresh.stat().st_mtime - STALE - 10
    os.utime(old, (past, past))
    with temporary_folder(tmp_path, ".tmp-"):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {".tmp-fresh", ".tmp-link"}


def test_a_file_with_a_new_name_overwrites_none_and_an_equal_file_is_kept_once(tmp_path):
    def bring(content):
        part, out = temporary_file(tmp_path, ".part-")
        out.write(content)
        out.flush()
        return publish_file(part, out, "a.csv", sha256(part))

    assert bring(b"uno") == (tmp_path / "a.csv", True)
    assert bring(b"dos") == (tmp_path / "a (2).csv", True)
    assert bring(b"uno") == (tmp_path / "a.csv", False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a (2).csv", "a.csv"]
    part, out = temporary_file(tmp_path, ".part-")
    out.close()
    assert not claim(part, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == b"uno"
