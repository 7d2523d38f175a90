"""Exercises of an app: each with a hint, a worked answer and a check of what is on the page."""
