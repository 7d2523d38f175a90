"""Revisar los textos: letras rotas, marcas HTML, correos y copias.

La app hace además otras cosas: busca documentos, teléfonos, tarjetas, textos casi iguales y resúmenes que nombran lo
que su texto no tiene, y cada arreglo se puede deshacer.
"""

import html
import re

from datasets import Features, Value, load_dataset
from ftfy import fix_encoding

# Lo que elegiste
FILE = "data/samples/noticias/noticias.csv"
ENCODING = "utf-8"
DELIMITER = ","
COLUMNS = ["texto", "resumen"]  # los nombres de las columnas, en orden
HEADER = 0  # la fila que trae los títulos, contando desde 0; None: no los trae
TEXT = "texto"

# Leer el archivo
formato = {"encoding": ENCODING, "sep": DELIMITER, "column_names": COLUMNS, "header": HEADER, "index_col": False}
formato |= {"na_filter": False, "features": Features({nombre: Value("string") for nombre in COLUMNS})}  # «NA» es texto
filas = load_dataset("csv", data_files=FILE, split="train", **formato)

CORREO = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63})+")


def sano(texto):
    texto = fix_encoding(texto or "")
    texto = html.unescape(re.sub(r"</?(?:p|br|div|b|i|em|strong|span|a)\b[^<>]*>", " ", texto))
    return CORREO.sub("[correo]", texto).strip()


antes = filas[TEXT]
despues = [sano(texto) for texto in antes]
cambiados = sum(viejo != nuevo for viejo, nuevo in zip(antes, despues, strict=True))
repetidos = len(despues) - len(set(despues))
print(f"Cambian {cambiados} de {len(antes)} textos. Copias exactas: {repetidos}.")
for viejo, nuevo in zip(antes, despues, strict=True):
    if viejo != nuevo:
        print(f"- {(viejo or '')[:60]!r} queda {nuevo[:60]!r}")
        break
