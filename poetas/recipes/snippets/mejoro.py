"""El examen: el modelo como vino y el ajustado, ante los textos de prueba, al lado de lo que se logra sin esfuerzo.

La app compara además con otras medidas y con más puntos de comparación, recorta cada respuesta a tantas oraciones como
tienen los resúmenes de estudio, y calcula el intervalo con una corrección para pocos textos.
"""

import re
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
ADAPTER = None  # la carpeta de tu adaptador; None: solamente el modelo como vino
LONGEST = 384  # tokens que se leen de cada texto
WRITTEN = 60  # tokens que puede escribir, como mucho

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
if KIND == "seq2seq":
    model = AutoModelForSeq2SeqLM.from_pretrained(MODEL, local_files_only=True)
else:
    model = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)


def recorta(texto):  # si cae entre una letra y su acento, o adentro de un emoji, la app corta un poco antes
    lugares = tokenizer(texto, add_special_tokens=False, return_offsets_mapping=True).offset_mapping
    return texto[: lugares[LONGEST][0]].rstrip() if len(lugares) > LONGEST else texto


def prompt_ids(texto):
    """Los tokens que lee el modelo: un pedido de resumen."""
    pedido = BEFORE + texto.strip() + AFTER
    if KIND == "chat":
        turnos = [{"role": "user", "content": pedido}]
        consigna = tokenizer.apply_chat_template(turnos, tokenize=False, add_generation_prompt=True)
        pedacitos = tokenizer(consigna, add_special_tokens=False).input_ids
    else:
        pedacitos = tokenizer(pedido).input_ids
    return pedacitos


def resume(modelo, texto):
    pedacitos = prompt_ids(recorta(texto))
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


def media(valores):
    return sum(valores) / len(valores)


prueba = load_from_disk(DATASET)["test"]
textos = prueba["text"]
puntajes = {}


def anota(quien, modelo):
    """Toma el examen a un modelo, texto por texto."""
    if "summary" in prueba.column_names:
        puntajes[quien] = [rouge1(resume(modelo, fila["text"]), fila["summary"]) for fila in prueba]
    else:
        puntajes[quien] = [perdida(modelo, texto) for texto in textos]


if "summary" in prueba.column_names:
    medida = "puntos de ROUGE-1"
    for quien, lugar in (("Primera oración", 0), ("Segunda oración", 1)):
        oraciones = [re.split(r"(?<=[.!?])\s+", texto.strip()) for texto in textos]
        copias = [partes[min(lugar, len(partes) - 1)] for partes in oraciones]
        puntajes[quien] = [rouge1(*par) for par in zip(copias, prueba["summary"], strict=True)]
else:
    medida = "de pérdida"

anota("Como vino", model)
if ADAPTER:
    anota("Ajustado", PeftModel.from_pretrained(model, ADAPTER))

for quien, valores in puntajes.items():
    print(f"{quien}: {media(valores):.2f} {medida}, en {len(valores)} textos")

if ADAPTER:  # la diferencia, texto por texto, y cuánto cambia si se sortean otros textos parecidos
    diferencias = [despues - antes for antes, despues in zip(puntajes["Como vino"], puntajes["Ajustado"], strict=True)]
    torch.manual_seed(7)
    sorteos = torch.randint(len(diferencias), (2000, len(diferencias)))
    medias = torch.tensor(diferencias)[sorteos].mean(dim=1)
    menos, mas = medias.quantile(torch.tensor([0.025, 0.975])).tolist()
    print(f"Diferencia: {media(diferencias):+.2f} {medida} (entre {menos:+.2f} y {mas:+.2f})")
