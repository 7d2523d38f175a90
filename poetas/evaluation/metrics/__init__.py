"""Metrics of a text against its reference and its source: one file each, a table, and their `evaluate` form."""
