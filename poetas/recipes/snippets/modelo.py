"""Abrir un modelo que ya está en esta máquina y contar sus parámetros."""

from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, PreTrainedTokenizerFast

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
KIND = "plain"  # "plain" sigue un texto, "chat" obedece pedidos, "seq2seq" lee un texto y escribe otro

tokenizer = PreTrainedTokenizerFast.from_pretrained(MODEL, local_files_only=True)
make = AutoModelForSeq2SeqLM if KIND == "seq2seq" else AutoModelForCausalLM
model = make.from_pretrained(MODEL, local_files_only=True)

print("Parámetros:", f"{model.num_parameters():,}".replace(",", "."))
print("Tokens que conoce:", f"{len(tokenizer):,}".replace(",", "."))
