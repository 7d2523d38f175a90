"""The preparation service: calls of a page, session state, answers as plain data."""
