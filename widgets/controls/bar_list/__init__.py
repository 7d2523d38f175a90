"""A list of clickable horizontal bars."""
