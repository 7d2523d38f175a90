"""Files such as learners bring: twelve poems in Word, a table that Excel saved with documents in it, a book."""

from __future__ import annotations

from pathlib import Path

from tests.unit.data.document_files import epub
from tests.unit.odd_files import docx

POEMS = {
    "La gotera": "Anoche la gotera\nmarcó el compás en la olla,\ny nadie tuvo ganas de subir al techo.\n\n"
    "Cenamos con esa música.\nEl más chico preguntó\nsi el agua también tiene sueño.",
    "Boleto capicúa": "El número se lee igual de vuelta.\nLo guardo en el bolsillo del saco\n"
    "como quien guarda una puerta.\n\nTodavía no sé\nadónde da.",
    "Inventario": "Dos sillas que no hacen juego,\nun mapa con la costa gastada,\nla radio que agarra una sola voz.\n\n"
    "Lo demás se fue con el camión.\nQuedó el eco, que no pesa,\ny el clavo de donde colgaba el reloj.",
    "Siesta": "El ventilador reparte el mismo aire.\nUna chicharra insiste en el paraíso.\n\n"
    "Mi tía duerme con los zapatos puestos\npor si la llaman de otro siglo.",
    "Oficio": "Afilo el lápiz como mi abuelo la guadaña:\ndespacio, escuchando.\n\n"
    "Después corto una línea\ny junto lo que cae\npara que coman los gorriones.",
    "Terminal": "Los que se quedan miran el vidrio.\nLos que se van miran la hora.\n\n"
    "Entre unos y otros\nun perro sin equipaje\nva y viene como si esperara a los dos.",
    "Receta de pan": "Harina, la que pida la masa.\nAgua tibia como una frente.\nSal, menos que ayer.\n\n"
    "El resto lo hace la noche,\nque levanta todo\nlo que una deja tapado.",
    "Mudanza del zorzal": "Cambió de árbol sin avisarle a nadie.\nAhora canta del lado del vecino.\n\n"
    "Abro la ventana que da al oeste:\nllega igual, un poco más tarde,\ncomo llegan las cartas.",
    "Plomada": "El albañil suelta el hilo\ny el mundo se endereza un momento.\n\n"
    "Así quisiera una palabra:\nque cuelgue quieta\ny diga dónde está el piso.",
    "Marea baja": "La playa muestra lo que tenía guardado:\nuna ojota, tres sogas, un nombre en un bote.\n\n"
    "A las seis vuelve el mar\ny firma encima.",
    "Costurera": "Con un alfiler entre los labios\ndice que sí, que para el viernes.\n\n"
    "La tela sabe antes que nadie\nquién va a bailar\ny quién va a mirar desde la mesa.",
    "Última luz": "El farol de la esquina dudó toda la semana.\nHoy se decidió.\n\n"
    "Volvimos a tientas,\ncontando las baldosas flojas,\ny encontramos la casa por el olor a pan.",
}  # fmt: skip

# All different, so that none is a near-duplicate; each letter has a document, its summary none.
_CASES = (
    ("Elvira Sosa", "pidió la poda del fresno que levanta su vereda", "Una vecina pide podar un fresno."),
    ("Ramiro Paz", "avisó que el semáforo de la escuela quedó en rojo", "Avisan que un semáforo no cambia."),
    ("Nélida Ruiz", "donó cuarenta libros de cocina a la biblioteca", "Donan libros de cocina."),
    ("Omar Quiroga", "reclamó por la basura que nadie junta los lunes", "Reclaman por la basura de los lunes."),
    ("Irma Toledo", "ofreció su galpón para el ensayo de la murga", "Ofrecen un galpón a la murga."),
    ("Julio Vera", "denunció el robo de una bicicleta azul en la plaza", "Denuncian el robo de una bicicleta."),
    ("Clara Nieto", "preguntó cuándo abre la pileta de verano", "Preguntan por la pileta."),
    ("Pedro Luna", "agradeció la rampa nueva del correo", "Agradecen una rampa."),
    ("Marta Gil", "contó que el arroyo creció hasta su cocina", "El arroyo entró en una cocina."),
    ("Saúl Ortega", "propuso un torneo de truco para los jubilados", "Proponen un torneo de truco."),
    ("Delia Campos", "perdió a su perra Lola cerca de la estación", "Buscan a una perra perdida."),
    ("Hugo Ríos", "quiere plantar tilos delante del hospital", "Quieren plantar tilos."),
    ("Alicia Mena", "encontró un anillo grabado en el colectivo", "Encontraron un anillo."),
    ("Tomás Ferro", "se quejó de la música del club a la madrugada", "Se quejan de la música del club."),
    ("Berta Salas", "enseña a tejer gratis los miércoles en la capilla", "Dan clases gratis de tejido."),
    ("Luis Arce", "consiguió pintura para las paredes del jardín", "Consiguieron pintura para el jardín."),
    ("Rosa Díaz", "vende empanadas para arreglar el techo de la sala", "Venden empanadas por un techo."),
    ("Darío Pons", "vio caer el poste de luz durante la tormenta", "Cayó un poste de luz."),
    ("Norma Vidal", "organiza el festejo del centenario del barrio", "Preparan el centenario."),
    ("Iván Cruz", "armó una huerta con los chicos de quinto grado", "Chicos de quinto armaron una huerta."),
)  # fmt: skip
DOCUMENTS = tuple(f"{20 + 3 * index // 2}.{314 + 17 * index}.{905 - 29 * index}" for index in range(len(_CASES)))

LICENCE = "Todos los derechos reservados. © 2024 Editorial del Patio. ISBN 978-0-00-000000-2."
CHAPTERS = 12


def poems_docx(path: Path) -> Path:
    """Write the twelve poems as Word has them when Enter ends each verse: title, stanzas, blank lines."""
    lines = [line for title, body in POEMS.items() for line in (title, "", *body.split("\n"), "", "")]
    path.write_bytes(docx(lines))
    return path


def whole_poems() -> set[str]:
    """Return each poem as one text: its title, a blank line, its stanzas."""
    return {f"{title}\n\n{body}" for title, body in POEMS.items()}


def letters_csv(path: Path) -> Path:
    """Write a table as Excel saves it in Argentina: Windows-1252, semicolons, decimal commas; with documents (DNI)."""
    lines = ["fecha;carta;resumen;puntaje"]
    for index, ((name, event, summary), document) in enumerate(zip(_CASES, DOCUMENTS, strict=True)):
        letter = f"{name}, DNI {document}, {event}. «Lo digo con nombre y apellido», escribió en la carta."
        lines.append(f"{index + 1:02}/03/2024;{letter};{summary};{5 + index % 5},{index % 10}")
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1252"))
    return path


def book_epub(path: Path) -> Path:
    """Write a book: cover, page of rights, contents, twelve chapters of prose."""
    body = [f"<h1>Capítulo {number + 1}</h1>{_chapter(number)}" for number in range(CHAPTERS)]
    chapters = {f"cap{number + 1}.xhtml": chapter for number, chapter in enumerate(body)}
    links = "".join(f'<p><a href="{name}">Capítulo</a></p>' for name in chapters)
    front = {"portada.xhtml": "<h1>El patio de atrás</h1>", "derechos.xhtml": f"<p>{LICENCE}</p>"}
    path.write_bytes(epub({**front, "indice.xhtml": f"<h1>Índice</h1>{links}", **chapters}))
    return path


_SUBJECTS = ("La portera", "El sastre", "Mi prima", "El cartero", "La vidriera", "Un chico", "El sereno", "La maestra")
_DID = ("barrió", "guardó", "perdió", "pintó", "escondió", "contó", "cambió", "regaló", "midió", "nombró", "lavó")
_OBJECTS = ("las hojas", "una llave", "el silencio", "tres baldosas", "la escalera", "un canario", "los relojes")
_WHERE = ("en el zaguán", "bajo la parra", "junto al aljibe", "detrás del ropero", "sobre el techo")


def _chapter(number: int) -> str:
    """Six paragraphs of five sentences; no sentence comes twice in the book."""
    sentences = []
    for index in range(number * 30, number * 30 + 30):
        parts = (_SUBJECTS[index % 8], _DID[index % 11], _OBJECTS[index % 7], _WHERE[index % 5])
        sentences.append(f"{' '.join(parts)} {'y' if index % 2 else 'pero'} nadie lo vio hasta el día {index + 1}.")
    return "".join(f"<p>{' '.join(sentences[start : start + 5])}</p>" for start in range(0, 30, 5))
