"""Import of modules with large libraries, without the searches for garbage that an import sets off.

Loading torch, transformers and peft makes some millions of objects of which none is garbage, and Python looks through
them again and again: a tenth of the time until a training, an exam or a generation service begins (11.5 s of processor
time without this, 10.2 s with it, on a busy machine). Later each full search would take another 0.4 s.
"""

from __future__ import annotations

import gc
import importlib
import sys
from types import ModuleType


def import_large(name: str) -> ModuleType:
    """Import a module as `importlib.import_module` does; what it loads is left out of every later search.

    >>> import_large("json").__name__
    'json'
    """
    if name in sys.modules or not gc.isenabled():
        return importlib.import_module(name)
    gc.disable()
    try:
        return importlib.import_module(name)
    finally:
        gc.freeze()
        gc.enable()
