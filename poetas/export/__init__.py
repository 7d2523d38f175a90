"""Export of a finished training: files that work without this program, and a page to keep."""
