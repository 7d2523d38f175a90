"""Repartir los textos en tres: para estudiar, para el simulacro y para el examen.

La app hace además otra cosa: deja del mismo lado los textos casi iguales.
"""

from datasets import DatasetDict, load_dataset

# Lo que elegiste
FILE = "data/samples/noticias/noticias.csv"
ENCODING = "utf-8"
DELIMITER = ","
COLUMNS = ["texto", "resumen"]  # los nombres de las columnas, en orden
HEADER = 0  # la fila que trae los títulos; None: no los trae
VALIDATION = 0.1
TEST = 0.25
SEED = 7

# Leer el archivo
form = {"encoding": ENCODING, "sep": DELIMITER, "column_names": COLUMNS, "header": HEADER, "index_col": False}
rows = load_dataset("csv", data_files=FILE, split="train", **form)

exam = rows.train_test_split(test_size=TEST, seed=SEED)
study = exam["train"].train_test_split(test_size=VALIDATION / (1 - TEST), seed=SEED)
parts = DatasetDict(train=study["train"], validation=study["test"], test=exam["test"])

for name, part in parts.items():
    print(f"{name}: {part.num_rows} textos")
