"""Greedy texts of a GGUF file as llama.cpp writes them, in a process of its own."""

import json
import subprocess
import sys

PROGRAM = """
import json, sys
import xllamacpp as llama

path, count, prompts = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
params = llama.CommonParams()
params.model.path = path
params.n_ctx, params.n_gpu_layers, params.warmup, params.verbosity = 256, 0, False, -1
params.cpuparams.n_threads = 1
server = llama.Server(params)
asked = {"n_predict": count, "temperature": 0.0, "top_k": 1, "cache_prompt": False, "repeat_penalty": 1.0}
answers = [server.handle_completions({**asked, "prompt": prompt}) for prompt in prompts]
print("\\n" + json.dumps([answer["choices"][0]["text"] if "choices" in answer else answer for answer in answers]))
"""


def written_by_llama_cpp(path, prompts, count):
    """The texts after each prompt, ``count`` tokens at most."""
    command = [sys.executable, "-c", PROGRAM, str(path), str(count), json.dumps(prompts)]
    seen = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert seen.returncode == 0, seen.stderr[-3000:]
    return json.loads(seen.stdout.strip().splitlines()[-1])
