"""Medir cuántos tokens tiene cada texto y qué se perdería con un largo máximo.

La app dibuja además cuántos textos hay de cada largo y muestra qué se perdería de cada uno. Y si el corte cae entre una
letra y su acento, o adentro de un emoji, corta un poco antes.
"""

from datasets import Features, Value, load_dataset
from transformers import AutoTokenizer

from poetas.tokens.windows import windows

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
FILE = "data/samples/noticias/noticias.csv"
ENCODING = "utf-8"
DELIMITER = ","
COLUMNS = ["texto", "resumen"]  # los nombres de las columnas, en orden
HEADER = 0  # la fila que trae los títulos, contando desde 0; None: no los trae
TEXT = "texto"
LONGEST = 128  # en tokens
LONG_TEXTS = "cut"  # "cut" corta los textos más largos, "windows" los parte en ventanas

# Leer el archivo
formato = {"encoding": ENCODING, "sep": DELIMITER, "column_names": COLUMNS, "header": HEADER, "index_col": False}
formato |= {"na_filter": False, "features": Features({nombre: Value("string") for nombre in COLUMNS})}  # «NA» es texto
filas = load_dataset("csv", data_files=FILE, split="train", **formato)

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
palabras = perdidas = largos = ventanas = mas_largo = 0
for texto in filas[TEXT]:
    lugares = tokenizer(texto, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    palabras += len(texto.split())
    mas_largo = max(mas_largo, len(lugares))
    if len(lugares) > LONGEST:
        largos += 1
        if LONG_TEXTS == "windows":
            ventanas += len(windows(tokenizer, texto, LONGEST))  # la función de la app: no se pierde ninguna palabra
        else:
            sin_leer = texto[lugares[LONGEST][0] :]  # desde acá el modelo no lee
            perdidas += len(sin_leer.split())

print(f"El texto más largo tiene {mas_largo} tokens.")
if LONG_TEXTS == "windows":
    print(f"Con ventanas de {LONGEST} tokens, {largos} de {filas.num_rows} textos se parten en {ventanas},")
else:
    print(f"Con {LONGEST} tokens se cortan {largos} de {filas.num_rows} textos,")
print(f"y se estudia el {1 - perdidas / palabras:.1%} de las palabras.")
