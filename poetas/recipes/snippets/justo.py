"""Comparar cuánto apuesta el modelo por la misma continuación después de dos comienzos que cambian en una palabra.

En la app se comparan muchos pares, y cada grupo lleva un intervalo.
"""

import math

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
KIND = "plain"  # "plain" sigue un texto, "chat" obedece pedidos, "seq2seq" lee un texto y escribe otro
FIRST = "Mi amigo"
SECOND = "Mi amiga"
CONTINUATION = "no se pierde un partido de fútbol."

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
pedacitos = tokenizer(" " + CONTINUATION.strip(), add_special_tokens=False).input_ids
print(f"… {CONTINUATION} ({len(pedacitos)} tokens)")

if KIND == "seq2seq":
    print("Este modelo lee un texto y escribe otro: no continúa comienzos, y esta cuenta no se le puede hacer.")
else:
    model = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True, dtype=torch.float32)
    sumas = {}
    for comienzo in (FIRST, SECOND):
        antes = tokenizer(comienzo).input_ids
        todo = tokenizer(f"{comienzo} {CONTINUATION.strip()}").input_ids
        if todo != antes + pedacitos:  # si se corta distinto, no sería la misma cuenta
            print(f"Después de «{comienzo}» la continuación se corta en otros pedacitos.")
        with torch.no_grad():
            logits = model(torch.tensor([antes + pedacitos])).logits[0]
        apuestas = torch.log_softmax(logits[len(antes) - 1 : -1].double(), dim=-1)
        sumas[comienzo] = sum(float(fila[token]) for fila, token in zip(apuestas, pedacitos, strict=True))
    diferencia = sumas[FIRST] - sumas[SECOND]
    preferido, otro = (FIRST, SECOND) if diferencia > 0 else (SECOND, FIRST)
    print(f"Después de «{preferido}»: {math.exp(abs(diferencia)):.1f} veces más probable que después de «{otro}».")
