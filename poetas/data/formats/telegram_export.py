"""Chat exports of Telegram: the parsed JSON, or the page, that its desktop program writes in; messages out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from poetas.data.formats.chat_export import Message
from poetas.data.formats.xml_limits import XmlLimit
from poetas.i18n import _, number

_BLOCK = 1 << 16
_SAID = {"from", "text"}
_MEDIA = {"photo", "file", "media_type", "location_information", "contact_information", "poll"}
_OTHERS = ("forwarded_from", "saved_from", "author", "actor")  # "author" signs in a channel
_MENTIONS = {"mention", "mention_name"}
_MESSAGE, _AUTHOR, _TEXT, _FORWARDED, _STAMP = "message", "from_name", "text", "forwarded", "date"
_PICTURE = re.compile(r"\bmedia_wrap\b")
_OF_PERSON = re.compile(r"ShowMentionName|https?://t\.me/\w{1,60}$")
_UNKNOWN = "?"


def messages_of_json(value: Any) -> list[Message] | None:
    """The messages of an export as JSON, of one chat or of all; None where it is none.

    >>> said = {"type": "message", "date": "2024-03-12", "from": "Ana Paz", "text": ["Hola, ", {"text": "che"}]}
    >>> [(message.author, message.lines) for message in messages_of_json({"messages": [said]})]
    [('Ana Paz', ['Hola, che'])]
    """
    if not isinstance(value, Mapping):
        return None
    chats = value.get("chats")
    listed = chats.get("list") if isinstance(chats, Mapping) else [value]
    if not isinstance(listed, list) or not all(map(_is_chat, listed)):
        return None
    items = [item for chat in listed for item in chat["messages"]]
    if not any("from" in item for item in items):
        return None
    return [_message(item, index) for index, item in enumerate(items, start=1)]


def _is_chat(value: Any) -> bool:
    """Tell whether a value is a chat: one may be empty, or have events alone, and know items that this does not."""
    items = value.get("messages") if isinstance(value, Mapping) else None
    return isinstance(items, list) and all(
        isinstance(item, Mapping) and isinstance(item.get("type"), str) and ("date" in item or not _SAID & item.keys())
        for item in items
    )


def _message(item: Mapping[str, Any], index: int) -> Message:
    text = item.get("text", "")
    parts = text if isinstance(text, list) else [text]
    author = "" if item["type"] != _MESSAGE else str(item.get("from") or item.get("from_id") or _UNKNOWN)
    said = "".join(_part(part) for part in parts)
    media = bool(_MEDIA & item.keys())
    others = tuple(str(item[key]) for key in _OTHERS if item.get(key))
    return Message(author, said.split("\n"), index, media=media, where=_where(index), others=others)


def _part(part: Any) -> str:
    if not isinstance(part, Mapping):
        return str(part)
    return _("@alguien") if part.get("type") in _MENTIONS else str(part.get("text", ""))


def _where(index: int) -> str:
    return _("mensaje {n}").format(n=number(index))


def is_page(markup: str) -> bool:
    """Tell whether a page is such an export."""
    return f'class="{_AUTHOR}"' in markup and 'class="message default' in markup


def messages_of_page(markup: str, xml_limit: XmlLimit) -> list[Message]:
    """The messages of an export as a page. Raises TooManyPieces.

    >>> head = '<div class="message default clearfix"><div class="from_name">Ana Paz</div>'
    >>> said = messages_of_page(f'{head}<div class="text">Cae<br>la tarde</div></div>', XmlLimit("a.html", 99))
    >>> [(message.author, message.lines) for message in said]
    [('Ana Paz', ['Cae', 'la tarde'])]
    """
    target = _Page()
    parser = etree.HTMLParser(target=target, encoding="utf-8", remove_comments=True, remove_pis=True)
    for start in range(0, len(markup), _BLOCK):
        data = markup[start : start + _BLOCK].encode("utf-8", "replace")
        xml_limit.add(data)
        parser.feed(data)
    parser.close()
    return target.messages


class _Page:
    """Target of lxml's parser; who wrote a message that is joined to the one before is said there."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._open: list[str] = []  # what of a message each open element is, "" where it is none
        self._parts: dict[str, list[str]] = {}
        self._author = ""
        self._media = self._service = self._mention = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open an element."""
        names = attributes.get("class", "").split()
        kind = next((kind for kind in (_MESSAGE, _AUTHOR, _TEXT, _FORWARDED, _STAMP) if kind in names), "")
        self._open.append(kind)
        if kind == _MESSAGE:
            self._parts, self._media, self._service = {}, False, "service" in names
        elif _TEXT in self._open and tag == "br":
            self._add("\n")
        elif _TEXT in self._open and tag == "a":
            about = f"{attributes.get('onclick', '')} {attributes.get('href', '')}"
            self._mention = bool(_OF_PERSON.search(about))
            self._add(_("@alguien") if self._mention else "")
        self._media = self._media or bool(_PICTURE.search(attributes.get("class", "")))

    def _add(self, text: str) -> None:
        self._parts.setdefault(_TEXT, []).append(text)

    def data(self, text: str) -> None:
        """Read text."""
        if _TEXT in self._open:
            if not self._mention:
                self._add(text.replace("\n", " "))
        elif _AUTHOR in self._open and _STAMP not in self._open:
            self._parts.setdefault(_FORWARDED if _FORWARDED in self._open else _AUTHOR, []).append(text)

    def end(self, tag: str) -> None:
        """Close an element."""
        kind = self._open.pop() if self._open else ""
        if tag == "a":
            self._mention = False
        if kind == _MESSAGE:
            self._author = self._named(_AUTHOR) or self._author
            said = "".join(self._parts.get(_TEXT, ()))
            index = len(self.messages) + 1
            author = "" if self._service else self._author or _UNKNOWN
            others = (self._named(_FORWARDED),)
            self.messages.append(
                Message(author, said.split("\n"), index, media=self._media, where=_where(index), others=others)
            )
            self._parts = {}

    def _named(self, kind: str) -> str:
        return " ".join("".join(self._parts.get(kind, ())).split())

    def close(self) -> None:
        """End the page."""
