"""El modelo como vino, ante tres textos del simulacro: solo, y con dos ejemplos en la consigna.

La app recorta además los textos largos, para que los ejemplos y el texto entren en la memoria del modelo.
"""

import re

import torch
from datasets import load_from_disk
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
KIND = "plain"  # "plain" sigue un texto, "chat" obedece pedidos, "seq2seq" lee un texto y escribe otro
BEFORE = "Texto:\n"  # cómo se le pide un resumen: esto, el texto...
AFTER = "\n\nResumen en una oración:"  # ...y esto
DATASET = "mi-conjunto"  # la carpeta del conjunto preparado
LONGEST = 60  # tokens que puede escribir, como mucho

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
if KIND == "seq2seq":
    model = AutoModelForSeq2SeqLM.from_pretrained(MODEL, local_files_only=True)
else:
    model = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)
partes = load_from_disk(DATASET)


def prompt_ids(texto, ejemplos=()):
    """Los tokens que lee el modelo: un pedido de resumen, después de los ejemplos si los hay."""
    if KIND == "chat":
        turnos = []
        for otro, resumen in ejemplos:
            turnos.append({"role": "user", "content": BEFORE + otro + AFTER})
            turnos.append({"role": "assistant", "content": resumen})
        turnos.append({"role": "user", "content": BEFORE + texto + AFTER})
        consigna = tokenizer.apply_chat_template(turnos, tokenize=False, add_generation_prompt=True)
        pedacitos = tokenizer(consigna, add_special_tokens=False).input_ids
    else:
        blanco = " " if KIND == "plain" else "\n\n"
        consigna = "".join(f"{BEFORE}{otro}{AFTER}{blanco}{resumen}\n\n" for otro, resumen in ejemplos)
        pedacitos = tokenizer(consigna + BEFORE + texto + AFTER).input_ids
    return pedacitos


def corrientes(filas, cuantos=2):
    """Los pares de texto y resumen de largos más corrientes: ninguno es un caso raro."""
    pares = [(fila["text"], fila["summary"]) for fila in filas]
    largos = [[len(re.findall(r"\w+", lado)) for lado in par] for par in pares]
    medio = [sorted(lado)[len(lado) // 2] for lado in zip(*largos, strict=True)]
    rareza = [sum(abs(n - m) / max(m, 1) for n, m in zip(par, medio, strict=True)) for par in largos]
    return [pares[lugar] for lugar in sorted(range(len(pares)), key=rareza.__getitem__)[:cuantos]]


def escribe(pedacitos, **perillas):
    inputs = {"input_ids": torch.tensor([pedacitos])}
    escrito = model.generate(**inputs, max_new_tokens=LONGEST, **perillas)[0]
    if KIND != "seq2seq":
        escrito = escrito[len(pedacitos) :]  # sin la consigna
    return tokenizer.decode(escrito, skip_special_tokens=True)


def resume(pedacitos):
    respuesta = escribe(pedacitos, do_sample=False).strip()  # siempre lo más probable, sin azar
    return respuesta.split("\n")[0] if KIND == "plain" else respuesta


filas = partes["validation"].select(range(min(3, partes["validation"].num_rows)))
if "summary" in filas.column_names:
    ejemplos = corrientes(partes["train"].select(range(min(40, partes["train"].num_rows))))
    for fila in filas:
        print("Sin ejemplos:  ", resume(prompt_ids(fila["text"])))
        print("Con ejemplos:  ", resume(prompt_ids(fila["text"], ejemplos)))
        print("De referencia: ", fila["summary"])
else:
    for fila in filas:  # un conjunto de estilo no tiene resúmenes: el modelo sigue la primera línea, con algo de azar
        comienzo = fila["text"].strip().splitlines()[0] + "\n"
        torch.manual_seed(7)
        sigue = escribe(tokenizer(comienzo).input_ids, do_sample=True, temperature=0.8, top_k=0, top_p=0.95)
        print(comienzo + sigue.split("\n\n")[0] + "\n")
