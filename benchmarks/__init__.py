"""Benchmarks against what a user would do instead: ``python -m benchmarks NAME --json FILE``."""
