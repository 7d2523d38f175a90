"""Pedirle cuatro cosas al mismo modelo sobre un texto: que resuma, que siga, que elija el tema, que conteste.

En la app, además, un buscador subraya los nombres y los números que el texto no tiene, de un resumen queda la primera
oración, y a un modelo que obedece se le pide con un verbo. «Probá de nuevo sin repetir» cuenta allá solo lo que el
modelo escribió; acá, también lo que leyó.
"""

import torch
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
KIND = "plain"  # "plain" sigue un texto, "chat" obedece pedidos, "seq2seq" lee un texto y escribe otro
TASK = "answer"  # "summarise", "continue", "classify" o "answer"
TEXT = "La banda de Colonia Rauch ensayó el viernes en su sala nueva. La dirige Nélida Barrios."
QUESTION = "¿Quién dirige la banda?"
TOPICS = ("música", "deportes", "economía")
UNREPEATED = 0  # 3: no escribe dos veces los mismos tres tokens seguidos; 0: sin esa regla

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
if KIND == "seq2seq":
    model = AutoModelForSeq2SeqLM.from_pretrained(MODEL, local_files_only=True)
else:
    model = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)

if TASK == "summarise":
    consigna = f"Texto:\n{TEXT}\n\nResumen en una oración:"
elif TASK == "answer":
    consigna = f"Texto:\n{TEXT}\n\nPregunta: {QUESTION}\nRespuesta:"
elif TASK == "classify":
    consigna = f"{TEXT}\n\nTema:"
else:
    consigna = TEXT

if KIND == "chat":  # a un modelo que obedece se le habla por turnos
    turno = [{"role": "user", "content": consigna}]
    entrada = tokenizer.apply_chat_template(turno, add_generation_prompt=True, return_tensors="pt", return_dict=True)
else:
    entrada = tokenizer(consigna, return_tensors="pt")

if TASK == "classify":  # no escribe: se suma cuánto apuesta por cada tema
    antes = entrada["input_ids"]
    for tema in TOPICS:
        pedacitos = tokenizer(f" {tema}", add_special_tokens=False, return_tensors="pt").input_ids
        with torch.no_grad():
            if KIND == "seq2seq":
                logits = model(input_ids=antes, labels=pedacitos).logits[0]
            else:
                logits = model(torch.cat([antes, pedacitos], dim=1)).logits[0, antes.shape[1] - 1 : -1]
        apuestas = torch.log_softmax(logits.double(), dim=-1)
        print(f"{tema}: {apuestas.gather(-1, pedacitos[0][:, None]).sum():.2f}")
else:
    azar = {"do_sample": True, "temperature": 0.8, "top_p": 0.95} if TASK == "continue" else {"do_sample": False}
    torch.manual_seed(7)
    escrito = model.generate(**entrada, max_new_tokens=70, no_repeat_ngram_size=UNREPEATED, **azar)[0]
    if KIND != "seq2seq":  # lo que escribe sigue a lo que leyó
        escrito = escrito[entrada["input_ids"].shape[1] :]
    print("Escribió:", tokenizer.decode(escrito, skip_special_tokens=True).strip())
