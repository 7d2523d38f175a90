"""El mismo texto, dado al modelo base y al modelo con tu adaptador."""

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, PreTrainedTokenizerFast

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
KIND = "plain"  # "plain" sigue un texto, "chat" obedece pedidos, "seq2seq" lee un texto y escribe otro
BEFORE = "Texto:\n"  # cómo se le pide un resumen: esto, el texto...
AFTER = "\n\nResumen en una oración:"  # ...y esto
ADAPTER = None  # la carpeta de tu adaptador; None: solamente el modelo base
TASK = "summary"  # "summary": resumirlo; "style": seguirlo
TEXT = "Anoche llovió tanto que el arroyo tapó el puente. Los chicos no pudieron llegar a la escuela."
LONGEST = 80  # tokens que puede escribir, como mucho

tokenizer = PreTrainedTokenizerFast.from_pretrained(MODEL, local_files_only=True)
make = AutoModelForSeq2SeqLM if KIND == "seq2seq" else AutoModelForCausalLM
model = make.from_pretrained(MODEL, local_files_only=True)


def prompt_ids(text):
    """Los tokens que lee el modelo: un pedido de resumen."""
    asked = BEFORE + text.strip() + AFTER
    if KIND == "chat":
        turns = [{"role": "user", "content": asked}]
        page = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
        return tokenizer(page, add_special_tokens=False).input_ids
    return tokenizer(asked).input_ids


if TASK == "style":  # con algo de azar
    ids = tokenizer(TEXT).input_ids
    rules = {"do_sample": True, "temperature": 0.8, "top_k": 0, "top_p": 0.95}
else:  # siempre lo más probable
    ids = prompt_ids(TEXT)
    rules = {"do_sample": False}


def write(writer):
    torch.manual_seed(7)
    with torch.no_grad():
        written = writer.generate(input_ids=torch.tensor([ids]), max_new_tokens=LONGEST, **rules)[0]
    answer = tokenizer.decode(written if KIND == "seq2seq" else written[len(ids) :], skip_special_tokens=True)
    if TASK == "style":
        return answer
    return answer.strip().split("\n")[0] if KIND == "plain" else answer.strip()


print("Base:  ", write(model))
if ADAPTER:
    tuned = PeftModel.from_pretrained(model, ADAPTER)
    print("Tuyo:  ", write(tuned))
