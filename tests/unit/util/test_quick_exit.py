"""A process that leaves quickly leaves nothing out but the taking apart of its modules."""

import os
import subprocess
import sys

PROGRAM = """
import atexit, os, threading, time
from poetas.util.quick_exit import QuickExit
leaving = QuickExit()
leaving.code = 3
atexit.register(print, "a library's exit function")
class Held:
    def __del__(self):
        print("taken apart")
held = Held()
if (child := os.fork()) == 0:
    raise SystemExit(7)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
threading.Thread(target=lambda: (time.sleep(0.05), print("a thread's last word"))).start()
"""


def test_threads_and_exit_functions_come_first_what_was_printed_is_there_and_forks_exit_as_usual():
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, env=buffered, capture_output=True, text=True, timeout=60, check=False)
    fork = ["a library's exit function", "taken apart", "7"]
    assert done.stdout.splitlines() == [*fork, "a thread's last word", "a library's exit function"], done.stderr
    assert done.returncode == 3
