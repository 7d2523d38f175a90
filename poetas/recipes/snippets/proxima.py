"""Las diez apuestas más fuertes del modelo para la próxima palabra."""

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
TEXT = "Esta tarde cae la"

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
model = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)

tokens = tokenizer(TEXT, return_tensors="pt")
with torch.no_grad():
    logits = model(**tokens).logits[0, -1]  # un puntaje por cada token que conoce

odds = torch.softmax(logits.double(), dim=-1)
for share, token in zip(*torch.topk(odds, 10), strict=True):
    print(f"{share:7.2%}  {tokenizer.decode(token)!r}")
