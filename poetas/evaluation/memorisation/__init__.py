"""Memorisation check: how much of the training texts can be drawn out of a fine-tuned model."""
