"""File signatures: the first bytes of a file in, its kind out, whatever its extension."""

from __future__ import annotations

from poetas.i18n import _

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old Office files, and of encrypted new ones
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# "EncryptedPackage" as OLE writes the names of its streams ([MS-OFFCRYPTO] 2.3.4.4)
ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")


def really(start: bytes) -> str:
    """Name the kind of a binary file from its first bytes; "" where they are no known signature.

    >>> really(b"%PDF-1.7")
    'un PDF'
    """
    kinds: tuple[tuple[tuple[bytes, ...], str], ...] = (
        ((b"%PDF-",), _("un PDF")),
        (ZIP, _("un archivo comprimido (ZIP, o un documento de Office)")),
        ((OLE,), _("un documento de Office")),
        ((b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM\x00", b"II*\x00", b"MM\x00*"), _("una imagen")),
        ((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"7z\xbc\xaf", b"Rar!"), _("un archivo comprimido")),
        ((b"ID3", b"OggS", b"fLaC", b"RIFF"), _("un audio o un video")),
        ((b"\x7fELF", b"MZ\x90"), _("un programa")),
        ((b"PAR1", b"ARROW1", b"SQLite format 3"), _("una base de datos")),
        ((b"{\\rtf",), _("un documento RTF")),
    )
    for signatures, name in kinds:
        if start.startswith(signatures):
            return name
    return ""
