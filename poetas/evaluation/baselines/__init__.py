"""Points of comparison that need no training: what a model must beat to be worth its keep."""
