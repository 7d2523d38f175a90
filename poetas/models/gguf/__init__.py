"""GGUF files: metadata, tensors, tokenizer, architecture names."""
