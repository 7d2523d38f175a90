"""Medir cuántos tokens tiene cada texto y qué se perdería con un largo máximo.

La app dibuja además cuántos textos hay de cada largo y muestra qué se perdería de cada uno.
"""

from datasets import load_dataset
from transformers import AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
FILE = "data/samples/noticias/noticias.csv"
ENCODING = "utf-8"
DELIMITER = ","
COLUMNS = ["texto", "resumen"]  # los nombres de las columnas, en orden
HEADER = 0  # la fila que trae los títulos; None: no los trae
TEXT = "texto"
LONGEST = 128  # en tokens

# Leer el archivo
form = {"encoding": ENCODING, "sep": DELIMITER, "column_names": COLUMNS, "header": HEADER, "index_col": False}
rows = load_dataset("csv", data_files=FILE, split="train", **form)

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
words = lost = cut = longest = 0
for text in rows[TEXT]:
    places = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    words += len(text.split())
    longest = max(longest, len(places))
    if len(places) > LONGEST:
        cut += 1
        unread = text[places[LONGEST][0] :]  # desde acá el modelo no lee
        lost += len(unread.split())

print(f"El texto más largo tiene {longest} tokens.")
print(
    f"Con {LONGEST} tokens se cortan {cut} de {rows.num_rows} textos y se pierde el {lost / words:.1%} de las palabras."
)
