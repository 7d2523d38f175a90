"""Settings of the tests' fork servers: without a network, and each fork with what its own environment says."""

import importlib
import os
import sys

from poetas.privacy.offline import offline_environment
from poetas.training.process_setup import prepare_process
from poetas.util.fork_server_program import after_fork
from poetas.util.quick_exit import QuickExit


def read_environment():
    """Do again what libraries did when they were imported."""
    if "huggingface_hub.constants" in sys.modules:  # the Hub's address and settings, and whether it may be reached
        importlib.reload(sys.modules["huggingface_hub.constants"])
    if "torch" in sys.modules:  # by itself it takes all cores: a tiny model's threads would wait for each other
        sys.modules["torch"].set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


def exit_quickly():
    """Exit as jobs and services of production do; the exit code of a fork is not known anyway."""
    QuickExit().code = 0


def set_up():
    """Prepare a fork server, before it imports the libraries that read this."""
    os.environ.update(offline_environment())
    prepare_process()
    after_fork.extend((read_environment, exit_quickly))


def main():
    """Do nothing: that this was forked says that its server has imported all."""
