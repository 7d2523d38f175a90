"""Package of an EPUB book: its archive in, the documents in reading order with what the book says of each out."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from lxml import etree

from poetas.data.errors import BookLocked, FileUnreadable
from poetas.data.formats.xml_limits import LimitedStream, XmlLimit
from poetas.i18n import _

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_PAGES = {"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"}
_FONTS = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}  # only hide fonts
# Roles of a document in the guide of EPUB 2; those that are not here are text.
_ROLES = {
    "cover": "cover", "title-page": "cover", "titlepage": "cover",
    "toc": "contents-page", "loi": "contents-page", "lot": "contents-page", "index": "contents-page",
    "copyright-page": "licence-page", "colophon": "licence-page",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chapter:
    """A document of the reading order. member: its name in the archive; role: why it is not text, "" if it is."""

    member: str
    role: str


def chapters(archive: zipfile.ZipFile, name: str, xml_limit: XmlLimit) -> Iterator[Chapter]:
    """Yield the documents of the spine. Raises FileUnreadable, BookLocked, TooManyPieces."""
    _refuse_locked(archive, name, xml_limit)
    member = _package_member(archive, name, xml_limit)
    package = _parsed(archive, member, name, xml_limit)
    folder = posixpath.dirname(member)
    items = {item.get("id"): item for item in package.iter("{*}item")}
    roles = {
        _member(folder, reference.get("href", "")): _ROLES.get(reference.get("type", "").lower(), "")
        for reference in package.iter("{*}reference")
    }
    seen: set[str] = set()
    for reference in package.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type", "").lower() not in _PAGES:
            continue
        target = _member(folder, item.get("href", ""))
        if target in seen:
            continue
        seen.add(target)
        role = "contents-page" if "nav" in item.get("properties", "").split() else roles.get(target, "")
        yield Chapter(target, role or ("aside-page" if reference.get("linear") == "no" else ""))


def _refuse_locked(archive: zipfile.ZipFile, name: str, xml_limit: XmlLimit) -> None:
    if _ENCRYPTION in archive.namelist():
        methods = _parsed(archive, _ENCRYPTION, name, xml_limit).iter("{*}EncryptionMethod")
        if any(method.get("Algorithm") not in _FONTS for method in methods):
            raise BookLocked(name)


def _package_member(archive: zipfile.ZipFile, name: str, xml_limit: XmlLimit) -> str:
    members = archive.namelist()
    if _CONTAINER in members:
        for root in _parsed(archive, _CONTAINER, name, xml_limit).iter("{*}rootfile"):
            if (path := root.get("full-path", "")) in members:
                return str(path)
    for member in members:
        if member.lower().endswith(".opf"):
            return member
    raise FileUnreadable(name, why=_("Por dentro no es un libro EPUB."))


def _member(folder: str, reference: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(reference.partition("#")[0])))


def _parsed(archive: zipfile.ZipFile, member: str, name: str, xml_limit: XmlLimit) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        with archive.open(member) as source:
            return etree.parse(LimitedStream(source, xml_limit), parser).getroot()
    except etree.XMLSyntaxError as error:
        raise FileUnreadable(name, detail=f"{member}: {error}") from error
