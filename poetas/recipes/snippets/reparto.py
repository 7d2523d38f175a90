"""Repartir los textos en tres: para estudiar, para el simulacro y para el examen.

La app hace además otra cosa: deja del mismo lado los textos casi iguales. Y sortea de otra manera: con la misma
semilla, acá caen otros textos en cada parte.
"""

from datasets import DatasetDict, Features, Value, load_dataset

# Lo que elegiste
FILE = "data/samples/noticias/noticias.csv"
ENCODING = "utf-8"
DELIMITER = ","
COLUMNS = ["texto", "resumen"]  # los nombres de las columnas, en orden
HEADER = 0  # la fila que trae los títulos, contando desde 0; None: no los trae
VALIDATION = 0.1
TEST = 0.25
SEED = 7

# Leer el archivo
formato = {"encoding": ENCODING, "sep": DELIMITER, "column_names": COLUMNS, "header": HEADER, "index_col": False}
formato |= {"na_filter": False, "features": Features({nombre: Value("string") for nombre in COLUMNS})}  # «NA» es texto
filas = load_dataset("csv", data_files=FILE, split="train", **formato)

examen = filas.train_test_split(test_size=TEST, seed=SEED)
estudio = examen["train"].train_test_split(test_size=VALIDATION / (1 - TEST), seed=SEED)
partes = DatasetDict(train=estudio["train"], validation=estudio["test"], test=examen["test"])

for nombre, parte in partes.items():
    print(f"{nombre}: {parte.num_rows} textos")
