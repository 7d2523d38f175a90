"""Las diez apuestas más fuertes del modelo para el próximo token.

En la app podés además agregar una de ellas al texto y ver las que siguen.
"""

import torch
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
KIND = "plain"  # "plain" sigue un texto, "chat" obedece pedidos, "seq2seq" lee un texto y escribe otro
TEXT = "Esta tarde cae la"
LONGEST = 256  # de un texto largo lee solo el final: tantos tokens

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True, truncation_side="left")
if KIND == "seq2seq":
    model = AutoModelForSeq2SeqLM.from_pretrained(MODEL, local_files_only=True)
else:
    model = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)

inputs = tokenizer(TEXT, truncation=True, max_length=LONGEST, return_tensors="pt")
if KIND == "seq2seq":  # lo que escribe empieza de cero, aparte de lo que lee
    inputs["decoder_input_ids"] = torch.tensor([[model.config.decoder_start_token_id]])
with torch.no_grad():
    logits = model(**inputs).logits[0, -1]  # un puntaje por cada token que conoce

apuestas = torch.softmax(logits.double(), dim=-1)
for apuesta, token in zip(*torch.topk(apuestas, 10), strict=True):
    print(f"{apuesta:7.2%}  {tokenizer.decode(token).replace(' ', '␣')!r}")
