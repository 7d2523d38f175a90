"""A histogram with a cut line that can be dragged."""
