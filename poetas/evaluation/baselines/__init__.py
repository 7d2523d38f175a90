"""Baselines: summarisers that need no training, to compare a model with."""
