"""ROUGE-1 de copiar la primera oración, contra los resúmenes de prueba: el punto de comparación más simple."""

import re
from collections import Counter

from datasets import load_from_disk

# Lo que elegiste
DATASET = "mi-conjunto"  # la carpeta del conjunto preparado


def words(text):
    return Counter(re.findall(r"\w+", text.lower()))


def rouge1(written, reference):
    ours, theirs = words(written), words(reference)
    shared = sum((ours & theirs).values())
    return 2 * shared / max(1, sum(ours.values()) + sum(theirs.values()))


rows = load_from_disk(DATASET)["test"]
scores = [rouge1(re.split(r"(?<=[.!?])\s+", row["text"])[0], row["summary"]) for row in rows]
print(f"ROUGE-1 de copiar la primera oración: {100 * sum(scores) / len(scores):.1f} en {len(scores)} textos")
