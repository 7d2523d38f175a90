"""Texts such as people have, each of which went wrong once: how they are divided, and what is left out and said."""

import io
import itertools
import json
import random
import textwrap
import unicodedata
import zipfile
from pathlib import Path

import pytest

from poetas.data.errors import DataError, FileTooLarge
from poetas.data.formats.division.outline import outline
from poetas.data.formats.excluded_files import reasons
from poetas.data.formats.running_text import PlainLines
from poetas.data.formats.signature import ENCRYPTED_OFFICE, OLE
from poetas.data.pipeline.limits import Limits
from poetas.data.pipeline.mapping import guess
from poetas.data.pipeline.pipeline import select
from poetas.data.pipeline.reading import read_file
from poetas.data.pipeline.steps import DEFAULT, apply
from poetas.data.storage.samples import sample
from tests import own_files
from tests.unit import odd_files
from tests.unit.data.document_files import docx_of, odt, p

CASES = Path(__file__).with_name("cases")
RNG = random.Random(3)
VERSES = [
    "Médano que espera al amanecer", "tiembla el umbral hondo y canta", "y otra ceniza cae en la tarde",
    "un azul río tiembla contra el muro", "Pan que duerme en la orilla", "canta la luna y se apaga", "Niebla",
]  # fmt: skip
TITLES = ["La casa", "El río de mi infancia", "Noche", "Carta a mi hermana", "¿Dónde estás?", "Un árbol"]
SENTENCES = [
    "El heladero pintó una bolsa de semillas cerca del arroyo Pingüino después de la siesta.",
    "Un afinador de pianos pintó la receta del pan negro en la plaza del pueblo el lunes.",
    "Una vecina inventó un violín de caña en el club social en la última helada.",
]


def stanza(lines=4, end=","):
    return "\n".join(RNG.choice(VERSES) + end for _ in range(lines))


def poem(stanzas=3, end=","):
    return "\n\n".join(stanza(end=end) for _ in range(stanzas))


def paragraph(sentences=5):
    return " ".join(RNG.choice(SENTENCES) for _ in range(sentences))


def wrapped(width=68, **options):
    return textwrap.fill(paragraph(), width, **options)


def ending_short():
    """A paragraph whose last line has room for more, so that it can be distinguished from the next one."""
    return next(text for text in iter(wrapped, None) if len(text.split("\n")[-1]) < 50)


def headed(titles, between="\n\n", under="\n\n", body=poem):
    return between.join(f"{title}{under}{body()}" for title in titles)


def texts(reading):
    return reading.table.iloc[:, 0].tolist()


def codes(reading):
    return {notice.code: notice.count for notice in reading.notices}


@pytest.mark.parametrize(
    ("name", "count", "first"),
    [
        ("14b-tres-acentos-al-final.txt", 259, "El maestro rural"),
        ("14d-comillas-y-raya.txt", 3, "—Vení —dijo ella."),
        ("14e-mac.txt", 3, "El ñandú cruzó el río."),
        ("14f-cp850.txt", 3, "El ñandú cruzó el río."),
        ("14g-una-palabra.txt", 3, "Mañana."),
        ("16-subtitulos.srt", 8, "Espuma que canta en la orilla."),
        ("16-subtitulos.vtt", 8, "Espuma que canta en la orilla."),
        ("25-coplas.txt", 60, "tiembla el sendero áspero y espera,\nse apaga"),
        ("26-quince-sonetos.txt", 15, "Soneto 1\n\ny otra niebla"),
        ("26-quince-sonetos.zip", 15, "Soneto 1\n\ny otra niebla"),
        ("39-cuatro-cuentos-en-txt.zip", 4, "Otro farera"),
        ("54-saludos.txt", 60, "Hola, vecina, ¡feliz año nuevo!"),
        ("54c-saludos-largos.txt", 60, "Hola, vecina: te mando"),
    ],
)
def test_each_case_gives_its_texts(name, count, first):
    reading = read_file(CASES / name)
    assert len(reading.table) == count
    assert texts(reading)[0].startswith(first)
    assert reading.notices == ()


def test_fifteen_sonnets_are_fifteen_poems():
    reading = read_file(CASES / "26-quince-sonetos.txt")
    assert reading.sentence == "Leí 15 poemas, 15 con título"
    assert all(text.startswith("Soneto ") and text.count("\n\n") == 4 and "*" not in text for text in texts(reading))
    assert reading.divisions == {"poems": 15, "blocks": 60, "titles": 15, "marks": 15, "lines": 225, "whole": 1}
    assert len(read_file(CASES / "26-quince-sonetos.txt", division="marks").table) == 15


def test_the_licence_of_a_book_is_left_out_and_its_paragraphs_are_joined():
    reading = read_file(CASES / "18-libro-con-licencia.txt")
    assert len(reading.table) == 24
    assert not any("\n" in text or "GUTENBERG" in text.upper() or "Condición" in text for text in texts(reading))
    assert all(len(text) > 200 for text in texts(reading)), "no heading is a row"
    assert codes(reading) == {"licence-left": 38, "titles-apart": 4}
    assert [part.code for part in reading.left_out] == ["licence", "licence", *["title"] * 4]


def test_stepped_verse_keeps_its_steps_to_the_end():
    reading = read_file(CASES / "27-versos-escalonados.txt")
    assert len(reading.table) == 12
    clean, _applied = apply(select(reading.table, guess(reading.table).mapping), DEFAULT)
    for text in (texts(reading)[0], clean["text"].iloc[0]):
        assert [len(line) - len(line.lstrip()) for line in text.split("\n")] == [0, 8, 16, 8, 24]
    flush = read_file(CASES / "27-versos-escalonados.txt", indentation=False)
    assert not any("\n " in text for text in texts(flush))


def test_decomposed_accents_are_composed():
    reading = read_file(CASES / "20-nfd.txt")
    clean, _applied = apply(select(reading.table, guess(reading.table).mapping), DEFAULT)
    assert all(unicodedata.is_normalized("NFC", text) for text in clean["text"])
    assert len(reading.table) == 11


def test_a_chat_of_an_iphone_gives_its_messages_without_names():
    reading = read_file(CASES / "17-whatsapp-iphone.txt")
    assert len(reading.table) == 14
    assert all(text.count("\n") == 2 or text.count("\n") == 1 for text in texts(reading))
    everything = "\n".join(" ".join(row) for row in reading.table.to_numpy())
    for hidden in ("Vecina Inventada", "5555", "9:4", "p. m.", "omitida", "cifrados", "12/3/24"):
        assert hidden not in everything
    assert set(reading.table.iloc[:, 1]) == {"persona 1", "persona 2", "persona 3"}
    assert codes(reading) == {"chat-names": 3, "chat-system": 1, "chat-media": 1}
    assert [(part.where, part.code) for part in reading.left_out] == [
        ("renglón 1", "chat-system"), ("renglón 44", "chat-media"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "stamp",
    [
        "12/3/24, 21:40 - ", "12/03/2024 21:40 - ", "12/3/24, 9:40\u202fp.\xa0m. - ", "3/12/24, 9:40 PM - ",
        "[12/3/24, 21:40:01] ", "[12/3/24, 9:40:01\u202fp.\u202fm.] ", "\u200e[2024-03-12, 21:40:01] ",
        "12.03.24, 21:40 - ",
    ],
)  # fmt: skip
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_chat_of_any_phone(put, stamp, newline):
    lines = [
        f"{stamp}Los mensajes y las llamadas están cifrados de extremo a extremo.",
        f"{stamp}Ana Inventada: Cae la tarde,",
        "",
        "cae: el río.",
        f"{stamp}+54 9 11 5555-0000: Llamame al +54 9 11 4444-1234, @5491155550000.",
        f"{stamp}Ana Inventada: <Multimedia omitido>",
        f"{stamp}Luis: IMG-1.jpg (archivo adjunto)",
        "El río de noche",
        f"{stamp}Luis: Se eliminó este mensaje.",
        f"{stamp}Luis salió del grupo",
        f"{stamp}Luis: Gracias, Ana Inventada; Ana, la luna.",
        f"{stamp}JOSÉ LUZ: ANA INVENTADA: hola",
        f"{stamp}Luis: Decía José Luz, sin luz.",
    ]
    reading = read_file(put("chat.txt", newline.join(lines)))
    assert texts(reading) == [
        "Cae la tarde,\n\ncae: el río.",
        "Llamame al [teléfono], @alguien.",
        "El río de noche",
        "Gracias, [alguien]; Ana, la luna.",
        "[alguien]: hola",
        "Decía [alguien], sin luz.",
    ]
    assert codes(reading) == {"chat-names": 4, "chat-masked": 5, "chat-system": 3, "chat-media": 2}


IPHONE, LEFT = "[12/03/2024, 21:40:03] ", "\N{LEFT-TO-RIGHT MARK}"


def test_what_an_iphone_wrote_itself_is_no_message(put):
    said = [
        f"{LEFT}{IPHONE}Taller: martes: {LEFT}Los mensajes y las llamadas están cifrados de extremo a extremo.",
        f"{IPHONE}Taller: martes: {LEFT}Ana Paz creó el grupo.",
        f"{IPHONE}Ana Paz: uno",
        f"{IPHONE}Taller de poesía: {LEFT}Beto Luna cambió la descripción del grupo.",
        f"{IPHONE}Beto Luna: {LEFT}dos, corregido {LEFT}<Se editó este mensaje.>",
        f"{IPHONE}Ana Paz: La casa en obra {LEFT}<adjunto: 00000012-PHOTO-2024-03-12.jpg>",
        f"{LEFT}{IPHONE}Ana Paz: {LEFT}<adjunto: 00000013-PHOTO-2024-03-12.jpg>",
        f"{IPHONE}Ana Paz: {LEFT}Ana Paz te añadió.",
    ]
    reading = read_file(put("chat.txt", "\n".join(said)))
    assert texts(reading) == ["uno", "dos, corregido", "La casa en obra"]
    assert codes(reading) == {"chat-names": 2, "chat-system": 4, "chat-media": 2}


def test_places_and_phones_of_a_chat_are_hidden_and_numbers_of_a_verse_are_not(put):
    said = {
        "ubicación: https://maps.google.com/?q=-34.6037,-58.3816": None,
        "Estoy en https://maps.google.com/?q=-34.6037,-58.3816": "Estoy en [ubicación]",
        "Llamame, Beto, al 4382-1234": "Llamame, Beto, al [teléfono]",
        "en 1810 1816 1853 hubo fiesta": "en 1810 1816 1853 hubo fiesta",
        "1 2 3 4 5 6 7 8 9 10 punto y coma": "1 2 3 4 5 6 7 8 9 10 punto y coma",
        "es el 5491155550000": "es el [teléfono]",
    }
    stamp = "12/3/24, 21:40 - "
    renamed = f"{stamp}Ana Paz cambió el nombre del grupo de “Taller” a “Taller: martes”"
    path = put("chat.txt", "\n".join([renamed, *(f"{stamp}Ana Paz: {text}" for text in said)]))
    assert texts(read_file(path)) == [text for text in said.values() if text]
    assert codes(read_file(path)) == {"chat-names": 1, "chat-masked": 3, "chat-system": 1, "chat-media": 1}


SAID = [  # who, what, whether it is a picture
    ("Ana Inventada", "Cae la tarde,\ncae el río.", False),
    ("Ana Inventada", "Para Beto Luna & vos.", False),
    ("Beto Luna", "La casa en obra", True),
    ("Beto Luna", "Al +54 9 11 4444-1234, @vecina", False),
]
FORWARDED = ("Beto Luna", "De Carla Vega Inventada, la del pan", "Carla Vega Inventada")


def telegram(kind):
    if kind == "txt":
        return "\n\n".join(f"{who}, [12.03.24 21:04]\n{text}" for who, text, _picture in SAID)
    if kind.endswith("json"):
        service = {"type": "service", "date": "x", "actor": "Ana Inventada", "text": ""}
        said = [
            {"type": "message", "date": "x", "from": who, "text": text} | ({"photo": "a.jpg"} if picture else {})
            for who, text, picture in SAID
        ]
        who, text, whose = FORWARDED
        said.append({"type": "message", "date": "x", "from": who, "text": text, "forwarded_from": whose})
        said[-2]["text"] = ["Al +54 9 11 4444-1234, ", {"type": "mention_name", "text": "Ana Inventada"}]
        group = {"name": "Grupo", "messages": [service, {"id": 3, "type": "unsupported"}, *said]}
        if kind == "all.json":
            group = {"chats": {"list": [{"name": "Vacío", "messages": []}, group, {"messages": [service]}]}}
        return json.dumps(group)
    before, shown = "", '<div class="message service"><div class="body details">Ana Inventada creó el grupo</div></div>'
    for who, text, picture in SAID:
        name = "" if who == before else f'<div class="from_name">\n{who} </div>'
        media = '<div class="media_wrap clearfix"><div class="title">Photo</div></div>' if picture else ""
        said = (
            text.replace("&", "&amp;").replace("\n", "<br>").replace("@vecina", '<a href="https://t.me/v">@vecina</a>')
        )
        shown += f'<div class="message default clearfix{" joined" * (who == before)}"><div class="body">'
        shown += f'<div class="date details">21:04</div>{name}{media}<div class="text">\n{said}\n</div></div></div>'
        before = who
    _who, text, whose = FORWARDED
    shown += '<div class="message default clearfix joined"><div class="body"><div class="forwarded body">'
    shown += f'<div class="from_name">{whose} <span class="date details">1.1.24</span></div>'
    shown += f'<div class="text">{text}</div></div></div></div>'
    return f"<html><body><div class='history'>{shown}</div></body></html>"


@pytest.mark.parametrize("kind", ["txt", "json", "all.json", "html"])
def test_a_chat_of_telegram_gives_its_messages_without_names(put, kind):
    reading = read_file(put(f"chat.{kind}", telegram(kind)))
    said = ["Cae la tarde,\ncae el río.", "Para [alguien] & vos.", "La casa en obra", "Al [teléfono], @alguien"]
    forwarded = "De [alguien], la del pan"
    assert texts(reading) == ([*said, forwarded] if kind != "txt" else [*said[:3], "Al [teléfono], @vecina"])
    assert reading.table.iloc[:, 1].tolist() == ["persona 1"] * 2 + ["persona 2"] * (2 if kind == "txt" else 3)
    events = {"json": 2, "all.json": 3}.get(kind, 1)
    left = {} if kind == "txt" else {"chat-system": events, "chat-media": 1}
    assert codes(reading) == {"chat-names": 2, "chat-masked": 2 + bool(left), **left}


def test_a_chat_in_its_zip_and_a_diary_that_is_no_chat(put):
    chat = (CASES / "17-whatsapp-iphone.txt").read_bytes()
    packed = read_file(put("chat.zip", odd_files.zipped({"_chat.txt": chat, "IMG-1.jpg": b"\xff\xd8"})))
    assert len(packed.table) == 14
    assert "5555" not in packed.table.to_string()
    diary = "\n".join(f"{day}/3/24, 21:40 - Llovió todo el día y no salí." for day in range(1, 9))
    assert len(read_file(put("diario.txt", diary)).table) == 8


def test_what_is_no_text_of_the_learners_is_left_out_of_a_zip_with_its_reason():
    path = CASES / "21-poemas-y-notas.zip"
    reading = read_file(path)
    assert sorted(reading.table["archivo"]) == sorted(f"poema{n}.txt" for n in range(1, 11))
    assert {part.where: part.code for part in reading.left_out} == {
        "README.md": "readme", "LICENCIA.txt": "licence", "notas del taller.md": "notes", "vacio.txt": "empty",
        "foto.jpg": "other-format",
    }  # fmt: skip
    assert codes(reading) == {"files-left": 1, "files-empty": 1, "files-aside": 3}
    ticked = read_file(path, files=["poema1.txt", "notas del taller.md"])
    assert sorted(ticked.table["archivo"]) == ["notas del taller.md", "poema1.txt"]
    assert {part.where: part.code for part in ticked.left_out} == {
        **{f"poema{n}.txt": "unticked" for n in range(2, 11)}, "README.md": "readme", "LICENCIA.txt": "licence",
        "vacio.txt": "empty", "foto.jpg": "other-format",
    }  # fmt: skip
    assert len(read_file(path, files=[f"poema{n}.txt" for n in range(1, 11)], division="lines").table) == 40


@pytest.mark.parametrize("name", ["Créditos.txt", "credits.md", "AUTHORS.txt", "Derechos de autor.docx", "LICENSE.md"])
def test_credits_and_rights_of_a_folder_are_no_text_of_the_learners(name):
    poems = {"uno.txt": "Cae la tarde.", "acreditada.txt": "Sube el río.", "derecha.txt": "Dobla la esquina."}
    assert reasons({**poems, name: "Fotos de Ana."}) == {name: "licence"}


def test_files_that_the_folder_is_about_stay_whatever_their_names(put, tmp_path):
    for n in range(4):
        put(f"a/notas de viaje {n}.txt", f"Llegamos a Iruya el día {n}, con viento.")
    put("a/Notas de un verano.txt", "Cae la tarde sobre el río,\nnadie la mira.")
    assert len(read_file(tmp_path / "a").table) == 5
    put("b/LEEME.txt", "Lo único que hay.")
    assert len(read_file(tmp_path / "b").table) == 1
    unflagged = odd_files.zipped({"canciXXn.txt": "Llovió."}).replace(b"XX", "ó".encode())
    assert read_file(put("mac.zip", unflagged)).table["archivo"].tolist() == ["canción.txt"]


def packed(kind, poem):
    lines = poem.split("\n")
    if kind == "odt":
        return odt("".join(f"<text:p>{line}</text:p>" for line in lines))
    note = "<w:r><w:footnoteReference w:id='2'/></w:r>"
    return docx_of("".join(p(line) for line in lines[:-1]) + p(lines[-1], note))


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_a_zip_of_documents_gives_each_with_what_was_left(put, tmp_path, kind):
    poems = [f"{title}\n\n{poem}" for title, poem in own_files.POEMS.items()]
    files = {f"poema {n:02}.{kind}": packed(kind, poem) for n, poem in enumerate(poems)}
    files |= {
        "zorro.txt": "El zorro\nse fue.",
        f"roto.{kind}": files[f"poema 01.{kind}"][:400],
        f"secreto.{kind}": OLE + ENCRYPTED_OFFICE,
        "letras.txt": b"\x00\x01" * 99,
        "LEEME.txt": "Qué hay.",
    }
    path = put("poemas.zip", odd_files.zipped(files))
    reading = read_file(path)
    assert texts(reading) == [*poems, "El zorro\nse fue."]
    assert {part.where: part.code for part in reading.left_out if part.code != "note"} == {
        f"roto.{kind}": "unreadable", f"secreto.{kind}": "protected",
        "letras.txt": "other-format", "LEEME.txt": "readme",
    }  # fmt: skip
    said = {notice.code: notice.sentence for notice in reading.notices}
    assert "que no es texto: «letras.txt»." in said["files-left"]
    assert f"puede estar dañado: «roto.{kind}»." in said["files-unreadable"]
    assert f"con contraseña: «secreto.{kind}»." in said["files-protected"]
    assert codes(reading).get("notes-left", 0) == (12 if kind == "docx" else 0)
    ticked = read_file(path, files=[f"poema 03.{kind}"])
    assert texts(ticked) == [poems[3]]
    assert len(read_file(path, files=[f"poema 03.{kind}"], division="lines").table) == len(poems[3].split("\n")) - 2
    for name, content in files.items():
        put(f"carpeta/{name}", content)
    assert texts(read_file(tmp_path / "carpeta")) == texts(reading)


@pytest.mark.parametrize("kind", ["txt", "docx"])
def test_a_file_alone_in_a_zip_is_divided_as_without_it(put, kind):
    poems = "\n\n\n\n".join(f"{title}\n\n{poem}" for title, poem in own_files.POEMS.items())
    content = poems.encode() if kind == "txt" else docx_of("".join(p(line) for line in poems.split("\n")))
    bare = read_file(put(f"Mis poemas.{kind}", content))
    files = {f"Mis poemas.{kind}": content, "LEEME.txt": "Qué hay.", "foto.jpg": b"\xff\xd8"}
    reading = read_file(put("a.zip", odd_files.zipped(files)))
    assert texts(reading) == texts(bare)
    assert len(texts(reading)) == len(own_files.POEMS)
    assert (reading.division, reading.divisions) == (bare.division, bare.divisions)
    assert set(reading.table["archivo"]) == {f"Mis poemas.{kind}"}
    assert {"files-left", "files-aside"} <= codes(reading).keys()
    several = read_file(put("b.zip", odd_files.zipped({**files, "otro.txt": "Otro texto."})))
    assert len(texts(several)) == 2


def test_documents_of_a_zip_are_limited_together(put):
    document = packed("docx", "uno\ndos")
    path = put("poemas.zip", odd_files.zipped({f"{n}.docx": document for n in range(3)}))
    limit = sum(member.file_size for member in zipfile.ZipFile(io.BytesIO(document)).infolist())
    assert len(read_file(path, limits=Limits(unpacked_bytes=3 * limit)).table) == 3
    with pytest.raises(FileTooLarge):
        read_file(path, limits=Limits(unpacked_bytes=3 * limit - 1))


POEMS = {
    "titles": lambda: headed(TITLES),
    "titles, wide gaps": lambda: headed(TITLES, "\n\n\n\n", "\n\n\n"),
    "titles on their first stanza": lambda: headed(TITLES, "\n\n\n", "\n"),
    "capitals": lambda: headed(map(str.upper, TITLES), under="\n"),
    "numerals": lambda: headed(["I", "II", "III", "IV", "V", "VI"]),
    "numbers": lambda: headed(f"{n}." for n in range(1, 7)),
    "underlined": lambda: headed(f"{title}\n{'=' * len(title)}" for title in TITLES),
    "no signs": lambda: headed(TITLES, "\n\n\n", body=lambda: poem(end="")),
    "dedications": lambda: headed(f"{title}\n\na Elisa" for title in TITLES),
    "parts": lambda: headed((title.upper() for title in TITLES), body=lambda: f"I\n\n{poem()}\n\nII\n\n{poem()}"),
    "book": lambda: "MIS SONETOS\n\npor Fulana\n\n\n" + headed((f"Soneto {n}" for n in range(1, 7)), "\n\n\n"),
    "book of plain titles": lambda: f"Cosas del agua\n\nFulana Inventada\n\n\n{headed(TITLES)}",
    "gaps": lambda: "\n\n\n\n".join(poem() for _ in TITLES),
    "pages": lambda: "\f".join(poem() for _ in TITLES),
    "marks": lambda: "\n\n* * *\n\n".join(poem() for _ in TITLES),
    "tight marks": lambda: "\n---\n".join(stanza() for _ in TITLES),
}


@pytest.mark.parametrize("kind", POEMS)
def test_poems_stay_whole(put, kind):
    reading = read_file(put("poemas.txt", POEMS[kind]()))
    assert reading.division == "poems"
    assert len(reading.table) == len(TITLES)
    assert reading.sentence.startswith("Leí 6 poemas")


AUTHORS = [f"{name} {family}" for name in ("Ana", "Beto", "Carla") for family in ("Paz", "Sosa", "Luna", "Vera")]
DATES = [f"Salta, {year}" for year in range(1984, 1996)]
OWN = {  # of the twelve poems of `own_files`, how each is written, with one blank line between them all
    "signature": "{title}\n\n{poem}\n\nAna Paz",
    "signature of one word": "{title}\n\n{poem}\n\nAna",
    "an author each": "{title}\n\n{poem}\n\n{author}",
    "signature, no titles": "{poem}\n\nAna Paz",
    "signature and date": "{title}\n\n{poem}\n\nAna Paz\n{date}",
    "date, no titles": "{poem}\n\n{date}",
    "year in brackets, no titles": "{poem}\n\n(1984)",
    "quotes and date": "«{title}»\n\n{poem}\n\n{date}",
    "day, month and year": "{title}\n\n{poem}\n\n{n} de marzo de 1984",
    "end": "{title}\n\n{poem}\n\nFIN",
    "end, one blank line": "{title}\n\n{poem}\n\n— Fin —",
    "dashes": "- {title} -\n\n{poem}",
    "dashes, small letters": "~ {small} ~\n\n{poem}",
    "colon": "{title}:\n\n{poem}",
    "number on the first verse": "{n}) {title}\n{poem}",
    "number and small letters": "{n}. {small}\n{low}",
    "diary": "{n} de marzo de 1984\n\n{poem}",
}


WIDE = ("quotes and date", "end")


@pytest.mark.parametrize("kind", OWN)
def test_twelve_poems_keep_their_titles_and_what_closes_them(put, kind):
    written = [
        OWN[kind]
        .format(n=n, title=title, poem=poem, author=author, date=date, small=title.lower(), low=poem.lower())
        .strip()
        for n, ((title, poem), author, date) in enumerate(
            zip(own_files.POEMS.items(), AUTHORS, DATES, strict=True), start=1
        )
    ]
    wide = "\n" if kind in WIDE else ""
    reading = read_file(put("poemas.txt", f"\n\n{wide}".join(written)))
    assert reading.division == "poems"
    assert texts(reading) == written


HEADING = '<w:pStyle w:val="Heading1"/>'


def test_the_first_poem_keeps_its_title_where_it_has_a_line_more_under_it_than_most(put):
    (first, poem), *others = own_files.POEMS.items()
    own = [f"{first}\n\n«Todo fluye»\n\n{poem}", *(f"{title}\n\n{poem}" for title, poem in others)]
    assert texts(read_file(put("poemas.txt", "\n\n".join(own)))) == own

    def marked(subtitles, below):
        lines = [line for title, poem in own_files.POEMS.items() for line in [title, *poem.split("\n"), ""]]
        titled = {title: p(title, properties=HEADING) for title in own_files.POEMS}
        return docx_of("".join(titled.get(line, p(line)) + (below if line in subtitles else "") for line in lines))

    begins = f"{first}\nPrimera parte\n"
    plain = marked([first], p("Primera parte") + p(""))
    assert texts(read_file(put("a.docx", plain)))[0].startswith(begins)
    both = marked([first, others[3][0]], p("Primera parte", properties=HEADING))
    both = texts(read_file(put("b.docx", both)))
    assert both[0].startswith(begins)
    assert len(both) == len(own)


FRONTS = {
    "author and year": "Norma Quiroga\nTandil, 2023",
    "title and author": "Cosas del agua\nFulana Inventada",
    "author and place": "N. Q.\nRauch",
    "dedication": "A mi madre,\nque guardaba los botones",
    "epigraph and author": "«Todo fluye»\nHeráclito",
}


@pytest.mark.parametrize("front", FRONTS)
def test_what_stands_before_all_poems_in_two_lines_breaks_none(put, front):
    own = [f"{title}\n\n{poem}".replace(".\n\n", ",\n") for title, poem in own_files.POEMS.items()]
    prose = [f"Prólogo\n\n{SENTENCES[1]}", SENTENCES[2]]
    for before in ([], prose):
        reading = read_file(put("libro.txt", "\n\n".join([*before, FRONTS[front], *own])))
        assert reading.division == "poems"
        assert texts(reading) == ["\n\n".join([*before, FRONTS[front]]), *own]


def test_couplets_with_a_verse_under_each_have_no_titles(put):
    text = "\n\n".join(f"A la hora {n} del río\nvuelve otra vez\n\nCae la lluvia {n}" for n in range(8))
    assert "con título" not in read_file(put("poema.txt", text)).sentence


@pytest.mark.parametrize("numeral", ["I", "1", "1."])
def test_poems_in_numbered_parts_are_whole_among_plainly_titled_ones(put, numeral):
    second = {"I": "II", "1": "2", "1.": "2."}[numeral]
    whole = [f"{title}\n\n{poem}" for title, poem in own_files.POEMS.items()]
    parts = [text.replace("\n\n", f"\n\n{numeral}\n\n", 1) for text in whole]
    parts = [f"\n\n{second}\n\n".join(text.rsplit("\n\n", 1)) for text in parts]
    for own in ([*whole[:4], parts[4], *whole[5:]], [*whole[:3], *parts[3:6], *whole[6:]], parts):
        reading = read_file(put("poemas.txt", "\n\n".join(own)))
        assert reading.sentence == "Leí 12 poemas, 12 con título"
        assert texts(reading) == own
    tight = [text.replace(f"{numeral}\n\n", f"{numeral}\n").replace(f"{second}\n\n", f"{second}\n") for text in parts]
    assert texts(read_file(put("b.txt", "\n\n".join(tight)))) == tight


def test_a_books_title_is_no_poems_also_where_each_title_is_in_quotes_or_the_first_has_an_epigraph(put):
    quoted = "\n\n".join(f"«{title}»\n\n{poem}" for title, poem in own_files.POEMS.items())
    assert texts(read_file(put("a.txt", f"Cosas del agua\n\n{quoted}")))[0].startswith("«")
    first = next(iter(own_files.POEMS))
    plain = "\n\n".join(f"{title}\n\n{poem}" for title, poem in own_files.POEMS.items())
    book = "Cosas del agua\n\nFulana Inventada\n\n" + plain.replace(first, f"{first}\n\n«Todo fluye»", 1)
    assert texts(read_file(put("b.txt", book)))[0].startswith(f"{first}\n")


def test_titles_that_cannot_be_known_can_be_asked_for(put):
    written = [f"{title.lower()}\n\n{poem}" for title, poem in own_files.POEMS.items()]
    path = put("poemas.txt", "\n\n".join(written))
    assert read_file(path).divisions["titles"] == len(written)
    assert texts(read_file(path, division="titles")) == written


def test_titles_on_their_first_stanza_can_be_asked_for_and_stanzas_without_them_cannot(put):
    verses = "y otra vez cae la lluvia despacio,\nnadie la escuchaba en el techo.\n\nUna gotera marcaba el compás\n{}"
    body = verses.format("mientras ella lavaba la olla.")
    for under in ("", "12/03/2021\n\n"):
        written = [f"{title}\n{under}{body}" for title in own_files.POEMS if len(title) < 20]
        path = put("poemas.txt", "\n\n".join(written))
        assert read_file(path).divisions["titles"] == len(written)
        assert texts(read_file(path, division="titles")) == written
    short = "\n\n".join([body, "Nadie\nla escuchaba caer en el techo."] * 3)
    assert "titles" not in read_file(put("sin.txt", short)).divisions


CONTENTS = {
    "named, with pages": lambda titles: (
        "Índice\n\n" + "\n".join(f"{title} ..... {n}" for n, title in enumerate(titles))
    ),
    "titles alone": "\n".join,
    "blank lines between": "\n\n".join,
    "numbered, after the book's title": lambda titles: (
        "Cosas del agua\n\nFulana Inventada\n\n"
        + "\n".join(f"{n}. {title.upper()}" for n, title in enumerate(titles, start=1))
    ),
    "with a foreword that comes nowhere": lambda titles: "\n".join(
        ["CONTENIDO", titles[0], "A quien lea", *titles[1:]]
    ),
    **{
        form: lambda titles, form=form: (
            "Índice\n" + "\n".join(form.format(title, n) for n, title in enumerate(titles, start=7))
        )
        for form in ("{0} {1}", "{0}, {1}", "{0} (pág. {1})", "{1} {0}", "p. {1}: {0}", "{0} — {1}")
    },
}


@pytest.mark.parametrize("at_end", [False, True])
@pytest.mark.parametrize("kind", CONTENTS)
def test_a_contents_list_at_either_end_is_no_poem(put, kind, at_end):
    own = [f"{title}\n\n{poem}" for title, poem in own_files.POEMS.items()]
    listed = CONTENTS[kind](list(own_files.POEMS))
    head, listed = listed.rsplit("\n\n", 1) if at_end and "Fulana" in listed else ("", listed)
    reading = read_file(put("a.txt", "\n\n\n".join([head, *own, listed] if at_end else [listed, *own]).strip()))
    assert texts(reading) == own
    count = sum(note.count for note in reading.notices if note.code == "contents-entries-left")
    lines = [line for line in listed.split("\n") if line and line not in {"Cosas del agua", "Fulana Inventada"}]
    assert count == sum(part.code == "contents-entry" for part in reading.left_out) == len(lines)


def test_a_poem_whose_verses_are_titles_of_others_is_no_contents_list(put):
    own = [f"{title}\n\n{poem}" for title, poem in own_files.POEMS.items()]
    verses = "\n".join(own_files.POEMS)
    first = f"Herencia\n\n{verses}\n\nTodo eso pesa menos\nque el cajón que lo guarda."
    few = "Herencia\n\n" + "\n".join(list(own_files.POEMS)[:5])
    last = f"Herencia\n\n{verses}"
    inner = "Índice\n\n" + "\n".join(list(own_files.POEMS)[:6])
    for written in ([first, *own], [few, *own], [*own, last], [*own[:6], inner, *own[6:]]):
        assert texts(read_file(put("a.txt", "\n\n\n".join(written)))) == written
    printed = ["\n\n\n".join([*own[:6], inner]), "Impreso en Salta,\nen marzo de 1984."]
    assert texts(read_file(put("a.txt", "\n\n\n".join(printed)))) == [*own[:6], printed[1]]


def test_lines_that_come_again_are_no_contents_list(put):
    first = ["Duermo poco y sueño", "y de noche me desvelo", "por un pan que no es de cielo", "sino de manos ajenas"]
    gloss = "\n\n".join(["\n".join(first), *map("\n".join, zip(own_files.POEMS.values(), first, strict=False))])
    chained = "\n\n".join(["\n".join(first), *map("\n".join, zip(first, own_files.POEMS.values(), strict=False))])
    sung = "\n\n".join("\n\n".join(first) + f"\n\n{stanza()}" for _ in range(4))
    poem = "\n\n".join(["Índice", *(f"{stanza()}" for _ in range(4))])
    for name, text in {"glosa.txt": gloss, "encadenada.txt": chained, "canción.txt": sung, "índice.txt": poem}.items():
        reading = read_file(put(name, text), division="lines")
        assert " ".join(texts(reading)).split() == text.split()
        assert "contents-entry" not in {part.code for part in reading.left_out}


@pytest.mark.parametrize("between", ["\n\n\n", "\n\n* * *\n\n", "\n\n\nSoneto {}\n\n"])
def test_a_poem_made_of_the_first_verses_of_others_is_no_contents_list(put, between):
    verses = [poem.split("\n")[0] for poem in own_files.POEMS.values()]
    crown = list(own_files.POEMS.values())
    for own in ([*crown, "\n".join(verses)], ["\n".join(verses), *crown]):
        reading = read_file(put("corona.txt", "".join(between.format(n) + text for n, text in enumerate(own)).strip()))
        assert len(reading.table) == 13
        assert any("\n".join(verses) in text for text in texts(reading))
        assert codes(reading) == {}
    listed = [*crown, "\n".join(f"{verse} ..... {n}" for n, verse in enumerate(verses))]
    reading = read_file(put("índice.txt", "".join(between.format(n) + text for n, text in enumerate(listed)).strip()))
    assert "contents-entries-left" in codes(reading)


def test_a_contents_list_comes_back_with_the_whole_text(put):
    own = [f"{title}\n\n{poem}" for title, poem in own_files.POEMS.items()]
    text = "\n\n".join(["Índice", "\n".join(own_files.POEMS), *own])
    reading = read_file(put("libro.txt", text), division="whole")
    assert texts(reading) == [text]
    assert codes(reading) == {}


SHORT = ("Siesta", "La gotera", "Oficio", "Ombú solo", "Tren", "Pan de ayer")


def attached(titles, inner="nadie la escuchaba en el techo."):
    stanzas = (
        f"y otra vez cae la lluvia despacio,\n{inner}\n\nuna gotera marcaba el compás\nmientras ella lavaba la olla."
    )
    return [f"{title}\n{stanzas}" for title in titles]


def test_six_titles_on_their_first_stanza_are_titles_without_asking(put):
    own = attached(SHORT)
    reading = read_file(put("poemas.txt", "\n\n".join(own)))
    assert reading.sentence == "Leí 6 poemas, 6 con título"
    assert texts(reading) == own


@pytest.mark.parametrize(
    "poems",
    [
        attached(SHORT[:5]),
        attached(["Ay, mi amor"] * 8),
        attached([f"{title}," for title in SHORT]),
        attached(SHORT, inner="nadie la oye."),
        [text.split("\n\n")[0] for text in attached(SHORT)],  # each stanza begins so
        [*attached(SHORT)[:5], attached(SHORT)[5].split("\n\n")[0]],  # more than half do
        attached([*SHORT, "Digo:"]),
    ],
)
def test_short_first_lines_that_may_be_verses_are_no_titles(put, poems):
    assert "con título" not in read_file(put("poemas.txt", "\n\n".join(poems))).sentence


def test_verse_without_titles_is_never_given_any():
    """The samples' and the tests' own verse, in stanzas of any size, from any line on."""
    coplas = [line for line in sample("coplas").path.read_text("utf-8").splitlines() if line.strip()]
    own = [line for poem in own_files.POEMS.values() for line in poem.split("\n") if line]
    for lines in (coplas, own, [*own, *coplas]):
        for size, start in itertools.product(range(2, 9), range(3)):
            rest = lines[start:]
            stanzas = ["\n".join(rest[place : place + size]) for place in range(0, len(rest), size)]
            assert not outline(PlainLines("\n\n".join(stanzas))).profile.sure


def test_a_refrain_closes_no_poem(put):
    poem = "\n\n".join(f"{stanza()}\n\nAy, mi amor" for _ in range(4))
    assert read_file(put("uno.txt", poem)).divisions["poems"] == 1
    sung = [f"{title}\n\n" + "\n\nAy, mi amor\n\n".join(stanza() for _ in range(3)) for title in TITLES]
    assert texts(read_file(put("seis.txt", "\n\n".join(sung)))) == sung


def test_poems_of_the_same_name_are_a_poem_each(put):
    names = ["Sin título" if n % 4 == 1 else title for n, title in enumerate(own_files.POEMS)]
    own = [f"{name}\n\n{poem}" for name, poem in zip(names, own_files.POEMS.values(), strict=True)]
    assert texts(read_file(put("poemas.txt", "\n\n".join(own)))) == own


def test_one_poem_with_its_title_its_signature_and_its_date_stays_one(put):
    title, poem = next(iter(own_files.POEMS.items()))
    for closing in ("", "\n\nAna Paz", "\n\nSalta, 1984", "\n\nFIN"):
        reading = read_file(put("poema.txt", f"{title}\n\n{poem}{closing}"), division="poems")
        assert texts(reading) == [f"{title}\n\n{poem}{closing}"]


@pytest.mark.parametrize("sign", ["**", "_"])
def test_markdown_titles_in_bold_or_italics_lose_their_signs_and_verses_keep_theirs(put, sign):
    written = {title: f"{poem}\n\n*y nadie*\nvino." for title, poem in own_files.POEMS.items()}
    signed = "\n\n".join(f"{sign}{title}{sign}\n{poem}" for title, poem in written.items())
    if sign == "_":  # the verses' own
        signed = signed.replace("*", "**")
        written = {title: poem.replace("*", "**") for title, poem in written.items()}
    reading = read_file(put("poemas.md", signed))
    assert [text.split("\n", 1) for text in texts(reading)] == [[title, poem] for title, poem in written.items()]


def test_markdown_titles_and_settings(put):
    text = "---\ntags: [poesía]\n---\n# Mis poemas\n\n" + headed(f"## {title}" for title in TITLES)
    reading = read_file(put("poemas.md", text))
    assert [poem.split("\n")[0] for poem in texts(reading)] == TITLES
    assert codes(reading) == {"titles-apart": 1}


STANZAS = {
    "coplas": (30, lambda: "\n\n".join(stanza() for _ in range(30))),
    "coplas with a title": (30, lambda: "Coplas del río\n\n" + "\n\n".join(stanza() for _ in range(30))),
    "haiku": (20, lambda: "\n\n".join(stanza(3) for _ in range(20))),
    "verses that stand alone": (40, lambda: "\n\n".join(f"{stanza()}\n\n{RNG.choice(VERSES)}." for _ in range(20))),
}


@pytest.mark.parametrize("kind", STANZAS)
def test_stanzas_without_a_sign_of_poems_are_the_texts(put, kind):
    RNG.seed(3)  # the texts are the same whichever tests ran before
    count, make = STANZAS[kind]
    reading = read_file(put("coplas.txt", make()))
    assert (reading.division, len(reading.table)) == ("blocks", count)
    assert "\n" in texts(reading)[0]


PROSE = {
    **{f"{width} wide": (12, lambda width=width: [wrapped(width) for _ in range(12)]) for width in (40, 60, 72, 80)},
    "indented paragraphs": (12, lambda: ["\n".join(wrapped(initial_indent="    ") for _ in range(12))]),
    "paragraphs without a gap": (12, lambda: ["\n".join(ending_short() for _ in range(12))]),
    "chapters": (12, lambda: [f"Capítulo {n}\n\n{wrapped()}\n\n{wrapped()}" for n in range(1, 7)]),
    "dialogue": (18, lambda: [f"{wrapped()}\n\n—Vení —dijo.\n\n—No." for _ in range(6)]),
}


@pytest.mark.parametrize("kind", PROSE)
def test_wrapped_prose_is_joined(put, kind):
    count, make = PROSE[kind]
    reading = read_file(put("prosa.txt", "\n\n".join(make())))
    assert len(reading.table) == count
    assert not any("\n" in text for text in texts(reading))


def test_words_cut_by_hyphens_are_whole_and_quoted_verse_stays(put):
    cut = "El heladero pintó una bolsa de semillas, cerca del arroyo, des-\n"
    cut += "pués de la siesta, y nadie, nadie en el pueblo, supo por\nqué."
    book = "\n\n".join([wrapped(62), cut, stanza(), *(wrapped(62) for _ in range(6))])
    reading = read_file(put("libro.txt", book))
    assert texts(reading)[1] == cut.replace("-\n", "").replace("\n", " ")
    assert texts(reading)[2].count("\n") == 3


MARKERS = {
    "en": ("*** START OF THIS PROJECT GUTENBERG EBOOK X ***", "*** END OF THIS PROJECT GUTENBERG EBOOK X ***"),
    "es": ("*** COMIENZO DEL EBOOK DEL PROYECTO GUTENBERG ***", "*** FIN DEL EBOOK DEL PROYECTO GUTENBERG ***"),
    "fr": ("*** DÉBUT DE CE LIVRE ÉLECTRONIQUE ***", "*** FIN DE CE LIVRE ÉLECTRONIQUE ***"),
    "two lines": ("*** START OF THE PROJECT GUTENBERG EBOOK EL\nCID ***", "*** END OF THIS EBOOK EL\nCID ***"),
    "old": ("*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04*END*", "End of the Project Gutenberg Etext of X"),
}  # fmt: skip


@pytest.mark.parametrize("language", MARKERS)
def test_licences_in_several_languages(put, language):
    start, end = MARKERS[language]
    book = "\n\n".join(stanza() for _ in range(10))
    text = f"El libro\n\nAutor: Nadie\n\n{start}\n\nProduced by Nadie\n\n\n{book}\n\n{end}\n\nCondición 1.\n"
    reading = read_file(put("libro.txt", text))
    assert "\n\n".join(texts(reading)) == book
    assert "licence-left" in codes(reading)


@pytest.mark.parametrize(
    ("way", "count"), [("poems", 6), ("titles", 6), ("blocks", 18), ("marks", 1), ("pages", 1), ("whole", 1)]
)
def test_every_way_can_be_asked_for(put, way, count):
    path = put("poemas.txt", headed(TITLES))
    assert len(read_file(path, division=way).table) == count
    assert read_file(path).divisions.get(way, count) == count


def test_no_word_is_lost_in_any_way(put):
    """But for titles, which are put apart where texts are stanzas, and said."""
    path = put("poemas.txt", headed(TITLES, "\n\n***\n\n"))
    words = [word for word in path.read_text("utf-8").split() if word != "***"]
    for way in ("poems", "titles", "marks", "pages", "lines"):
        assert " ".join(texts(read_file(path, division=way))).replace("***", "").split() == words, way
    blocks = read_file(path, division="blocks")
    apart = [part.where for part in blocks.left_out]
    assert apart == [f"título «{title}»" for title in TITLES]
    assert len(" ".join(texts(blocks)).split()) + sum(len(title.split()) for title in TITLES) == len(words)


SRT = """1
00:00:01,000 --> 00:00:02,000
<i>Cae la tarde</i> y nadie
{\\an8}la mira.

2
00:00:03,000 --> 00:00:04,000
- ¿Qué?
- Nada &amp; nadie.
"""
VTT = """WEBVTT - x

NOTE una
nota

STYLE
::cue { color: red }

uno
00:01.000 --> 00:02.000 align:start
<v Ana>Hola, <i>che</i>.

NOTE otra

00:03.000 --> 00:04.000
1984
"""
ROLLING = """WEBVTT

00:01.000 --> 00:02.000
uno<00:00:01.500><c> dos</c>

00:02.000 --> 00:03.000
uno dos
tres<00:00:02.500><c> cuatro</c>
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_subtitles_lose_numbers_times_and_tags(put, newline):
    srt = put("a.srt", SRT.replace("\n", newline))
    assert texts(read_file(srt)) == ["Cae la tarde y nadie la mira.", "- ¿Qué?\n- Nada & nadie."]
    assert texts(read_file(put("a.vtt", VTT.replace("\n", newline)))) == ["Hola, che.", "1984"]
    assert texts(read_file(put("sin números.srt", "00:00:01,000 --> 00:00:02,000\nHola.\n"))) == ["Hola."]
    assert texts(read_file(put("automáticos.vtt", ROLLING))) == ["uno dos", "tres cuatro"]


NO_SUBTITLES = ["hola, esto no son subtítulos", "WEBVTT\n\n", "1\n2\n3\n", b"\x89PNG\r\n\x1a\n\0\0\0\0"]


@pytest.mark.parametrize("content", NO_SUBTITLES)
@pytest.mark.parametrize("suffix", ["srt", "vtt"])
def test_what_is_no_subtitles_is_a_card(put, suffix, content):
    with pytest.raises(DataError):
        read_file(put(f"a.{suffix}", content))
