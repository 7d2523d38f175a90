"""An environment with the ipywidgets that Colab has, laid over the one that runs this program.

    python tests/colab_environment.py FOLDER

It holds ipywidgets 7.7.1 and what belongs to it; everything else comes from the environment below, so that it takes
seconds and no second torch. `make test-colab` runs the component tests in it, inline as in Colab.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

# What Colab has installed, with the front-end packages of that ipywidgets.
PINS = ("ipywidgets==7.7.1", "widgetsnbextension==3.6.10", "jupyterlab-widgets==1.1.11", "ipython-genutils==0.2.0")


def build(folder: Path) -> Path:
    """Create the environment and return its interpreter."""
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    command = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--upgrade", "--target", str(packages)]
    subprocess.run([*install, *PINS], check=True)
    root = Path(__file__).resolve().parents[1]
    (packages / "below.pth").write_text(f"{root}\n{sysconfig.get_path('purelib')}\n", "utf-8")
    return python


if __name__ == "__main__":
    build(Path(sys.argv[1]))
