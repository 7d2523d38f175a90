"""Abrir un modelo que ya está en esta máquina y contar sus parámetros."""

from transformers import AutoModelForCausalLM, AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
model = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)

print("Parámetros:", f"{model.num_parameters():,}".replace(",", "."))
print("Tokens que conoce:", f"{len(tokenizer):,}".replace(",", "."))
