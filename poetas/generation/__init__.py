"""Next-token probabilities, text generation, scoring: what the generation service runs, and what its callers share.

`prompts` and `sampling` are light and may be imported anywhere; `model`, `batch_generation` and `handler` bring torch
along and belong in workers.
"""

import os

# How long an idle OpenMP thread spins before it sleeps; read when torch is loaded, so said before. The default burns
# about 20 ms at every hand-over, which on a machine shared with others made a step take 0.6-0.9 s instead of 0.38 s
# (gemma3-270m, 12 rows); the 3000 turns here, some 0.1 ms, cost nothing on a quiet one (0.11 s both ways).
os.environ.setdefault("GOMP_SPINCOUNT", "3000")
