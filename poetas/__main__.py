"""``python -m poetas``, the same as ``poetas``: for where the command's folder is not on the path."""

from __future__ import annotations

import sys

from poetas.cli import main

if __name__ == "__main__":
    sys.exit(main())
