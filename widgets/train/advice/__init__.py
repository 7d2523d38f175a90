"""The recommendation whether a language model is worth it."""
