"""Ajuste fino con LoRA: la pérdida se cuenta en el resumen (o en todo el texto, si se enseña un estilo).

La app hace lo mismo con más cuidado de la memoria y del tiempo: calcula la pérdida solo donde hay resumen, guarda cada
tanto y se puede detener y seguir. El orden de los textos no es el mismo: las cifras van a ser parecidas, no iguales.
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


def answer_ids(text):
    return tokenizer(text, add_special_tokens=False).input_ids


def last_id():
    """El token con que termina lo que escribe: el fin del texto, o en una charla el fin de su turno."""
    if KIND == "chat":
        turns = [{"role": "user", "content": "?"}, {"role": "assistant", "content": "@@"}]
        after = tokenizer.apply_chat_template(turns, tokenize=False).rsplit("@@", 1)[1]
        last = (answer_ids(after) or [tokenizer.eos_token_id])[0]
    else:
        last = tokenizer.eos_token_id
    return last


def cut(text):
    places = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True).offset_mapping
    return text[: places[LONGEST][0]].rstrip() if len(places) > LONGEST else text


def encode(row):
    text = cut(row["text"].strip())
    if "summary" in row:
        read, written = prompt_ids(text), answer_ids((" " if KIND == "plain" else "") + row["summary"].strip())
    elif KIND == "seq2seq":  # un conjunto de estilo: lee la primera línea y escribe las demás
        first, _, rest = text.partition("\n")
        read, written = tokenizer(first.rstrip() + "\n").input_ids, answer_ids(rest.lstrip() or text)
    else:  # un conjunto de estilo: se aprende cada palabra
        read, written = tokenizer("").input_ids, answer_ids(text)
    written = [*written, last_id() if "summary" in row else tokenizer.eos_token_id]
    if KIND == "seq2seq":
        encoded = {"input_ids": read, "labels": written}
    else:
        encoded = {"input_ids": read + written, "labels": [-100] * len(read) + written}
    return encoded


rows = load_from_disk(DATASET)
rows = rows.map(encode, remove_columns=rows["train"].column_names)
checked = rows["validation"].num_rows > 0
steps = ceil(rows["train"].num_rows / BATCH)  # de cada vuelta
every = max(1, round(EVERY * steps))

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
    eval_strategy="steps" if checked else "no",
    eval_steps=every,
    eval_on_start=checked,
    save_strategy="steps",
    save_steps=every,
    load_best_model_at_end=checked,  # queda el mejor de los simulacros, no el último
    logging_steps=1,
    seed=SEED,
    report_to="none",
)
trainer = Trainer(
    model=model,
    args=arguments,
    train_dataset=rows["train"],
    eval_dataset=rows["validation"] if checked else None,
    data_collator=DataCollatorForSeq2Seq(tokenizer),
)
trainer.train()
model.save_pretrained(ADAPTER)
