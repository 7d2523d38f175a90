"""Token lengths, truncation and its preview."""
