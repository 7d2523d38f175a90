"""Next-token probabilities, text generation, scoring: what the generation service runs, and what its callers share.

`prompts`, `encoding` and `sampling` are light and may be imported anywhere; `model`, `decode` and `handler` bring
torch along and belong in workers.
"""
