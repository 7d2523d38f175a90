"""Live loss chart of a training."""
