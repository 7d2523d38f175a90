"""Escribir con temperatura, top-k y top-p, repitiendo la misma tirada con una semilla.

En la app las mismas perillas dan otra tirada: sortea con otro generador de números al azar.
"""

import torch
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
KIND = "plain"  # "plain" sigue un texto, "chat" obedece pedidos, "seq2seq" lee un texto y escribe otro
TEXT = "Esta tarde cae la"
TEMPERATURE = 1.0  # 0: siempre la favorita
TOP_K = 0  # 0: todas
TOP_P = 1.0  # 1: todas
SEED = 7

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
if KIND == "seq2seq":
    model = AutoModelForSeq2SeqLM.from_pretrained(MODEL, local_files_only=True)
else:
    model = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)

if TEMPERATURE > 0:
    perillas = {"do_sample": True, "temperature": TEMPERATURE, "top_k": TOP_K, "top_p": TOP_P}
else:
    perillas = {"do_sample": False}

torch.manual_seed(SEED)
inputs = tokenizer(TEXT, return_tensors="pt")
escrito = model.generate(**inputs, max_new_tokens=40, **perillas)
print(tokenizer.decode(escrito[0], skip_special_tokens=True))
