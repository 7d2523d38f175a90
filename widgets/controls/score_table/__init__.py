"""A table of scores with clickable cells."""
