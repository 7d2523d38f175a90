"""Choosing a file: upload, local folders, samples, reading hints."""
