"""Qué hace cada perilla: cuántos números nuevos entrena el adaptador y cuántos pasos va a dar.

La app calcula además cuánto va a tardar y cuánta memoria necesita, con un ensayo de verdad.
"""

from math import ceil

from datasets import load_from_disk
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
KIND = "plain"  # "plain" sigue un texto, "chat" obedece pedidos, "seq2seq" lee un texto y escribe otro
DATASET = "mi-conjunto"  # la carpeta del conjunto preparado
EPOCHS = 2
BATCH = 4
RANK = 16
ALPHA = 32  # cuánto pesa el adaptador

if KIND == "seq2seq":
    base = AutoModelForSeq2SeqLM.from_pretrained(MODEL, local_files_only=True)
else:
    base = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)
de_siempre = base.num_parameters()
task = "SEQ_2_SEQ_LM" if KIND == "seq2seq" else "CAUSAL_LM"
config = LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules="all-linear", task_type=task)
model = get_peft_model(base, config)
nuevos = sum(peso.numel() for peso in model.parameters() if peso.requires_grad)

textos = load_from_disk(DATASET)["train"].num_rows
pasos = ceil(textos / BATCH) * EPOCHS
print(f"{textos} textos de a {BATCH}. Épocas: {EPOCHS}. Pasos: {pasos}.")
print(f"Se entrenan {nuevos} números nuevos; los {de_siempre} de siempre no cambian ({nuevos / de_siempre:.1%})")
