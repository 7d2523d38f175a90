"""El modelo base, sin entrenar, ante un texto del simulacro: solo, y con dos ejemplos en la consigna."""

import torch
from datasets import load_from_disk
from transformers import AutoModelForCausalLM, AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
DATASET = "mi-conjunto"  # la carpeta del conjunto preparado
LONGEST = 60  # tokens que puede escribir, como mucho

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
model = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)
parts = load_from_disk(DATASET)
row = parts["validation"][0]


def ask(text, summary=""):
    return f"Texto:\n{text}\n\nResumen en una oración:" + (f" {summary}\n\n" if summary else "")


def write(prompt):
    tokens = tokenizer(prompt, return_tensors="pt")
    with torch.no_grad():
        written = model.generate(**tokens, max_new_tokens=LONGEST, do_sample=False)
    answer = tokenizer.decode(written[0, tokens.input_ids.shape[1] :], skip_special_tokens=True)
    return (answer.strip().splitlines() or [""])[0]


# En un conjunto de estilo no hay resúmenes: el modelo sigue la primera línea.
if "summary" in row:
    examples = "".join(ask(one["text"], one["summary"]) for one in parts["train"].select(range(2)))
    print("Sin ejemplos:  ", write(ask(row["text"])))
    print("Con ejemplos:  ", write(examples + ask(row["text"])))
    print("Una persona:   ", row["summary"])
else:
    beginning = row["text"].splitlines()[0]
    print(beginning, write(beginning))
