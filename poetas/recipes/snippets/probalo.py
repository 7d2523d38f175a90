"""El mismo texto, dado al modelo base y al modelo con tu adaptador."""

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
ADAPTER = None  # la carpeta de tu adaptador; None: solamente el modelo base
TASK = "summary"  # "summary": resumirlo; "style": seguirlo
TEXT = "Anoche llovió tanto que el arroyo tapó el puente. Los chicos no pudieron llegar a la escuela."
LONGEST = 60  # tokens que puede escribir, como mucho

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
model = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)
prompt = TEXT if TASK == "style" else f"Texto:\n{TEXT}\n\nResumen en una oración:"
tokens = tokenizer(prompt, return_tensors="pt")
rules = {"do_sample": TASK == "style"}  # un resumen, siempre el más probable; un estilo, con algo de azar


def write(writer):
    torch.manual_seed(7)
    with torch.no_grad():
        written = writer.generate(**tokens, max_new_tokens=LONGEST, **rules)
    answer = tokenizer.decode(written[0, tokens.input_ids.shape[1] :], skip_special_tokens=True)
    return answer if TASK == "style" else (answer.strip().splitlines() or [""])[0]


print("Base:  ", write(model))
if ADAPTER:
    tuned = PeftModel.from_pretrained(model, ADAPTER)
    print("Tuyo:  ", write(tuned))
