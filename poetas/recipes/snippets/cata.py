"""Una cata a ciegas: versiones de un mismo texto, mezcladas y sin etiqueta; quién escribió cada una se dice al final.

La app guarda tu voto antes de destapar, y corta todas las continuaciones al mismo largo para que ninguna se delate.
"""

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
ADAPTER = None  # la carpeta de tu adaptador; None: se cata el modelo como vino contra la referencia
LONGEST = 60  # tokens que puede escribir, como mucho
SEED = 7  # con qué semilla se mezcla

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


def escribe(escritor, texto):
    """Un resumen sin azar; o, en un conjunto de estilo, cómo sigue la primera línea, con algo de azar."""
    if "summary" in textos.column_names:
        pedacitos, perillas = prompt_ids(texto), {"do_sample": False}
    else:
        pedacitos = tokenizer(texto.strip().splitlines()[0] + "\n").input_ids
        perillas = {"do_sample": True, "temperature": 0.8, "top_k": 0, "top_p": 0.95}
    torch.manual_seed(SEED)
    inputs = {"input_ids": torch.tensor([pedacitos])}
    escrito = escritor.generate(**inputs, max_new_tokens=LONGEST, **perillas)[0]
    if KIND != "seq2seq":
        escrito = escrito[len(pedacitos) :]  # sin la consigna
    respuesta = tokenizer.decode(escrito, skip_special_tokens=True).strip()
    return respuesta.split("\n")[0] if "summary" in textos.column_names else respuesta.split("\n\n")[0]


textos = load_from_disk(DATASET)["validation"]
textos = textos.select(range(min(3, textos.num_rows)))
copas = []
for fila in textos:
    original = fila["summary"] if "summary" in textos.column_names else "\n".join(fila["text"].splitlines()[1:])
    copas.append({"tu conjunto": original, "como vino": escribe(model, fila["text"])})
if ADAPTER:
    ajustado = PeftModel.from_pretrained(model, ADAPTER)  # cambia el modelo: por eso va después
    for copa, fila in zip(copas, textos, strict=True):
        copa["ajustado"] = escribe(ajustado, fila["text"])

destapado = []
torch.manual_seed(SEED)
for fila, copa in zip(textos, copas, strict=True):
    orden = [list(copa)[lugar] for lugar in torch.randperm(len(copa))]
    print(f"\n{fila['text'][:200]}")
    for letra, quien in zip("ABC", orden, strict=False):
        print(f"  {letra}: {copa[quien] or '(no escribió nada)'}")
    destapado.append(", ".join(f"{letra} = {quien}" for letra, quien in zip("ABC", orden, strict=False)))

print("\n" * 5 + "¿Ya elegiste? Ahora sí:")
for numero, quienes in enumerate(destapado, start=1):
    print(f"Texto {numero}: {quienes}")
