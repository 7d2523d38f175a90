"""Greedy texts of GGUF files as llama.cpp writes them, in a process of its own."""

import json
import subprocess
import sys

PROGRAM = """
import json, sys
import xllamacpp as llama

paths, count, prompts = json.loads(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3])
written = []
for path in paths:
    params = llama.CommonParams()
    params.model.path = path
    params.n_ctx, params.n_gpu_layers, params.warmup, params.verbosity = 256, 0, False, -1
    params.cpuparams.n_threads = 1
    server = llama.Server(params)
    asked = {"n_predict": count, "temperature": 0.0, "top_k": 1, "cache_prompt": False, "repeat_penalty": 1.0}
    answers = [server.handle_completions({**asked, "prompt": prompt}) for prompt in prompts]
    written.append([answer["choices"][0]["text"] if "choices" in answer else answer for answer in answers])
print("\\n" + json.dumps(written))
"""


def written_by_llama_cpp(paths, prompts, count):
    """The texts of each file after each prompt, ``count`` tokens at most."""
    command = [sys.executable, "-c", PROGRAM, json.dumps([*map(str, paths)]), str(count), json.dumps(prompts)]
    seen = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert seen.returncode == 0, seen.stderr[-3000:]
    return json.loads(seen.stdout.strip().splitlines()[-1])
