"""Program of a test: megabytes of huge pages behind memory from malloc, and behind memory that asked for them."""

import mmap
import re
import sys
from pathlib import Path

SIZE = 64 << 20


def huge_pages() -> int:
    """Megabytes of huge pages that this process has."""
    rollup = Path("/proc/self/smaps_rollup")
    line = re.search(r"AnonHugePages: *(\d+)", rollup.read_text()) if rollup.exists() else None
    return int(line[1]) >> 10 if line else 0


if __name__ == "__main__":
    allocated = bytearray(b"x") * SIZE
    by_malloc = huge_pages()
    asked = mmap.mmap(-1, SIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        asked.madvise(mmap.MADV_HUGEPAGE)
    asked.write(allocated)
    sys.stdout.write(f"{by_malloc} {huge_pages() - by_malloc}")
