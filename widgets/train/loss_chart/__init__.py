"""The live loss chart."""
