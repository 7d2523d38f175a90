"""A Python environment that has our dependencies but not us: what a wheel or Binder starts from."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def make_environment(folder: Path) -> Path:
    """Make a virtual environment in ``folder``; return its ``bin``.

    It sees the packages of the running one, pip among them, through a path file. Path files of that other folder are
    not read, so that an editable install of this checkout is not seen. A pip of its own would be the older one that
    Python brings: it takes 7 s of processor time to install and three times as long to resolve our requirements.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=300)
    [inner] = folder.glob("lib/python*/site-packages")
    (inner / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    _share_data(Path(sys.prefix) / "share" / "jupyter", folder / "share" / "jupyter")
    return folder / "bin"


def _share_data(source: Path, target: Path) -> None:
    """Link what our dependencies put beside their packages (templates, widgets' scripts), but nothing of ours."""
    for entry in source.iterdir():
        path = target / entry.name
        if entry.name in {"voila", "templates"}:
            _share_data(entry, path)
        elif entry.name != "poetas":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(entry)


def checkout(folder: Path) -> Path:
    """Put the tracked files of this checkout, as they are now, into ``folder``."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    ).stdout
    for name in filter(None, names.split("\0")):
        source = ROOT / name
        if source.is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
            target.chmod(source.stat().st_mode)
    return folder


def wait_for(log: Path, pattern: str, process: subprocess.Popen, seconds: float = 120) -> str:
    """Wait until a process has written what is looked for; fail at once if it died."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if match := re.search(pattern, log.read_text("utf-8", "replace")):
            return match[0]
        assert process.poll() is None, log.read_text("utf-8", "replace")
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8", "replace"))


def get(address: str, seconds: float = 120) -> tuple[str, dict[str, str]]:
    """Return the text and the headers of a page, once its server answers."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                return answer.read().decode("utf-8"), dict(answer.headers)
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
