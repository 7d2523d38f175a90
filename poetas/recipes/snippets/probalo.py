"""El mismo texto, dado al modelo como vino y al modelo con tu adaptador.

La app muestra cada palabra apenas sale y marca los nombres y números que el texto no tiene.
"""

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
KIND = "plain"  # "plain" sigue un texto, "chat" obedece pedidos, "seq2seq" lee un texto y escribe otro
BEFORE = "Texto:\n"  # cómo se le pide un resumen: esto, el texto...
AFTER = "\n\nResumen en una oración:"  # ...y esto
ADAPTER = None  # la carpeta de tu adaptador; None: solamente el modelo como vino
TASK = "summary"  # "summary": resumirlo; "style": seguirlo
TEXT = "Anoche llovió tanto que el arroyo tapó el puente. Los chicos no pudieron llegar a la escuela."
LONGEST = 80  # tokens que puede escribir, como mucho

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


if TASK == "style":  # con algo de azar
    pedacitos = tokenizer(TEXT).input_ids
    perillas = {"do_sample": True, "temperature": 0.8, "top_k": 0, "top_p": 0.95}
else:  # siempre lo más probable
    pedacitos = prompt_ids(TEXT)
    perillas = {"do_sample": False}


def escribe(escritor):
    torch.manual_seed(7)
    inputs = {"input_ids": torch.tensor([pedacitos])}
    escrito = escritor.generate(**inputs, max_new_tokens=LONGEST, **perillas)[0]
    if KIND != "seq2seq":
        escrito = escrito[len(pedacitos) :]  # sin la consigna
    respuesta = tokenizer.decode(escrito, skip_special_tokens=True)
    if TASK == "style":
        return respuesta
    respuesta = respuesta.strip()
    return respuesta.split("\n")[0] if KIND == "plain" else respuesta


print("Como vino:", escribe(model))
if ADAPTER:
    ajustado = PeftModel.from_pretrained(model, ADAPTER)
    print("Tuyo:     ", escribe(ajustado))
