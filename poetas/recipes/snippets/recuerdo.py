"""Una página para guardar: el nombre del modelo, lo que escribe antes y después, y lo mejor que escribió.

La app agrega la curva del entrenamiento y el veredicto del examen, y toma las líneas de lo que escribió al estudiar.
"""

from datetime import datetime
from html import escape
from pathlib import Path

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
KIND = "plain"  # "plain" sigue un texto, "chat" obedece pedidos, "seq2seq" lee un texto y escribe otro
BEFORE = "Texto:\n"  # cómo se le pide un resumen: esto, el texto...
AFTER = "\n\nResumen en una oración:"  # ...y esto
ADAPTER = None  # la carpeta de tu adaptador; None: solamente el modelo como vino
TASK = "summary"  # "summary": resume un texto; "style": sigue un comienzo
NAME = "Mi modelo"  # cómo se llama
AUTHOR = ""  # quién firma, si querés
TEXT = "Anoche llovió tanto que el arroyo tapó el puente. Los chicos no pudieron llegar a la escuela."
LINES = ()  # lo mejor que escribió, hasta tres líneas
LONGEST = 60  # tokens que puede escribir, como mucho

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
if KIND == "seq2seq":
    model = AutoModelForSeq2SeqLM.from_pretrained(MODEL, local_files_only=True)
else:
    model = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)


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


def escribe(escritor):
    """Lo que escribe: de un texto, un resumen; de un comienzo, cómo sigue, con algo de azar."""
    pedacitos, perillas = prompt_ids(TEXT), {"do_sample": False}
    if TASK == "style":
        pedacitos = tokenizer(TEXT).input_ids
        perillas = {"do_sample": True, "temperature": 0.8, "top_k": 0, "top_p": 0.95}
    torch.manual_seed(7)
    inputs = {"input_ids": torch.tensor([pedacitos])}
    escrito = escritor.generate(**inputs, max_new_tokens=LONGEST, **perillas)[0]
    if KIND != "seq2seq":
        escrito = escrito[len(pedacitos) :]  # sin la consigna
    return tokenizer.decode(escrito, skip_special_tokens=True).strip()


versiones = [("Antes", escribe(model))]
if ADAPTER:
    versiones.append(("Después", escribe(PeftModel.from_pretrained(model, ADAPTER))))

# Cada texto ajeno pasa por escape: así un texto nunca se vuelve código de la página
partes = [f"<h1>{escape(NAME)}</h1>", f"<p>{datetime.now().astimezone():%d/%m/%Y} {escape(AUTHOR)}</p>"]
partes += [f"<blockquote>{escape(linea)}</blockquote>" for linea in LINES[:3]]
partes += [f"<h2>{momento}</h2><p>{escape(escrito) or '(nada)'}</p>" for momento, escrito in versiones]
cuerpo = "\n".join(partes)
pagina = Path("recuerdo.html")
pagina.write_text(
    f'<!doctype html><html lang="es"><meta charset="utf-8"><title>{escape(NAME)}</title>'
    f'<body style="font-family: serif; max-width: 40rem; margin: 3rem auto">\n{cuerpo}\n</body></html>',
    encoding="utf-8",
)
print(f"Quedó en «{pagina}»: se abre con cualquier navegador, sin internet.")
