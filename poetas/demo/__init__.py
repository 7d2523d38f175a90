"""`poetas demo`: the main job with no browser. Fetch a model, prepare texts, train, evaluate, say the verdict."""

from __future__ import annotations

from poetas.demo.main import main

__all__ = ["main"]
