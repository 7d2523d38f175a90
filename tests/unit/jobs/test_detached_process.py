"""Environment of a detached process: pages of 2 MB where the kernel gives them."""

import os
import platform

import pytest

from poetas.jobs.detached_process import JOB_APART, SERVICE_APART, spawn, with_huge_pages


@pytest.mark.cold
@pytest.mark.parametrize("apart", [SERVICE_APART, JOB_APART])
@pytest.mark.parametrize("chosen", [None, "glibc.malloc.check=0", "glibc.malloc.hugetlb=0"])
def test_memory_of_a_process_has_huge_pages_where_they_are_asked_for_unless_refused(
    programs_on_path, tmp_path, chosen, apart
):
    log = tmp_path / "log"
    environment = with_huge_pages({**os.environ, **({"GLIBC_TUNABLES": chosen} if chosen else {})}, apart)
    assert spawn("huge_pages_program", [], folder=tmp_path, log=log, environment=environment).wait(30) == 0
    by_malloc, by_asking = map(int, log.read_text().split())
    library, version = platform.libc_ver()
    able = library == "glibc" and tuple(map(int, version.split("."))) >= (2, 35)
    if by_asking and able and chosen != "glibc.malloc.hugetlb=0":
        assert by_malloc > 32
    else:
        assert not by_malloc or by_asking  # a kernel may give them to all
