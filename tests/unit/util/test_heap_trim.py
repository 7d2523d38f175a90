"""What the heap keeps of what was freed is given back to the system."""

import ctypes
import platform

import psutil
import pytest

from poetas.util.heap_trim import give_back_heap


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is not glibc")
def test_freed_memory_below_a_piece_in_use_is_given_back():
    process = psutil.Process()
    pieces = [ctypes.create_string_buffer(2_000) for _ in range(50_000)]
    last = pieces.pop()  # without it the heap would shrink by itself
    pieces.clear()
    kept = process.memory_info().rss
    give_back_heap()
    assert kept - process.memory_info().rss > 50e6
    assert len(last) == 2_000
