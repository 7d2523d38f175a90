"""A qué le apuesta un modelo entre varias maneras de seguir un verso.

Los números del juego salieron de estas mismas cuentas, hechas una vez y guardadas.
"""

import torch
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
KIND = "plain"  # "plain" sigue un texto, "chat" obedece pedidos, "seq2seq" lee un texto y escribe otro
TEXT = "Perdí la llave del río\ny ahora no puedo abrir la"
OPTIONS = ("ventana", "canilla", "puerta", "boca")

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
comienzo = tokenizer(TEXT).input_ids
if KIND == "seq2seq":
    model = AutoModelForSeq2SeqLM.from_pretrained(MODEL, local_files_only=True)
else:
    model = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)

for palabra in OPTIONS:
    pedacitos = tokenizer(f" {palabra}", add_special_tokens=False).input_ids  # una palabra rara lleva varios
    with torch.no_grad():
        if KIND == "seq2seq":  # lo que escribe empieza de cero, aparte de lo que lee
            escrito = torch.tensor([[model.config.decoder_start_token_id, *pedacitos]])
            logits = model(torch.tensor([comienzo]), decoder_input_ids=escrito).logits[0, :-1]
        else:
            logits = model(torch.tensor([comienzo + pedacitos])).logits[0, len(comienzo) - 1 : -1]
    # Cada pedacito tiene su apuesta, dado todo lo que viene antes; la de la palabra entera es su producto.
    apuestas = torch.softmax(logits.double(), dim=-1)[torch.arange(len(pedacitos)), pedacitos]
    print(f"{apuestas.prod().item():9.3%}  {palabra}")
