"""HTML of a model's card: numbered parts with what each tells, what the card leaves out, and the words around it."""

from __future__ import annotations

from dataclasses import dataclass

from poetas.environment import borrowed
from poetas.generation.prompt_templates import PromptStyle
from poetas.i18n import _, listed, ngettext, number, size
from poetas.models.entry import format_parameters
from poetas.models.model_sheet import ModelSheet
from poetas.models.published_facts import PublishedFacts, published_facts
from widgets.controls.language_notice import language_name
from widgets.core.html import gloss, tag, text

MOST = 6  # names of a list that are drawn


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One part of the card. said: HTML of what it says. tells: what that is good for, in one sentence."""

    key: str
    title: str
    said: str
    tells: str


def sheet_parts(sheet: ModelSheet) -> list[SheetPart]:
    """Return the parts of a card, in the order in which they are pointed at."""
    entry, published = sheet.record.entry, published_facts(sheet.record.entry.id)
    maker = f"{entry.title}, {published.maker}" if published is not None else entry.title
    parts = [
        SheetPart("name", _("Nombre y autoría"), text(maker), _name_tells(published)),
        SheetPart(
            "kind",
            _("Qué aprendió a hacer"),
            text(_kind(sheet)),
            _("Si podés darle pedidos, o si hay que empezarle el texto."),
        ),
    ]
    if entry.languages:
        spoken = listed([language_name(code) for code in entry.languages[:MOST]])
        parts.append(
            SheetPart("languages", _("Idiomas"), text(spoken), _("En qué idiomas leyó bastante como para escribir."))
        )
    parts += [
        SheetPart(
            "texts",
            _("Con qué textos aprendió"),
            _texts(sheet, published),
            _("De dónde le vienen las costumbres y los olvidos."),
        ),
        SheetPart("licence", _("Licencia"), _licence(sheet), _("Qué podés hacer con él, y con qué condiciones.")),
        SheetPart(
            "inside", _("Por dentro"), _inside(sheet), _("Cuánta memoria pide, y cuánto texto puede mirar de una vez.")
        ),
        SheetPart(
            "files",
            _("Los archivos"),
            _files(sheet),
            _("Lo que quedó en esta máquina. Con esto alcanza para usarlo sin red."),
        ),
        SheetPart("origin", _("De dónde vino"), _origin(sheet), _("Por qué camino llegó, y si es una copia de otro.")),
    ]
    return parts


def sheet_html(sheet: ModelSheet) -> str:
    """Draw the card with a numbered pointer at each part."""
    items = "".join(
        tag(
            "li",
            tag("h4", text(part.title))
            + tag("div", part.said, class_="poetas-sheet-said")
            + tag("p", text(part.tells), class_="poetas-sheet-tells"),
        )
        for part in sheet_parts(sheet)
    )
    head = tag("h3", text(_("La ficha de {title}").format(title=sheet.record.entry.title)))
    return tag("div", head + tag("p", text(_in_a_sentence(sheet))) + tag("ol", items), class_="card poetas-sheet")


def _in_a_sentence(sheet: ModelSheet) -> str:
    """What the card says, in words, for who reads no further."""
    entry, published = sheet.record.entry, published_facts(sheet.record.entry.id)
    maker = _(", de {maker}").format(maker=published.maker) if published is not None else ""
    spoken = listed([language_name(code) for code in entry.languages[:MOST]])
    languages = _(" Escribe en {languages}.").format(languages=spoken) if spoken else ""
    said = _("En una frase: es {title}{maker}. {kind}{languages} Abajo está todo lo que dice, parte por parte.")
    return said.format(title=entry.title, maker=maker, kind=_kind(sheet), languages=languages)


def missing_parts(sheet: ModelSheet) -> list[str]:
    """Return what the card leaves out, a sentence each."""
    published = published_facts(sheet.record.entry.id)
    absent = []
    if not _names_texts(sheet, published):
        absent.append(_("La lista de los textos con que aprendió: no se puede ir a mirar si hay un libro tuyo."))
    else:
        absent.append(_("Quién escribió cada texto: las colecciones tienen nombre, sus autores casi nunca."))
    if "co2_eq_emissions" not in sheet.card:
        absent.append(_("Cuánta energía y cuánta agua llevó entrenarlo."))
    absent.append(_("Cuántas personas corrigieron y etiquetaron textos, y cuánto cobraron."))
    if "model-index" not in sheet.card:
        absent.append(_("Qué tan injusto es, y con quién, en números: si lo midieron, acá no están."))
    if not sheet.has_card:
        absent.append(
            _("La ficha misma: con estos archivos no vino ninguna, y armamos esta con lo que dicen los archivos.")
        )
    return absent


def missing_html(sheet: ModelSheet) -> str:
    """Say what the card leaves out."""
    items = "".join(tag("li", text(sentence)) for sentence in missing_parts(sheet))
    head = tag("p", tag("b", text(_("Lo que no encontramos en su ficha"))))
    return tag("div", head + tag("ul", items), class_="notice care poetas-list")


def around_html() -> str:
    """Explain what else the Hub holds, folded: datasets, tokenizers, licences, local against an API."""
    datasets = _(
        "Tienen su propia ficha: quién juntó los textos, de dónde, en qué idioma y con qué permiso. "
        "En la app 2 hacés uno."
    )
    tokenizer = _("viaja con el modelo, en su archivo. Con otro, los números serían los mismos y las palabras no.")
    open_licence = _(
        "«Abierto» se usa para cosas distintas. Apache-2.0 deja usarlo casi para todo; la de Gemma pone condiciones; "
        "casi ninguna abre los textos."
    )
    local = (
        _(
            "es que el modelo corre en la misma máquina que el programa. Esta es prestada: lo que escribís ya está en "
            "una computadora ajena. Por una API viaja, además, a la de quien contesta."
        )
        if borrowed()
        else _(
            "es acá: más chico, más lento, y lo que escribís no se le manda a ninguna empresa. Por una API, tu texto "
            "viaja a la máquina de otro, que contesta desde allá."
        )
    )
    notes = (
        (_("¿Y los conjuntos de datos?"), text(datasets)),
        (_("¿Y el tokenizador?"), f"{gloss('tokenizador', _('El tokenizador'))} {text(tokenizer)}"),
        (_("¿Qué es una licencia abierta?"), text(open_licence)),
        (_("¿Local o por una API?"), f"{gloss('local', _('Local'))} {text(local)}"),
    )
    return "".join(
        tag("details", tag("summary", text(question)) + tag("p", said), class_="poetas-whole")
        for question, said in notes
    )


def _name_tells(published: PublishedFacts | None) -> str:
    if published is None:
        return _("Quién responde por él.")
    return _("Quién responde por él, y cuándo salió: lo que pasó después no lo pudo leer.")


def _kind(sheet: ModelSheet) -> str:
    return {
        "plain": _("Sigue textos: continúa lo que le empezás."),
        "chat": _("Le enseñaron a obedecer: contesta pedidos."),
        "seq2seq": _("Lee un texto entero y después escribe otro."),
    }[PromptStyle.of(sheet.record.entry).kind]


def _names_texts(sheet: ModelSheet, published: PublishedFacts | None) -> bool:
    return bool(sheet.card.get("datasets")) or (published is not None and published.listed)


def _texts(sheet: ModelSheet, published: PublishedFacts | None) -> str:
    if names := sheet.card.get("datasets"):
        return text(listed(names[:MOST]))
    if published is None:
        return text(_("No lo dice."))
    source = tag("a", text(_("Dónde lo dice")), href=published.url, target="_blank", rel="noopener noreferrer")
    return f"{text(published.texts)} {source}"


def _licence(sheet: ModelSheet) -> str:
    entry = sheet.record.entry
    if not entry.licence:
        return text(_("No la dice. Sin licencia, no está claro qué se puede hacer con él."))
    said = text(entry.licence)
    if entry.licence_url.startswith("https://"):
        said = tag("a", said, href=entry.licence_url, target="_blank", rel="noopener noreferrer")
    if entry.must_accept:
        said += text(" " + _("(se acepta antes de usarlo)"))
    return said


def _inside(sheet: ModelSheet) -> str:
    facts = [format_parameters(sheet.record.entry.parameters)] if sheet.record.entry.parameters else []
    if sheet.layers:
        facts.append(ngettext("{n} capa", "{n} capas", sheet.layers).format(n=number(sheet.layers)))
    if sheet.vocabulary:
        facts.append(_("un tokenizador de {n} pedacitos").format(n=number(sheet.vocabulary)))
    if sheet.window:
        facts.append(_("mira hasta {n} tokens de una vez").format(n=number(sheet.window)))
    return text(listed(facts) or _("No lo dice."))


def _files(sheet: ModelSheet) -> str:
    kinds = {
        "model.safetensors": _("los parámetros"),
        "tokenizer.json": _("el tokenizador"),
        "config.json": _("la forma del modelo"),
    }
    items = "".join(
        tag("li", tag("code", text(name)) + text(f": {words}, {size(sheet.files[name])}"))
        for name, words in kinds.items()
        if name in sheet.files
    )
    return tag("ul", items)


def _origin(sheet: ModelSheet) -> str:
    kind = sheet.record.source.split(" ")[0]
    said = {
        "wheels": _("Del índice de paquetes de Python (PyPI), donde alguien publicó una copia."),
        "hub": _("De Hugging Face."),
    }.get(kind, _("De una carpeta de esta máquina."))
    if base := sheet.card.get("base_model"):
        said += " " + _("Está hecho a partir de {base}.").format(base=listed(base[:MOST]))
    return text(said)
