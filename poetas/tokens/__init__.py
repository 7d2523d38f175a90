"""Tokenizers without transformers or torch: tokens of a text, token counts, truncation at N tokens."""
