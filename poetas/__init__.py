"""LLMs para poetas: the headless core (no widgets, no notebook machinery)."""

__version__ = "0.1.0"
