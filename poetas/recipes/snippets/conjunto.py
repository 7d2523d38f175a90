"""Abrir un conjunto preparado y contar sus tres partes.

La app busca además, en tu carpeta de trabajo, los conjuntos que ya preparaste.
"""

from datasets import load_from_disk

# Lo que elegiste
DATASET = "mi-conjunto"  # la carpeta del conjunto preparado

parts = load_from_disk(DATASET)
for name, rows in parts.items():
    print(f"{name}: {len(rows)} textos")
print(parts["train"][0])
