"""Abrir un modelo que ya está en esta máquina y contar sus parámetros.

La app lo trae además la primera vez, muestra su licencia y lo convierte para esta máquina.
"""

from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
KIND = "plain"  # "plain" sigue un texto, "chat" obedece pedidos, "seq2seq" lee un texto y escribe otro

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
if KIND == "seq2seq":
    model = AutoModelForSeq2SeqLM.from_pretrained(MODEL, local_files_only=True)
else:
    model = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)

print("Parámetros:", f"{model.num_parameters():,}".replace(",", "."))
print("Tokens que conoce:", f"{len(tokenizer):,}".replace(",", "."))
