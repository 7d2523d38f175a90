"""Tokenizer view: a text cut by up to three tokenizers."""
