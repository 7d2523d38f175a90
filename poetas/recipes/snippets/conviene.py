"""Copiar, extraer, pedir o ajustar: qué tan bien sale cada camino en los textos de prueba, y cuánto tarda.

La app mide además la memoria, calcula el intervalo con una corrección para pocos textos, recorta cada respuesta a
tantas oraciones como tienen los resúmenes de estudio y, para extraer, prueba además las tres primeras y la central.
"""

import re
import time
from collections import Counter

import torch
from datasets import load_from_disk
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
KIND = "plain"  # "plain" sigue un texto, "chat" obedece pedidos, "seq2seq" lee un texto y escribe otro
BEFORE = "Texto:\n"  # cómo se le pide un resumen: esto, el texto...
AFTER = "\n\nResumen en una oración:"  # ...y esto
DATASET = "mi-conjunto"  # la carpeta del conjunto preparado
ADAPTER = None  # la carpeta de tu adaptador; None: solamente los caminos que cuestan menos
LONGEST = 384  # tokens que se leen de cada texto
WRITTEN = 60  # tokens que puede escribir, como mucho

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
if KIND == "seq2seq":
    model = AutoModelForSeq2SeqLM.from_pretrained(MODEL, local_files_only=True)
else:
    model = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)
partes = load_from_disk(DATASET)
prueba, de_estudio = partes["test"], partes["train"]


def recorta(texto):  # si cae entre una letra y su acento, o adentro de un emoji, la app corta un poco antes
    lugares = tokenizer(texto, add_special_tokens=False, return_offsets_mapping=True).offset_mapping
    return texto[: lugares[LONGEST][0]].rstrip() if len(lugares) > LONGEST else texto


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


def resume(modelo, texto, ejemplos=()):
    pedacitos = prompt_ids(recorta(texto.strip()), ejemplos)
    inputs = {"input_ids": torch.tensor([pedacitos])}
    escrito = modelo.generate(**inputs, max_new_tokens=WRITTEN, do_sample=False)[0]
    if KIND != "seq2seq":
        escrito = escrito[len(pedacitos) :]  # sin la consigna
    return tokenizer.decode(escrito, skip_special_tokens=True).strip().split("\n")[0]


def perdida(modelo, texto):
    """Cuánto lo sorprende un texto, en promedio por token."""
    if KIND == "seq2seq":  # lee la primera línea y escribe las demás
        primera, _, resto = recorta(texto.strip()).partition("\n")
        leido = tokenizer(primera.rstrip() + "\n").input_ids
        escrito = [*tokenizer(resto.lstrip() or texto, add_special_tokens=False).input_ids, tokenizer.eos_token_id]
        inputs = {"input_ids": torch.tensor([leido]), "labels": torch.tensor([escrito])}
    else:
        pedacitos = torch.tensor([[*tokenizer(recorta(texto.strip())).input_ids, tokenizer.eos_token_id]])
        inputs = {"input_ids": pedacitos, "labels": pedacitos}
    with torch.no_grad():
        return modelo(**inputs).loss.item()


def palabras(texto):
    return re.findall(r"\w+", texto.lower())


def rouge1(escrito, referencia):
    """Palabras en común con la referencia, de 0 a 100."""
    nuestras, suyas = Counter(palabras(escrito)), Counter(palabras(referencia))
    return 200 * (nuestras & suyas).total() / max(1, nuestras.total() + suyas.total())


def oracion(texto, lugar):
    oraciones = re.split(r"(?<=[.!?])\s+", texto.strip())
    return oraciones[min(lugar, len(oraciones) - 1)]


puntajes, segundos = {}, {}


def anota(camino, puntaje):
    """Puntúa cada texto de prueba con un camino, y cuenta cuánto tarda."""
    comienzo = time.perf_counter()
    puntajes[camino] = [puntaje(fila) for fila in prueba]
    segundos[camino] = (time.perf_counter() - comienzo) / prueba.num_rows


if "summary" in prueba.column_names:
    medida = "puntos de ROUGE-1"
    muestra = de_estudio.select(range(min(2, de_estudio.num_rows)))
    ejemplos = [(recorta(fila["text"]), fila["summary"]) for fila in muestra]
    anota("Copiar la primera oración", lambda fila: rouge1(oracion(fila["text"], 0), fila["summary"]))
    anota("Extraer la segunda", lambda fila: rouge1(oracion(fila["text"], 1), fila["summary"]))
    anota("Pedirlo con dos ejemplos", lambda fila: rouge1(resume(model, fila["text"], ejemplos), fila["summary"]))
else:
    medida = "de pérdida"
    anota("Como vino", lambda fila: perdida(model, fila["text"]))

if ADAPTER:
    ajustado = PeftModel.from_pretrained(model, ADAPTER)
    if "summary" in prueba.column_names:
        anota("Ajustado", lambda fila: rouge1(resume(ajustado, fila["text"]), fila["summary"]))
    else:
        anota("Ajustado", lambda fila: perdida(ajustado, fila["text"]))

for camino, valores in puntajes.items():
    print(f"{camino}: {sum(valores) / len(valores):.2f} {medida}; {segundos[camino]:.2f} segundos por texto")

if ADAPTER:  # la diferencia con cada camino, texto por texto; si el intervalo pisa el cero, no se sabe
    for camino, valores in puntajes.items():
        if camino != "Ajustado":
            torch.manual_seed(7)
            diferencias = torch.tensor(puntajes["Ajustado"]) - torch.tensor(valores)
            sorteos = torch.randint(len(diferencias), (2000, len(diferencias)))
            menos, mas = diferencias[sorteos].mean(dim=1).quantile(torch.tensor([0.025, 0.975])).tolist()
            print(f"Ajustado contra «{camino}»: entre {menos:+.2f} y {mas:+.2f} {medida}")
