"""``python -m poetas.demo``, the same as ``poetas demo``."""

from __future__ import annotations

import sys

from poetas.demo.main import main

if __name__ == "__main__":
    sys.exit(main())
