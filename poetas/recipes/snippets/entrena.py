"""Ajuste fino con LoRA: la pérdida se cuenta en el resumen (o en todo el texto, si se enseña un estilo)."""

from datasets import load_from_disk
from peft import LoraConfig, get_peft_model
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    DataCollatorForSeq2Seq,
    Trainer,
    TrainingArguments,
)

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
DATASET = "mi-conjunto"  # la carpeta del conjunto preparado
EPOCHS = 3
LEARNING_RATE = 2e-4
BATCH = 4
RANK = 16
LONGEST = 256  # tokens que se leen de cada texto
SEED = 7
ADAPTER = "mi-adaptador"  # la carpeta donde queda

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
base = AutoModelForCausalLM.from_pretrained(MODEL, local_files_only=True)
model = get_peft_model(
    base, LoraConfig(r=RANK, lora_alpha=2 * RANK, target_modules="all-linear", task_type="CAUSAL_LM")
)


def encode(row):
    if "summary" not in row:  # un conjunto de estilo: se aprende cada palabra
        text = [*tokenizer(row["text"]).input_ids[:LONGEST], tokenizer.eos_token_id]
        return {"input_ids": text, "labels": text}
    kept = tokenizer.decode(tokenizer(row["text"], add_special_tokens=False).input_ids[:LONGEST])
    prompt = tokenizer(f"Texto:\n{kept}\n\nResumen en una oración:").input_ids
    answer = [*tokenizer(" " + row["summary"], add_special_tokens=False).input_ids, tokenizer.eos_token_id]
    return {"input_ids": prompt + answer, "labels": [-100] * len(prompt) + answer}


rows = load_from_disk(DATASET)
rows = rows.map(encode, remove_columns=rows["train"].column_names)

arguments = TrainingArguments(
    output_dir=f"{ADAPTER}-puntos",
    num_train_epochs=EPOCHS,
    learning_rate=LEARNING_RATE,
    per_device_train_batch_size=BATCH,
    per_device_eval_batch_size=BATCH,
    eval_strategy="epoch",
    save_strategy="epoch",
    load_best_model_at_end=True,
    logging_steps=1,
    seed=SEED,
    report_to="none",
)
trainer = Trainer(
    model=model,
    args=arguments,
    train_dataset=rows["train"],
    eval_dataset=rows["validation"],
    data_collator=DataCollatorForSeq2Seq(tokenizer),
)
trainer.train()
model.save_pretrained(ADAPTER)
