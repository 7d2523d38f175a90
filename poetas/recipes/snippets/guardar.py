"""De un archivo a un conjunto de datos guardado, con sus tres partes.

La app hace además otra cosa: saca los textos repetidos, deja del mismo lado los casi iguales y guarda una
ficha. Y sortea de otra manera: con la misma semilla, acá caen otros textos en cada parte.
"""

from datasets import DatasetDict, Features, Value, load_dataset, load_from_disk

# Lo que elegiste
FILE = "data/samples/noticias/noticias.csv"
ENCODING = "utf-8"
DELIMITER = ","
COLUMNS = ["texto", "resumen"]  # los nombres de las columnas, en orden
HEADER = 0  # la fila que trae los títulos, contando desde 0; None: no los trae
TEXT = "texto"
SUMMARY = "resumen"  # None: no hay resúmenes, es para escribir en un estilo
VALIDATION = 0.1
TEST = 0.25
SEED = 7
NAME = "mi-conjunto"  # la carpeta donde queda

# Leer el archivo
formato = {"encoding": ENCODING, "sep": DELIMITER, "column_names": COLUMNS, "header": HEADER, "index_col": False}
formato |= {"na_filter": False, "features": Features({nombre: Value("string") for nombre in COLUMNS})}  # «NA» es texto
filas = load_dataset("csv", data_files=FILE, split="train", **formato)

nombres = {TEXT: "text"} if SUMMARY is None else {TEXT: "text", SUMMARY: "summary"}
filas = filas.select_columns(list(nombres))
for viejo, nuevo in nombres.items():
    if viejo != nuevo:
        filas = filas.rename_column(viejo, nuevo)
filas = filas.filter(lambda fila: all(fila.values()))

examen = filas.train_test_split(test_size=TEST, seed=SEED)
estudio = examen["train"].train_test_split(test_size=VALIDATION / (1 - TEST), seed=SEED)
partes = DatasetDict(train=estudio["train"], validation=estudio["test"], test=examen["test"])

partes.save_to_disk(NAME)
print(load_from_disk(NAME))
