"""Heap memory that was freed but that the C library keeps, given back to the system.

Reading the tokenizer and weights of ``gemma3-270m`` leaves 309 MB of small freed pieces, which glibc keeps for
later pieces of such sizes; tensors ask for large ones.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress


def give_back_heap() -> None:
    """Give the free pages of the heap back to the system, where the C library is glibc; elsewhere do nothing.

    >>> give_back_heap()
    """
    with suppress(OSError, TypeError, AttributeError):  # Windows and musl have no such function
        ctypes.CDLL(None).malloc_trim(0)
