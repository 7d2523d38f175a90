"""El punto de comparación más simple, en los textos de prueba: cuánto se logra sin entrenar nada.

La app hace además otra cosa: pone al lado lo que escribe el modelo, antes y después de entrenarlo. Cómo se le pide a
cada uno está en el código de «Probalo».
"""

import re
from collections import Counter

from datasets import load_from_disk

# Lo que elegiste
DATASET = "mi-conjunto"  # la carpeta del conjunto preparado


def words(text):
    return re.findall(r"\w+", text.lower())


def rouge1(written, reference):
    ours, theirs = Counter(words(written)), Counter(words(reference))
    shared = sum((ours & theirs).values())
    return 2 * shared / max(1, sum(ours.values()) + sum(theirs.values()))


def longest_shared(text, others):
    """Cuántas palabras seguidas de un texto están también en otros."""
    mine, length = words(text), 0
    library = [f" {' '.join(words(other))} " for other in others]
    for start in range(len(mine)):
        while start + length < len(mine):
            run = f" {' '.join(mine[start : start + length + 1])} "
            if not any(run in other for other in library):
                break
            length += 1
    return length


parts = load_from_disk(DATASET)
test = parts["test"]
if "summary" in test.column_names:
    scores = [rouge1(re.split(r"(?<=[.!?])\s+", row["text"])[0], row["summary"]) for row in test]
    print(f"ROUGE-1 de copiar la primera oración: {100 * sum(scores) / len(scores):.1f} en {len(scores)} textos")
else:
    runs = [longest_shared(text, parts["train"]["text"]) for text in test["text"]]
    print(f"Lo más largo que una persona repite de los textos de estudio: {max(runs)} palabras seguidas")
