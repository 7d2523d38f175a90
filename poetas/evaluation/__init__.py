"""How good a summary or a style is: metrics, points of comparison, intervals, and a verdict in plain words."""
