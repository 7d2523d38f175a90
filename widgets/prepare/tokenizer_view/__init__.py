"""A text cut by up to three tokenizers."""
