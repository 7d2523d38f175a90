"""Un modelo de lenguaje que cabe en veinte renglones: contar qué palabra siguió a cuáles, y sortear.

Del texto lleva solamente el comienzo, para que se pueda leer; la app cuenta el texto entero.
"""

import random
from collections import Counter, defaultdict

# Lo que elegiste
TEXT = "Mi bicicleta era negra\ny nunca tuvo dos frenos:\nel otro freno era un molle\nque todavía lo siento."
WORDS = 1  # cuántas palabras mira hacia atrás
SEED = 1  # con la misma semilla sale el mismo sorteo

palabras = []
for verso in TEXT.lower().splitlines():
    palabras += [palabra.strip(".,;:¡!¿?«»()—") for palabra in verso.split()] + ["\n"]

siguientes = defaultdict(Counter)
for lugar in range(len(palabras) - WORDS):
    contexto = tuple(palabras[lugar : lugar + WORDS])
    siguientes[contexto][palabras[lugar + WORDS]] += 1  # una vez más que, después de esto, vino aquello

sorteo = random.Random(SEED)
escrito = palabras[:WORDS]
for _ in range(30):
    cuentas = siguientes.get(tuple(escrito[-WORDS:]))
    if not cuentas:  # llegó al final: nunca vio nada después
        break
    escrito += sorteo.choices(list(cuentas), weights=cuentas.values())
print(" ".join(escrito))
