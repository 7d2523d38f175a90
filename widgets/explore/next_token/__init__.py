"""Next-token probabilities as bars, and the sampling settings that reshape them."""
