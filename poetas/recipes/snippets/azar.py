"""Escribir con temperatura, top-k y top-p, repitiendo la misma tirada con una semilla."""

import torch
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, PreTrainedTokenizerFast

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
KIND = "plain"  # "plain" sigue un texto, "chat" obedece pedidos, "seq2seq" lee un texto y escribe otro
TEXT = "Esta tarde cae la"
TEMPERATURE = 1.0  # 0: siempre la favorita
TOP_K = 0  # 0: todas
TOP_P = 1.0  # 1: todas
SEED = 7

tokenizer = PreTrainedTokenizerFast.from_pretrained(MODEL, local_files_only=True)
make = AutoModelForSeq2SeqLM if KIND == "seq2seq" else AutoModelForCausalLM
model = make.from_pretrained(MODEL, local_files_only=True)

if TEMPERATURE > 0:
    settings = {"do_sample": True, "temperature": TEMPERATURE, "top_k": TOP_K, "top_p": TOP_P}
else:
    settings = {"do_sample": False}

torch.manual_seed(SEED)
tokens = tokenizer(TEXT, return_tensors="pt").input_ids
written = model.generate(tokens, max_new_tokens=40, **settings)
print(tokenizer.decode(written[0], skip_special_tokens=True))
