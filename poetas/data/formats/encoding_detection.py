"""Character encoding detection for Spanish and English files: bytes in, text and encoding name out.

In this order: a byte-order mark; UTF-16 without one (half of the bytes are zero); valid UTF-8; then the one-byte
encodings that Excel and Word wrote over the years, by the share of non-ASCII characters that Spanish uses.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from charset_normalizer import from_bytes

from poetas.data.errors import FileUnreadable, NotText
from poetas.data.formats.base import ReadingNotice
from poetas.data.formats.encoding_words import whose_accents
from poetas.data.formats.signature import really
from poetas.i18n import _, ngettext, number

SAMPLE = 200_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),  # before UTF-16, whose mark is a prefix of it
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_ONE_BYTE = (("cp1252", "Windows-1252"), ("mac_roman", "Mac Roman"), ("cp850", "CP850"))
_NAMES = {"utf-8": "UTF-8", "utf-16": "UTF-16", **dict(_ONE_BYTE)}  # of the codecs in the learner's menu
# Non-ASCII characters of Spanish and of its neighbouring languages.
_EXPECTED = frozenset("áéíóúüñÁÉÍÓÚÜÑ¿¡«»—–“”‘’…ºª°€ç·àèìòùâêîôûäëïöãõ½ \N{NO-BREAK SPACE}©®§•£")
_SHARE_BELIEVED = 0.8
# C0 controls except tab, line feed, vertical tab, form feed, carriage return; Word leaves a few of them in texts.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SHARE_OF_CONTROLS = 0.01
_GOOD_FOR_EACH_BAD = 10
_ONLY_WINDOWS = re.compile(rb"[\x80-\x9f]")
_UNUSUAL = re.compile(rb"[\x80-\xff]")
_ASCII = bytes(range(128))


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text and the usual name of its encoding.

    marked: whether it begins with a byte-order mark. pasted: how many lines of a file in UTF-8 are in Windows-1252.
    """

    text: str
    encoding: str
    marked: bool = False
    pasted: int = 0

    @property
    def notices(self) -> tuple[ReadingNotice, ...]:
        """What the learner should know: other programs refuse such a file, or show other letters."""
        if not self.pasted:
            return ()
        sentence = ngettext(
            "{n} renglón tiene los acentos de Windows, y los demás no: leí cada uno como está escrito.",
            "{n} renglones tienen los acentos de Windows, y los demás no: leí cada uno como está escrito.",
            self.pasted,
        ).format(n=number(self.pasted))
        return (ReadingNotice("encodings-mixed", sentence, count=self.pasted),)


def decode(data: bytes, name: str, encoding: str | None = None) -> Decoded:
    """Turn a file's bytes into text.

    encoding: the learner's choice; None detects it. Raises NotText for bytes that are no text, FileUnreadable
    where the chosen encoding does not fit.

    >>> decode("año; cañón".encode("latin-1"), "a.csv").encoding
    'Latin-1'
    >>> decode("“año”".encode("cp1252"), "a.csv").encoding
    'Windows-1252'
    """
    if encoding:
        decoded = _chosen(data, name, encoding)
    elif kind := really(data[:16]):
        raise NotText(name, really=kind)
    else:
        decoded = _marked(data, name) or _wide(data) or _utf8(data) or _narrow(data)
    controls = len(_CONTROLS.findall(decoded.text[:SAMPLE]))
    if controls > _SHARE_OF_CONTROLS * min(len(decoded.text), SAMPLE):
        raise NotText(name)
    return decoded


def _chosen(data: bytes, name: str, encoding: str) -> Decoded:
    label = _NAMES.get(encoding, encoding)
    try:
        text = data.decode(encoding)
        return Decoded(text.removeprefix("\ufeff"), label, marked=text.startswith("\ufeff"))
    except (LookupError, UnicodeError) as error:
        why = _("Sus acentos no son los {whose}.").format(whose=whose_accents(label))
        raise FileUnreadable(name, why=why, detail=str(error)) from error


def _marked(data: bytes, name: str) -> Decoded | None:
    for mark, codec, label in _MARKS:
        if data.startswith(mark):
            try:
                return Decoded(data.decode(codec), label, marked=True)
            except UnicodeDecodeError as error:
                why = _("Empieza como un texto con los acentos {whose}, y sigue de otra manera.")
                why = why.format(whose=whose_accents(label))
                raise FileUnreadable(name, why=why, detail=str(error)) from error
    return None


def _wide(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: in a text in Latin letters, every second byte is zero."""
    sample = data[:SAMPLE]
    # Without a mark, Python takes "UTF-16" for little-endian: the other one is named, for the shown recipe.
    for label, zeros, letters in (("UTF-16", sample[1::2], sample[::2]), ("UTF-16BE", sample[::2], sample[1::2])):
        if len(zeros) > 1 and zeros.count(0) > 0.7 * len(zeros) and letters.count(0) < 0.1 * len(letters):
            try:
                return Decoded(data.decode(label), label)
            except UnicodeDecodeError:
                return None
    return None


def _utf8(data: bytes) -> Decoded | None:
    try:
        return Decoded(data.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    # A few damaged bytes in valid UTF-8 are decoded alone; another encoding would give "caÃ±Ã³n" in the whole file.
    damaged, unusual = text.count("\ufffd"), len(text) - len(text.encode("ascii", "ignore"))
    lines = data.splitlines(keepends=True)
    few = damaged * _GOOD_FOR_EACH_BAD < unusual
    if not few and not _is_joined(lines):
        return None
    texts = [_line(line) for line in lines]
    if not few and any("\ufffd" in text for text in texts):
        return None
    pasted = sum("\ufffd" not in text and text.encode() != line for text, line in zip(texts, lines, strict=True))
    return Decoded("".join(texts), "UTF-8", pasted=pasted)


def _is_joined(lines: list[bytes]) -> bool:
    """Whether files of UTF-8 and of Windows were put one after the other: some lines cannot be but UTF-8."""
    written = [line for line in lines if not line.isascii()]
    return sum(_is_utf8(line) for line in written) * _GOOD_FOR_EACH_BAD >= len(written)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _line(line: bytes) -> str:
    r"""A line of UTF-8; one that was pasted in from a file of Windows; else with U+FFFD where a byte is damaged.

    >>> _line("ñandú".encode()), _line("ñandú".encode("cp1252")), _line(b"cort\xc3")
    ('ñandú', 'ñandú', 'cort�')
    """
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        unusual = Counter(line.translate(None, _ASCII))
        windows = _expected(unusual, "cp1252") == 1
        return line.decode("cp1252" if windows else "utf-8", "replace")


def _narrow(data: bytes) -> Decoded:
    unusual = Counter(data.translate(None, _ASCII))  # of the whole file: its first accent may be its last word
    scored = [(_expected(unusual, codec), codec, label) for codec, label in _ONE_BYTE]
    best, codec, label = max(scored, key=lambda item: item[0])  # the first of equals: Windows is the likeliest
    if best < _SHARE_BELIEVED:
        guess = from_bytes(_around_first(data)).best()
        if guess is not None and guess.encoding != "ascii":
            codec = label = guess.encoding
    if codec == "cp1252" and not _ONLY_WINDOWS.search(data):
        label = "Latin-1"  # the same text: the 32 codes in which the two differ do not occur
    # A damaged byte becomes U+FFFD, which the validation reports; the file is not refused.
    return Decoded(data.decode(codec, "replace"), label)


def _expected(unusual: Mapping[int, int], codec: str) -> float:
    """The share of the bytes above ASCII that are letters and signs of Spanish in an encoding."""
    expected = sum(count for byte, count in unusual.items() if bytes([byte]).decode(codec, "replace") in _EXPECTED)
    return expected / sum(unusual.values()) if unusual else 1.0


def _around_first(data: bytes) -> bytes:
    """A sample that begins shortly before the first byte above ASCII."""
    first = _UNUSUAL.search(data)
    start = max(0, first.start() - SAMPLE // 2) if first else 0
    return data[start : start + SAMPLE]
