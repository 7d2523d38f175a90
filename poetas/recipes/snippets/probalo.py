"""El mismo texto, resumido por el modelo base y por el modelo con tu adaptador."""

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
ADAPTER = None  # la carpeta de tu adaptador; None: solamente el modelo base
TEXT = "Anoche llovió tanto que el arroyo tapó el puente. Los chicos no pudieron llegar a la escuela."
LONGEST = 60  # tokens que puede escribir, como mucho

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
model = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)
tokens = tokenizer(f"Texto:\n{TEXT}\n\nResumen en una oración:", return_tensors="pt")


def summarise(writer):
    with torch.no_grad():
        written = writer.generate(**tokens, max_new_tokens=LONGEST, do_sample=False)
    answer = tokenizer.decode(written[0, tokens.input_ids.shape[1] :], skip_special_tokens=True)
    return (answer.strip().splitlines() or [""])[0]


print("Base:  ", summarise(model))
if ADAPTER:
    tuned = PeftModel.from_pretrained(model, ADAPTER)
    print("Tuyo:  ", summarise(tuned))
