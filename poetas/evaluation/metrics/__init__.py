"""Metrics of a text against its reference and its source: one module each, and a registry."""
