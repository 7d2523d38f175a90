"""A text drawn as token chips."""
