"""The page's header: it claims no more about the learner's texts than is known of the machine it runs on."""

import json
import os
import re
import subprocess
import sys
from html import unescape

import pytest

from poetas.workspace import Workspace
from tests.paths import ROOT

# In a process of its own: an app's first cell installs the guard, which cannot be taken off.
PILL = """
import sys
from pathlib import Path
from poetas.privacy.isolation import note_isolation
from poetas.workspace import Workspace
from widgets import App, PageContext, Poller
for held in sys.argv[2:]:
    note_isolation(Workspace(Path(sys.argv[1])).ledger, isolated=held == "held")
context = PageContext(Workspace(Path(sys.argv[1])), poller=Poller(inline=False))
print(App("conocer", context=context)._state.value)
"""


def pill(home, *workers, place="local"):
    """Return what the header says after workers ran that were ``held`` by a namespace, or ``free``."""
    done = subprocess.run(
        [sys.executable, "-c", PILL, str(home), *workers],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT), "POETAS_PLACE": place},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(unescape(re.search(r'data-state="(.*?)"', done.stdout)[1]))["pill"]


@pytest.mark.parametrize(
    ("workers", "place", "said"),
    [
        ((), "local", "No vimos salir ningún dato tuyo"),
        (("held",), "local", "0 datos tuyos salieron de esta máquina"),
        (("held", "free"), "local", "No vimos salir ningún dato tuyo"),
        (("held",), "binder", "Tus textos están en una máquina prestada"),
        (("held",), "server", "Tus textos están en una máquina prestada"),
    ],
)
def test_the_pill_says_what_is_known(tmp_path, workers, place, said):
    assert pill(tmp_path / "home", *workers, place=place) == said


def test_looking_at_the_header_creates_nothing(tmp_path):
    home = Workspace(tmp_path / "home")
    pill(home.root)
    assert not (home.root / "run").exists()
