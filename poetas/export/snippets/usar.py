"""# Tu modelo, en otra computadora

Este cuaderno usa lo que bajaste sin *LLMs para poetas*: solamente `torch`, `transformers` y `peft`, que se instalan con

    pip install torch transformers peft

Abrilo en la carpeta donde está (la que salió del zip) y corré las celdas de arriba abajo.
"""

import torch
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, PreTrainedTokenizerFast

# Qué modelo es y cómo se le pide: así fue entrenado
MODEL = "modelo"  # la carpeta del modelo, o su nombre en Hugging Face
REVISION = None  # de qué versión de Hugging Face partió; None: la de la carpeta
ADAPTER = None  # la carpeta del adaptador; None: ya viene unido al modelo
GGUF = None  # el archivo GGUF de esa carpeta, si es lo que bajaste (pide también: pip install gguf)
TASK = "summary"  # "summary": resume un texto; "style": sigue un comienzo
KIND = "plain"  # "plain" sigue un texto, "chat" obedece pedidos, "seq2seq" lee un texto y escribe otro
BEFORE = "Texto:\n"  # un pedido de resumen es esto, el texto...
AFTER = "\n\nResumen en una oración:"  # ...y esto
ENDS = [1]  # los tokens que terminan lo que escribe
LONGEST = 80  # tokens: hasta acá escribe, aunque no haya terminado
STOP = "\n"  # un resumen termina donde aparece esto; "": en ningún lado

tokenizer = PreTrainedTokenizerFast.from_pretrained(MODEL, revision=REVISION)
clase = AutoModelForSeq2SeqLM if KIND == "seq2seq" else AutoModelForCausalLM
model = clase.from_pretrained(MODEL, revision=REVISION, gguf_file=GGUF, dtype=torch.float32)

if ADAPTER:
    from peft import PeftModel

    model = PeftModel.from_pretrained(model, ADAPTER)


def prompt_ids(texto):
    """Los tokens que lee: el comienzo tal cual, o un pedido de resumen."""
    pedido = texto if TASK == "style" else BEFORE + texto.strip() + AFTER
    if KIND == "chat" and TASK == "summary":
        turnos = [{"role": "user", "content": pedido}]
        consigna = tokenizer.apply_chat_template(turnos, tokenize=False, add_generation_prompt=True)
        return tokenizer(consigna, add_special_tokens=False).input_ids
    return tokenizer(pedido).input_ids


def escribir(texto, tokens=LONGEST, temperatura=0.0):
    """Lo que escribe. temperatura: 0 es siempre lo más probable; con 0.8 se deja jugar al azar."""
    pedacitos = prompt_ids(texto)
    perillas = {"do_sample": True, "temperature": temperatura, "top_k": 0, "top_p": 0.95}
    if temperatura == 0:
        perillas = {"do_sample": False}
    escrito = model.generate(
        input_ids=torch.tensor([pedacitos]),
        attention_mask=torch.ones(1, len(pedacitos), dtype=torch.long),
        max_new_tokens=tokens,
        eos_token_id=ENDS,
        pad_token_id=ENDS[0],
        **perillas,
    )[0]
    if KIND != "seq2seq":
        escrito = escrito[len(pedacitos) :]  # sin la consigna
    respuesta = tokenizer.decode(escrito, skip_special_tokens=True).strip()
    return respuesta.split(STOP)[0] if STOP else respuesta


if TASK == "style":
    print(escribir("Cuando baja la crecida,\n", temperatura=0.8))
else:
    print(escribir("Anoche llovió tanto que el arroyo tapó el puente. Los chicos no pudieron llegar a la escuela."))
