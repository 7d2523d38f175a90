"""Antes de llevarlo, cuánto recita de lo que estudió; después, el adaptador unido al modelo en una sola carpeta.

La app compara además con textos que no estudió, busca datos personales en lo recitado, y agrega la licencia y la ficha.
"""

import torch
from datasets import load_from_disk
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
KIND = "plain"  # "plain" sigue un texto, "chat" obedece pedidos, "seq2seq" lee un texto y escribe otro
DATASET = "mi-conjunto"  # la carpeta del conjunto preparado
ADAPTER = None  # la carpeta de tu adaptador; None: solamente el modelo como vino
NAME = "mi-modelo"  # la carpeta en la que queda
GIVEN = 20  # tokens de cada texto que se le dan como comienzo
MORE = 20  # tokens que tendría que seguir igual, para que sea recitar

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
if KIND == "seq2seq":
    model = AutoModelForSeq2SeqLM.from_pretrained(MODEL, local_files_only=True)
else:
    model = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)


def recita(modelo, texto):
    """Si, dado el comienzo de un texto, lo sigue palabra por palabra."""
    pedacitos = tokenizer(texto.strip(), add_special_tokens=False).input_ids
    comienzo, resto = pedacitos[:GIVEN], pedacitos[GIVEN : GIVEN + MORE]
    if not resto:
        return False
    leido = [tokenizer.bos_token_id] * (tokenizer.bos_token_id is not None) + comienzo
    inputs = {"input_ids": torch.tensor([leido])}
    escrito = modelo.generate(**inputs, max_new_tokens=len(resto), do_sample=False)[0]
    if KIND != "seq2seq":
        escrito = escrito[len(leido) :]  # sin el comienzo
    dicho = tokenizer.decode(escrito, skip_special_tokens=True).strip()
    return dicho.startswith(tokenizer.decode(resto, skip_special_tokens=True).strip())


textos = load_from_disk(DATASET)["train"]["text"]
textos = list(textos)[:40]
print("Como vino, sigue igual:", sum(recita(model, texto) for texto in textos), "de", len(textos))

if ADAPTER:
    model = PeftModel.from_pretrained(model, ADAPTER)
    print("El tuyo, sigue igual:  ", sum(recita(model, texto) for texto in textos), "de", len(textos))
    model = model.merge_and_unload()  # las notas al margen pasan a ser parte del libro

model.save_pretrained(NAME)
tokenizer.save_pretrained(NAME)
print(f"Quedó en «{NAME}». Se abre con from_pretrained, sin este programa. Copiá también la licencia del modelo.")
