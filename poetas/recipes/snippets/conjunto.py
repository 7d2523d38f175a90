"""Abrir un conjunto preparado y contar sus tres partes.

La app busca además, en tu carpeta de trabajo, los conjuntos que ya preparaste.
"""

from datasets import load_from_disk

# Lo que elegiste
DATASET = "mi-conjunto"  # la carpeta del conjunto preparado

partes = load_from_disk(DATASET)
for nombre, filas in partes.items():
    print(f"{nombre}: {len(filas)} textos")
print(partes["train"][0])
