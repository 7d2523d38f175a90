"""Ajuste fino con LoRA: la pérdida se cuenta en el resumen (o en todo el texto, si se enseña un estilo).

La app además mira antes si todo entra en la memoria y en el disco, y deja afuera el texto que con su resumen no entra
en lo que lee el modelo. Calcula la pérdida solo donde el modelo aprende a escribir y, donde la máquina lo hace más
rápido, multiplica en bfloat16. Guarda también cada cinco minutos, y por eso se puede detener y seguir. Frena si la
pérdida deja de ser un número. En el camino vuelve a escribir los textos que probaste antes de entrenar.

En el simulacro, la app promedia todos los pedacitos juntos; este programa, tanda por tanda. Tampoco es igual el orden
de los textos: las cifras van a ser parecidas, no las mismas.
"""

from math import ceil

from datasets import load_from_disk
from peft import LoraConfig, get_peft_model
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    DataCollatorForSeq2Seq,
    Trainer,
    TrainingArguments,
    set_seed,
)

from poetas.tokens.windows import windows

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
KIND = "plain"  # "plain" sigue un texto, "chat" obedece pedidos, "seq2seq" lee un texto y escribe otro
BEFORE = "Texto:\n"  # cómo se le pide un resumen: esto, el texto...
AFTER = "\n\nResumen en una oración:"  # ...y esto
DATASET = "mi-conjunto"  # la carpeta del conjunto preparado
EPOCHS = 2
LEARNING_RATE = 2e-4
BATCH = 4  # textos de los que aprende en cada paso
PARTS = 2  # de a cuántas partes los mira, para que entren en la memoria
RANK = 16
ALPHA = 32  # cuánto pesa el adaptador
LONGEST = 384  # tokens que se leen de cada texto
LONG_TEXTS = "cut"  # "cut" corta los textos más largos, "windows" los parte en ventanas
WARMUP = 0.1  # parte de los pasos en la que el ritmo va subiendo
EVERY = 0.5  # cada cuántas vueltas hay un simulacro
SEED = 7
ADAPTER = "mi-adaptador"  # la carpeta donde queda

set_seed(SEED)
tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
if KIND == "seq2seq":
    base = AutoModelForSeq2SeqLM.from_pretrained(MODEL, local_files_only=True)
else:
    base = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)
task = "SEQ_2_SEQ_LM" if KIND == "seq2seq" else "CAUSAL_LM"
config = LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules="all-linear", task_type=task)
model = get_peft_model(base, config)


def prompt_ids(texto):
    """Los tokens que lee el modelo: un pedido de resumen."""
    pedido = BEFORE + texto.strip() + AFTER
    if KIND == "chat":
        turnos = [{"role": "user", "content": pedido}]
        consigna = tokenizer.apply_chat_template(turnos, tokenize=False, add_generation_prompt=True)
        pedacitos = tokenizer(consigna, add_special_tokens=False).input_ids
    else:
        pedacitos = tokenizer(pedido).input_ids
    return pedacitos


def respuesta_ids(texto):
    return tokenizer(texto, add_special_tokens=False).input_ids


def last_id():
    """El token con que termina lo que escribe: el fin del texto, o en una charla el fin de su turno."""
    if KIND == "chat":
        turnos = [{"role": "user", "content": "?"}, {"role": "assistant", "content": "@@"}]
        despues = tokenizer.apply_chat_template(turnos, tokenize=False).rsplit("@@", 1)[1]
        ultimo = (respuesta_ids(despues) or [tokenizer.eos_token_id])[0]
    else:
        ultimo = tokenizer.eos_token_id
    return ultimo


def recorta(texto):  # si cae entre una letra y su acento, o adentro de un emoji, la app corta un poco antes
    lugares = tokenizer(texto, add_special_tokens=False, return_offsets_mapping=True).offset_mapping
    return texto[: lugares[LONGEST][0]].rstrip() if len(lugares) > LONGEST else texto


def partes(texto):
    """Lo que se estudia de un texto (el principio o, en ventanas que cierran una oración, todo) y si termina ahí."""
    if LONG_TEXTS == "windows":
        estudiadas = [
            (texto[ventana.start : ventana.end], ventana.last) for ventana in windows(tokenizer, texto, LONGEST)
        ]
    else:
        estudiadas = [(recorta(texto), recorta(texto) == texto)]
    return estudiadas


def codifica(fila, texto, termina):
    if "summary" in fila:
        leido, escrito = prompt_ids(texto), respuesta_ids((" " if KIND == "plain" else "") + fila["summary"].strip())
    elif KIND == "seq2seq":  # un conjunto de estilo: lee la primera línea y escribe las demás
        primera, _, resto = texto.partition("\n")
        leido, escrito = tokenizer(primera.rstrip() + "\n").input_ids, respuesta_ids(resto.lstrip() or texto)
    else:  # un conjunto de estilo: se aprende cada palabra
        leido, escrito = tokenizer("").input_ids, respuesta_ids(texto)
    if "summary" in fila or termina:  # un texto cortado no termina ahí
        escrito = [*escrito, last_id() if "summary" in fila else tokenizer.eos_token_id]
    if KIND == "seq2seq":
        ejemplo = {"input_ids": leido, "labels": escrito}
    else:
        ejemplo = {"input_ids": leido + escrito, "labels": [-100] * len(leido) + escrito}
    return ejemplo


def ejemplos(tanda):  # de una fila
    fila = {columna: valores[0] for columna, valores in tanda.items()}
    hechos = [codifica(fila, parte, termina) for parte, termina in partes(fila["text"].strip())]
    return {nombre: [hecho[nombre] for hecho in hechos] for nombre in hechos[0]}


filas = load_from_disk(DATASET)
filas = filas.map(ejemplos, batched=True, batch_size=1, remove_columns=filas["train"].column_names)
hay_simulacro = filas["validation"].num_rows > 0
pasos = ceil(filas["train"].num_rows / BATCH)  # de cada vuelta
cada = max(1, round(EVERY * pasos))

arguments = TrainingArguments(
    output_dir=f"{ADAPTER}-puntos",
    num_train_epochs=EPOCHS,
    learning_rate=LEARNING_RATE,
    lr_scheduler_type="linear",
    warmup_steps=WARMUP,
    per_device_train_batch_size=BATCH // PARTS,
    gradient_accumulation_steps=PARTS,
    per_device_eval_batch_size=2 * (BATCH // PARTS),
    train_sampling_strategy="group_by_length",
    eval_strategy="steps" if hay_simulacro else "no",
    eval_steps=cada,
    eval_on_start=hay_simulacro,
    save_strategy="steps",
    save_steps=cada,
    load_best_model_at_end=hay_simulacro,  # queda el mejor de los simulacros, no el último
    logging_steps=1,
    seed=SEED,
    report_to="none",
)
trainer = Trainer(
    model=model,
    args=arguments,
    train_dataset=filas["train"],
    eval_dataset=filas["validation"] if hay_simulacro else None,
    data_collator=DataCollatorForSeq2Seq(tokenizer),
)
trainer.train()
model.save_pretrained(ADAPTER)
