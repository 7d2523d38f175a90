"""Read by every interpreter below a server that was given this folder: its pages' kernels fork instead of starting."""

import os
import sys

if "POETAS_TEST_FORKS" in os.environ and "poetas.util.fork_server_program" in sys.orig_argv:
    from tests.fork_broker import use

    use(os.environ["POETAS_TEST_FORKS"])
