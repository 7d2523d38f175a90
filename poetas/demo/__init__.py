"""`poetas demo`: the main job without a browser (fetch a model, prepare texts, train, evaluate, print the verdict)."""

from __future__ import annotations

from poetas.demo.main import main

__all__ = ["main"]
