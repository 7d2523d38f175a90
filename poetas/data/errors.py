"""Errors of reading a learner's file, each with its cause and its remedy."""

from __future__ import annotations

from poetas.errors import PoetasError
from poetas.i18n import _, ngettext, number, size

CHOOSE = "choose-file"


class DataError(PoetasError):
    """Any failure of reading, mapping or preparing texts."""

    code = "data"


class FileMissing(DataError):
    """The file is not where it was."""

    code = "file-missing"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("No encuentro «{name}».").format(name=name),
            why=_("El archivo se movió, cambió de nombre o se borró."),
            remedy=_("Elegilo de nuevo."),
            action=CHOOSE,
        )


class FileUnreadable(DataError):
    """The file has the right kind but its content is broken."""

    code = "file-unreadable"

    def __init__(self, name: str, *, why: str = "", detail: str = "") -> None:
        super().__init__(
            _("No pude leer «{name}».").format(name=name),
            why=why or _("El archivo está dañado o quedó a medio copiar."),
            remedy=_("Abrilo con el programa que lo hizo, guardalo de nuevo y volvé a elegirlo. No le cambié nada."),
            action=CHOOSE,
            detail=detail,
        )


class FileBeingWritten(DataError):
    """The file was written by another program while it was read."""

    code = "file-being-written"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("«{name}» cambió mientras lo leía.").format(name=name),
            why=_("Otro programa lo está guardando, o todavía se está copiando."),
            remedy=_("Esperá a que termine y volvé a elegirlo. Lo que ya tenías sigue igual."),
            action=CHOOSE,
        )


class FileEmpty(DataError):
    """There is nothing to read in the file."""

    code = "file-empty"

    def __init__(self, name: str, *, why: str = "") -> None:
        super().__init__(
            _("«{name}» está vacío.").format(name=name),
            why=why or _("No encontré ni una palabra adentro."),
            remedy=_("Elegí un archivo con textos, o probá con uno de los ejemplos."),
            action=CHOOSE,
        )


class NoTextsInside(DataError):
    """A folder, or a zip, without a single text file in it."""

    code = "no-texts-inside"

    def __init__(self, name: str, *, why: str, other: str = "") -> None:
        """other: a file in it that could be read by itself."""
        kinds = _("De una carpeta o de un ZIP leo los archivos .txt, .md, .docx, .odt y .rtf, un texto cada uno.")
        instead = _("Si tus textos están en «{name}», elegí ese archivo.").format(name=other) if other else ""
        super().__init__(
            _("En «{name}» no hay textos que pueda leer.").format(name=name),
            why=why,
            remedy=f"{kinds} {instead or _('Guardalos así y volvé a elegir.')}",
            action=CHOOSE,
        )


class NotAFile(DataError):
    """A path that is neither a file nor a folder. kind: what it is, in words."""

    code = "not-a-file"

    def __init__(self, name: str, *, kind: str) -> None:
        super().__init__(
            _("«{name}» no es un archivo.").format(name=name),
            why=_("Es {kind}: lo que pasa por ahí no queda guardado.").format(kind=kind),
            remedy=_("Guardá tus textos en un archivo y elegí ese."),
            action=CHOOSE,
        )


class FormatUnknown(DataError):
    """No reader knows the file's kind."""

    code = "format-unknown"

    def __init__(self, name: str, *, known: str, remedy: str = "") -> None:
        super().__init__(
            _("No sé leer archivos como «{name}».").format(name=name),
            why=_("Los formatos que entiendo son: {known}.").format(known=known),
            remedy=remedy or _("Guardá tus textos en uno de esos formatos y volvé a elegir."),
            action=CHOOSE,
        )


class NotText(DataError):
    """A file with the extension of a text and the bytes of something else."""

    code = "not-text"

    def __init__(self, name: str, *, really: str = "") -> None:
        data = _("Por dentro no tiene letras, sino datos.")
        inside = _("Por dentro es {kind}.").format(kind=really) if really else data
        super().__init__(
            _("«{name}» no es un archivo de texto.").format(name=name),
            why=inside,
            remedy=_("Si le cambiaron la terminación del nombre, devolvele la que tenía. Si no, elegí otro archivo."),
            action=CHOOSE,
        )


class FileProtected(DataError):
    """The file asks for a password."""

    code = "file-protected"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("«{name}» está protegido con contraseña.").format(name=name),
            why=_("Su contenido está cifrado y no lo puedo ver."),
            remedy=_("Abrilo con tu contraseña, guardá una copia sin ella y elegí la copia."),
            action=CHOOSE,
        )


class BookLocked(DataError):
    """A book that only its seller's programs open (DRM)."""

    code = "book-locked"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("«{name}» está protegido contra copias.").format(name=name),
            why=_("Su texto está cifrado (con «DRM») y solo lo abren los programas de quien lo vende o lo presta."),
            remedy=_("Elegí un libro sin esa protección, o el documento original si el texto es tuyo."),
            action=CHOOSE,
        )


class ScannedPdf(DataError):
    """A PDF of scanned pages, without text."""

    code = "pdf-scanned"

    def __init__(self, name: str, pages: int) -> None:
        phrase = ngettext("Tiene {n} página, y es una imagen", "Tiene {n} páginas, y son imágenes", pages)
        super().__init__(
            _("«{name}» parece escaneado: no tiene texto.").format(name=name),
            why=_("{phrase}: fotos de letras, no letras.").format(phrase=phrase.format(n=number(pages))),
            remedy=_("Pasalo por un programa que reconozca el texto (OCR), o buscá el documento original."),
            action=CHOOSE,
        )


class FileTooLarge(DataError):
    """The file, or what it unpacks to, is above a limit."""

    code = "file-too-large"

    def __init__(self, name: str, *, actual: float, limit: float, unpacked: bool = False) -> None:
        phrase = _("Descomprimido ocupa {size}") if unpacked else _("Ocupa {size}")
        super().__init__(
            _("«{name}» es demasiado grande.").format(name=name),
            why=_("{phrase}, y acá entran hasta {limit}.").format(
                phrase=phrase.format(size=size(actual)), limit=size(limit)
            ),
            remedy=_("Partilo en archivos más chicos, o quedate con una parte: alcanzan unos cientos de textos."),
            action=CHOOSE,
        )


class TooManyPieces(DataError):
    """An office file with more XML elements than can be held in memory."""

    code = "too-many-pieces"

    def __init__(self, name: str, most: int) -> None:
        phrase = _("Por dentro tiene más de {n} marcas de párrafos, celdas o formatos: no entran en la memoria.")
        super().__init__(
            _("«{name}» tiene demasiadas partes.").format(name=name),
            why=phrase.format(n=number(most)),
            remedy=_("Copiá solo los textos a un archivo nuevo, o partilo en varios, y elegí ese."),
            action=CHOOSE,
        )


class ArchiveUnsafe(DataError):
    """A zip that may be an attack: a decompression bomb, names that leave the folder, links."""

    code = "archive-unsafe"

    def __init__(self, name: str, *, why: str, bomb: bool = False) -> None:
        """bomb: it may fill the disk or the memory of the program that opens it."""
        defused = _(
            "No lo descomprimas ni lo abras: podría llenar el disco o la memoria. Preguntale a quien te lo mandó "
            "qué es, y pedile los textos en otro archivo, por ejemplo un .txt."
        )
        unpacked = _("Descomprimilo vos, fijate qué trae y elegí los archivos que quieras usar.")
        super().__init__(
            _("No voy a abrir «{name}».").format(name=name),
            why=why,
            remedy=defused if bomb else unpacked,
            action=CHOOSE,
        )


class PathRefused(DataError):
    """A path outside the folders that this page may read."""

    code = "path-refused"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("No puedo usar «{name}» desde acá.").format(name=name),
            why=_("Está fuera de las carpetas que esta página puede leer."),
            remedy=_("Elegí el archivo con el botón, y lo copio a tu proyecto."),
            action=CHOOSE,
        )
