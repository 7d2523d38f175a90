"""What each system of an evaluation is said to have taken is what it took."""

import ctypes
import platform

import pytest

from poetas.evaluation.cost_meter import CostMeter


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is not glibc")
def test_memory_that_one_system_freed_is_no_cost_of_the_next():
    meter = CostMeter()
    with meter.measure("before", 1):
        pass
    with meter.measure("large", 1):
        pieces = [ctypes.create_string_buffer(2_000) for _ in range(50_000)]
        last = pieces.pop()  # without it the heap would shrink by itself
        pieces.clear()
    with meter.measure("small", 1):
        pass
    assert meter.memory_mb["large"] - meter.memory_mb["before"] > 80
    assert meter.memory_mb["large"] - meter.memory_mb["small"] > 80
    assert meter.highest_rss_mb - meter.memory_mb["small"] > 80
    assert len(last) == 2_000
