"""What a machine has free: the limits of the groups in which a class server, Slurm or systemd puts a process."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from poetas import environment
from poetas.util import cgroups

MB = 1 << 20


def group(folder: Path, *, limit: int | str, used: int = 0, cache: int = 0) -> Path:
    """A group of version 2, as the kernel shows it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "memory.max").write_text(f"{limit}\n")
    (folder / "memory.current").write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon {used - cache}\ninactive_file {cache}\nactive_file 0\n")
    return folder


def membership(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "cgroup"
    file.write_text(text)
    return file


def machine_in(monkeypatch: pytest.MonkeyPatch, membership_file: Path, root: Path) -> environment.Machine:
    result = cgroups.allowance(membership_file, root)
    monkeypatch.setattr("poetas.util.cgroups.allowance", lambda: result)
    return environment.machine()


def test_the_limit_of_the_process_own_group_is_the_machines_memory(tmp_path, monkeypatch):
    root = tmp_path / "fs"
    group(root / "user.slice" / "job:7", limit=300 * MB, used=120 * MB, cache=20 * MB)
    here = machine_in(monkeypatch, membership(tmp_path, "0::/user.slice/job:7\n"), root)
    assert here.memory_total == 300 * MB
    assert here.memory_free == 200 * MB, "what the kernel gives back when asked is free"


def test_a_limit_further_up_holds_for_the_groups_below(tmp_path):
    root = tmp_path / "fs"
    group(root / "a" / "b" / "c", limit="max", used=10 * MB)
    group(root / "a" / "b", limit=900 * MB, used=50 * MB)
    group(root / "a", limit=500 * MB, used=450 * MB)
    result = cgroups.allowance(membership(tmp_path, "0::/a/b/c\n"), root)
    assert result == cgroups.Allowance(500 * MB, 50 * MB)


def test_a_larger_limit_that_is_nearly_used_up_by_others_leaves_only_its_rest(tmp_path):
    root = tmp_path / "fs"
    group(root / "a" / "b", limit=500 * MB, used=100 * MB)
    group(root / "a", limit=800 * MB, used=790 * MB)
    assert cgroups.allowance(membership(tmp_path, "0::/a/b\n"), root) == cgroups.Allowance(500 * MB, 10 * MB)


def test_the_first_version_has_its_own_path_and_names(tmp_path):
    folder = tmp_path / "fs" / "memory" / "slurm" / "uid_1000"
    folder.mkdir(parents=True)
    (folder / "memory.limit_in_bytes").write_text(f"{400 * MB}\n")
    (folder / "memory.usage_in_bytes").write_text(f"{150 * MB}\n")
    (folder / "memory.stat").write_text(f"inactive_file 0\ntotal_inactive_file {50 * MB}\n")
    (folder.parent / "memory.limit_in_bytes").write_text("9223372036854771712\n")
    file = membership(tmp_path, "5:cpuset:/elsewhere\n4:hugetlb,memory:/slurm/uid_1000\n0::/\n")
    assert cgroups.allowance(file, tmp_path / "fs") == cgroups.Allowance(400 * MB, 300 * MB)


@pytest.mark.parametrize("line", ["0::/docker/0123\n", "0::/../other\n", "", "nonsense\n"])
def test_a_container_that_sees_only_its_own_root_is_bound_by_that(tmp_path, line):
    group(tmp_path / "fs", limit=700 * MB, used=100 * MB)
    group(tmp_path / "other", limit=1 * MB)
    assert cgroups.allowance(membership(tmp_path, line), tmp_path / "fs") == cgroups.Allowance(700 * MB, 600 * MB)


def test_without_limits_the_machine_is_what_it_is(tmp_path, monkeypatch):
    group(tmp_path / "fs" / "a", limit="max", used=5 * MB)
    here = machine_in(monkeypatch, membership(tmp_path, "0::/a\n"), tmp_path / "fs")
    assert here.memory_total == psutil.virtual_memory().total


def test_a_group_more_than_full_leaves_nothing(tmp_path):
    group(tmp_path / "fs" / "a", limit=100 * MB, used=130 * MB)
    assert cgroups.allowance(membership(tmp_path, "0::/a\n"), tmp_path / "fs") == cgroups.Allowance(100 * MB, 0)


def _real_parent() -> Path | None:
    """A folder of this machine's in which a group with a limit can be made."""
    version_1, version_2 = Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup")
    if (version_1 / "memory.usage_in_bytes").exists() and os.access(version_1, os.W_OK):
        return version_1
    controllers = version_2 / "cgroup.subtree_control"
    if controllers.exists() and "memory" in controllers.read_text() and os.access(version_2, os.W_OK):
        return version_2
    return None


@pytest.mark.skipif(sys.platform != "linux" or _real_parent() is None, reason="no group can be made here")
def test_in_a_real_group_the_process_sees_its_limit_and_the_files_it_read_cost_nothing():
    parent = _real_parent()
    above, limit = parent / f"poetas-test-{os.getpid()}", 1 << 30
    code = (
        "import os, sys; from pathlib import Path\n"
        "Path(sys.argv[1], 'cgroup.procs').write_text(str(os.getpid()))\n"
        "path = Path(sys.argv[2]); path.write_bytes(bytes(300 << 20)); os.sync(); len(path.read_bytes())\n"
        "from poetas.environment import machine; here = machine(); print(here.memory_total, here.memory_free)"
    )
    disk = tempfile.TemporaryDirectory(dir="/var/tmp")  # the other tests' files may lie in memory, which counts as used
    words = [sys.executable, "-c", code, str(above / "job"), str(Path(disk.name) / "read")]
    try:
        try:
            above.mkdir()
            if parent.name != "memory":
                (above / "cgroup.subtree_control").write_text("+memory")
            (above / "job").mkdir()
            (above / ("memory.limit_in_bytes" if parent.name == "memory" else "memory.max")).write_text(str(limit))
        except OSError as error:
            pytest.skip(f"no group can be made here: {error}")
        figures = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True).stdout.split()
    finally:
        for group in (above / "job", above):
            if group.exists():
                group.rmdir()
        disk.cleanup()
    assert int(figures[0]) == limit
    free = min(limit, psutil.virtual_memory().available)
    assert int(figures[1]) > free - (250 << 20), "300 MB of a file's cache do not count as used"
