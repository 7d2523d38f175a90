"""Qué hace cada perilla: cuántos números nuevos entrena el adaptador y cuántos pasos va a dar."""

from math import ceil

from datasets import load_from_disk
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
DATASET = "mi-conjunto"  # la carpeta del conjunto preparado
EPOCHS = 3
BATCH = 4
RANK = 16

base = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)
whole = base.num_parameters()
config = LoraConfig(r=RANK, lora_alpha=2 * RANK, target_modules="all-linear", task_type="CAUSAL_LM")
model = get_peft_model(base, config)
new = sum(weight.numel() for weight in model.parameters() if weight.requires_grad)

rows = load_from_disk(DATASET)["train"].num_rows
steps = ceil(rows / BATCH) * EPOCHS
print(f"{rows} textos de a {BATCH}, {EPOCHS} vueltas: {steps} pasos")
print(f"Se entrenan {new} números nuevos; los {whole} de siempre no cambian ({new / whole:.1%})")
