"""Next-token probabilities, text generation, scoring: what the generation service runs, and what its callers share.

`prompts` and `sampling` are light and may be imported anywhere; `model`, `batch_generation` and `handler` bring torch
along and belong in workers.
"""

import os

# How long an idle OpenMP thread spins before it sleeps; libgomp reads it when torch is loaded, so it is set before. The
# default spins for about 20 ms after every parallel region, which on a shared machine made a step take 0.6-0.9 s, not
# 0.38 s (gemma3-270m, 12 rows); 3000 iterations, some 0.1 ms, cost nothing on an idle one (0.11 s both ways).
os.environ.setdefault("GOMP_SPINCOUNT", "3000")
