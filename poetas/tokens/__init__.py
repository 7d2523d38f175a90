"""How a model reads: texts cut into tokens, how long they are, what a cut loses. No transformers, no torch."""
