r"""Groups of RTF: control words and bytes in; which group is text, its decoded characters and its style out."""

from __future__ import annotations

from dataclasses import dataclass

from poetas.data.formats.documents.line_looks import BOLD, PLAIN_LOOK, Look, with_size

# Destinations that are not the text. Those that begin with \* and are not in KEPT are left, too.
LEFT = {
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "listtable", "listoverridetable", "rsidtbl",
    "xmlnstbl", "themedata", "colorschememapping", "datastore", "latentstyles", "generator", "fldinst", "bkmkstart",
    "bkmkend", "xe", "tc", "txe", "rxe", "pn", "pntext", "pntxta", "pntxtb", "listtext", "revtbl", "filetbl",
    "nonshppict", "shprslt", "shpinst", "private", "userprops", "template", "upr", "nonesttables", "annotation",
    "atnid", "atnauthor", "atntime", "atnicn", "atnref", "atnparent", "atrfstart", "atrfend", "footnote", "header",
    "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "ftnsep", "ftnsepc", "ftncn",
    "aftnsep", "aftnsepc", "aftncn", "do", "nesttableprops", "background", "mmathPr", "docvar", "passwordhash",
}  # fmt: skip
BOXES = {"shptxt", "dptxbxtext"}
# Text within a destination that is left: a text box, the Unicode version of a group, the result of an object.
KEPT = BOXES | {"ud", "result"}
HEADERS = {"header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"}
COUNTED = {"footnote": "note", "annotation": "comment", "listtext": "list-mark", "pntext": "list-mark"}
# Words of how characters look.
SHOWN = {"b": BOLD, "i": "italic", "ul": "underlined", "ulnone": "underlined", "fs": "size", "v": "hidden"}
_FINAL = {"shprslt", *HEADERS, *COUNTED}  # a text box in them is not read: a copy for old programs, or not the text


@dataclass(slots=True)
class Group:
    r"""The state of a group, which ends with it.

    destination: the innermost one. begins: whether this group begins it. fresh: whether nothing was read in the group
    yet. starred: whether it begins with ``\*``. left: whether it is not text. final: whether nothing in it is text
    either. fallback: characters after a Unicode one that stand for it in old programs. deleted, revised: by tracked
    changes. look: of its characters. hidden: whether they are.
    """

    destination: str = ""
    begins: bool = False
    fresh: bool = True
    starred: bool = False
    left: bool = False
    final: bool = False
    fallback: int = 1
    font: int | None = None
    deleted: bool = False
    revised: bool = False
    look: Look = PLAIN_LOOK
    hidden: bool = False

    def inner(self) -> Group:
        """The state of a group that begins in this one."""
        # `dataclasses.replace` takes several times as long, and a document has 100,000 of them.
        changes = self.left, self.final, self.fallback, self.font, self.deleted, self.revised, self.look, self.hidden
        return Group(self.destination, False, True, False, *changes)

    def show(self, name: str, number: int | None) -> None:
        """Read a word that says how characters look, or that they are hidden."""
        if name == "v":
            self.hidden = number != 0
        elif name == "fs":
            self.look = with_size(self.look, number or 0)
        elif name == "ulnone" or number == 0:
            self.look -= {SHOWN[name]}
        else:
            self.look |= {SHOWN[name]}

    def enter(self, name: str) -> bool:
        """Begin a destination, if the first word of the group names one; tell whether it does."""
        self.fresh = False
        if name in KEPT:
            self.left = self.final
        elif name in LEFT or self.starred:
            self.left, self.final = True, self.final or name in _FINAL
        else:
            return False
        self.destination, self.begins = name, True
        return True


class Characters:
    """Bytes and Unicode numbers in, text out."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._bytes = bytearray()
        self._codec = "cp1252"

    def add_bytes(self, data: bytes, codec: str) -> None:
        """Add bytes; those of one character of several bytes may come one by one."""
        if codec != self._codec:
            self._decode()
            self._codec = codec
        self._bytes += data

    def add(self, text: str) -> None:
        """Add characters."""
        self._decode()
        self._text.append(text)

    def take(self) -> str:
        """The text so far, which is forgotten."""
        self._decode()
        text = "".join(self._text)
        self._text = []
        if any("\ud800" <= character <= "\udfff" for character in text):  # halves of characters beyond U+FFFF
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return text

    def _decode(self) -> None:
        if self._bytes:
            self._text.append(self._bytes.decode(self._codec, "replace"))
            self._bytes = bytearray()
