"""El modelo base, sin entrenar, ante tres textos del simulacro: solo, y con dos ejemplos en la consigna."""

import re

import torch
from datasets import load_from_disk
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, PreTrainedTokenizerFast

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
KIND = "plain"  # "plain" sigue un texto, "chat" obedece pedidos, "seq2seq" lee un texto y escribe otro
BEFORE = "Texto:\n"  # cómo se le pide un resumen: esto, el texto...
AFTER = "\n\nResumen en una oración:"  # ...y esto
DATASET = "mi-conjunto"  # la carpeta del conjunto preparado
LONGEST = 60  # tokens que puede escribir, como mucho

tokenizer = PreTrainedTokenizerFast.from_pretrained(MODEL, local_files_only=True)
make = AutoModelForSeq2SeqLM if KIND == "seq2seq" else AutoModelForCausalLM
model = make.from_pretrained(MODEL, local_files_only=True)
parts = load_from_disk(DATASET)


def prompt_ids(text, examples=()):
    """Los tokens que lee el modelo: un pedido de resumen, después de los ejemplos si los hay."""
    if KIND == "chat":
        turns = []
        for one, summary in examples:
            turns.append({"role": "user", "content": BEFORE + one + AFTER})
            turns.append({"role": "assistant", "content": summary})
        turns.append({"role": "user", "content": BEFORE + text + AFTER})
        page = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
        return tokenizer(page, add_special_tokens=False).input_ids
    blank = " " if KIND == "plain" else "\n\n"
    page = "".join(f"{BEFORE}{one}{AFTER}{blank}{summary}\n\n" for one, summary in examples)
    return tokenizer(page + BEFORE + text + AFTER).input_ids


def usual(rows, count=2):
    """Los pares de texto y resumen de largos más corrientes: ninguno es un caso raro."""
    pairs = [(row["text"], row["summary"]) for row in rows]
    lengths = [[len(re.findall(r"\w+", side)) for side in pair] for pair in pairs]
    middle = [sorted(side)[len(side) // 2] for side in zip(*lengths, strict=True)]
    odd = [sum(abs(n - m) / max(m, 1) for n, m in zip(pair, middle, strict=True)) for pair in lengths]
    return [pairs[at] for at in sorted(range(len(pairs)), key=odd.__getitem__)[:count]]


def write(ids, **rules):
    with torch.no_grad():
        written = model.generate(torch.tensor([ids]), max_new_tokens=LONGEST, **rules)[0]
    answer = tokenizer.decode(written if KIND == "seq2seq" else written[len(ids) :], skip_special_tokens=True).strip()
    return answer.split("\n")[0] if KIND == "plain" else answer


rows = parts["validation"].select(range(min(3, parts["validation"].num_rows)))
if "summary" in rows.column_names:
    examples = usual(parts["train"].select(range(min(40, parts["train"].num_rows))))
    for row in rows:  # siempre lo más probable, sin azar
        print("Sin ejemplos:  ", write(prompt_ids(row["text"]), do_sample=False))
        print("Con ejemplos:  ", write(prompt_ids(row["text"], examples), do_sample=False))
        print("Una persona:   ", row["summary"])
else:
    for row in rows:  # un conjunto de estilo no tiene resúmenes: el modelo sigue la primera línea, con algo de azar
        beginning = row["text"].splitlines()[0] + "\n"
        torch.manual_seed(7)
        print(beginning + write(tokenizer(beginning).input_ids, do_sample=True, temperature=0.8, top_k=0, top_p=0.95))
