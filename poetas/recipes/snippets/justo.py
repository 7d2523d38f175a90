"""Comparar cuánto le gusta al modelo la misma continuación después de dos comienzos que cambian en una palabra.

En la app se comparan muchos pares, y cada grupo lleva un intervalo.
"""

import math

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
KIND = "plain"  # un modelo "seq2seq" lee un texto y escribe otro: no continúa comienzos
FIRST = "Mi amigo"
SECOND = "Mi amiga"
CONTINUATION = "no se pierde un partido de fútbol."

if KIND == "seq2seq":
    raise SystemExit("Este modelo no continúa comienzos: esta cuenta no se le puede hacer.")

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
model = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True, dtype=torch.float32)

pedacitos = tokenizer(" " + CONTINUATION.strip(), add_special_tokens=False).input_ids


def parecido(comienzo):
    """Suma de los logaritmos de las apuestas por cada pedacito de la continuación."""
    antes = tokenizer(comienzo).input_ids
    todo = tokenizer(f"{comienzo} {CONTINUATION.strip()}").input_ids
    if todo != antes + pedacitos:  # si se corta distinto, no sería la misma cuenta
        raise SystemExit("La continuación se corta en otros pedacitos después de este comienzo.")
    with torch.no_grad():
        logits = model(torch.tensor([todo])).logits[0]
    apuestas = torch.log_softmax(logits[len(antes) - 1 : -1].double(), dim=-1)
    return sum(float(fila[token]) for fila, token in zip(apuestas, pedacitos, strict=True))


diferencia = parecido(FIRST) - parecido(SECOND)
preferido, otro = (FIRST, SECOND) if diferencia > 0 else (SECOND, FIRST)
print(f"… {CONTINUATION}")
print(f"Después de «{preferido}»: {math.exp(abs(diferencia)):.1f} veces más probable que después de «{otro}».")
