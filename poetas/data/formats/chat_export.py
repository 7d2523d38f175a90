"""Chat exports: the lines of an Android or iPhone export, or messages, in; a row for each written message out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from poetas.data.formats.base import LEFT_OUT_LISTED, LeftOut, RawTable
from poetas.data.formats.chat_words import chat_notices
from poetas.data.formats.running_text import PlainLines, text_column
from poetas.data.pipeline.limits import Limits
from poetas.i18n import _, ngettext, number

SAMPLE, FEWEST = 300, 3
_DATE = r"\d{1,4}[/.\-]\d{1,2}[/.\-]\d{2,4}"
_TIME = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[ap]\.?\s*m\.?)?"
_DIRECTION = "\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}\N{LEFT-TO-RIGHT EMBEDDING}\N{POP DIRECTIONAL FORMATTING}"
_HEAD = re.compile(
    rf"[{_DIRECTION}\N{{ZERO WIDTH NO-BREAK SPACE}}]*"
    rf"(?:\[{_DATE},?\s+{_TIME}\]\s*|{_DATE},?\s+{_TIME}\s+[-–]\s+)(?P<rest>.*)",
    re.IGNORECASE,
)
# Copied from Telegram, with what was written below: "Ana, [12.03.24 21:04]".
_HEAD_ALONE = re.compile(rf"(?P<author>[^\n\[\]]{{1,80}}), \[{_DATE},?\s+{_TIME}\]:?\s*", re.IGNORECASE)
_AUTHOR = re.compile(r"(?P<author>[^:]{1,80}):(?:\s(?P<text>.*)|$)")
_THINGS = (
    r"imagen|foto|v[ií]deo|audio|sticker|gif|documento|tarjeta de contacto|ubicaci[oó]n|nota de v[ií]deo|image|document"
    r"|contact card|video note|figurinha|imagem"
)
_MEDIA = re.compile(
    rf"<[^<>]{{0,80}}(?:omitid|omitted|adjunto|attached|anexad)[^<>]{{0,80}}>|(?:{_THINGS}) (?:omitid[oa]|omitted)"
    r"|.{1,120} \((?:archivo adjunto|file attached|arquivo anexado)\)"
    r"|(?:ubicaci[oó]n|location|localiza[cç][aã]o)[^:\n]{0,40}:\s?https?://\S{1,300}",
    re.IGNORECASE,
)
_ATTACHED = re.compile(rf"[\s{_DIRECTION}]{{0,3}}<(?:adjunto|attached|anexado): [^<>]{{1,120}}>", re.IGNORECASE)
# What the app wrote of a group whose name has a colon: "Ana cambió el nombre de “Taller” a “Taller: martes”".
_EVENT = re.compile(
    r"[“”\"«]|\b(?:cambi(?:ó|aste)|cre(?:ó|aste)|changed|created) .*\b(?:grupo|group|descripción|asunto|subject)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"https?://(?:maps\.google\.|(?:www\.)?google\.[a-z.]{2,6}/maps|maps\.app\.goo\.gl|goo\.gl/maps|maps\.apple\.com)\S{0,300}",
    re.IGNORECASE,
)
_SYSTEM = re.compile(
    r"(?:se )?eliminó este mensaje\.?|eliminaste este mensaje\.?|(?:este )?mensaje (?:fue )?eliminado\.?"
    r"|this message was deleted\.?|you deleted this message\.?|null"
    r"|(?:esperando|waiting for) (?:el|este|this) (?:mensaje|message).*"
    r"|(?:videol|l)lamada (?:de voz |grupal )?(?:perdida|sin respuesta).*|missed (?:voice|video) call.*"
    r"|los mensajes y las llamadas están cifrados.*|messages and calls are end-to-end encrypted.*",
    re.IGNORECASE,
)
_EDITED = re.compile(rf"[\s{_DIRECTION}]{{0,3}}<(?:se editó este mensaje|this message was edited)\.?>", re.IGNORECASE)
_MENTION = re.compile(
    r"@(?:\N{FIRST STRONG ISOLATE}[^\N{POP DIRECTIONAL ISOLATE}]{0,80}\N{POP DIRECTIONAL ISOLATE}|\+?\d{8,15})"
)
_OF_MEMBER = re.compile(
    r".{1,80}\b(?:cre(?:ó|aste)|cambi(?:ó|aste)|añadi(?:ó|ste)|sali(?:ó|ste)|se unió|created|changed|added|left)\b"
)
_OF_GROUP = ": \N{LEFT-TO-RIGHT MARK}"  # after a group's name, which may have a colon itself
_WHOLE_NAME = re.compile(r"[^\W\d_][\w'’.-]*(?: [\w'’.-]+)+")
_MOST_NAMES = 1_000
_PHONE = re.compile(r"(?<![\w/])(?:\+\d[\d\s().\-‑]{6,18}\d|\d{10,15})(?![\w/])")


@dataclass(slots=True)
class Message:
    """A message.

    author: "" where the app itself wrote it. line: of the file, from 1. where: its place, where the file has no lines.
    media: whether it is a picture, perhaps with what was written under it. others: people whom the app names beside
    it, such as the one whose words it forwards.
    """

    author: str
    lines: list[str]
    line: int
    media: bool = False
    where: str = ""
    others: tuple[str, ...] = ()


@dataclass(slots=True)
class _Chat:
    """What is gathered while messages are read."""

    people: dict[str, int] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    dropped: dict[str, int] = field(default_factory=lambda: {"chat-system": 0, "chat-media": 0})
    masked: int = 0
    names: re.Pattern[str] | None = None

    def leave(self, message: Message, code: str) -> None:
        self.dropped[code] += 1
        if len(self.left_out) < LEFT_OUT_LISTED:
            where = message.where or _("renglón {n}").format(n=number(message.line))
            self.left_out.append(LeftOut(where, code))


def is_chat(lines: PlainLines) -> bool:
    r"""Tell whether a text is the export of a chat: most of its dated lines name who wrote them.

    >>> is_chat(PlainLines("12/3/24, 21:40 - Ana: Hola.\n12/3/24, 21:41 - Luis: Chau,\nAna.\n13/3/24, 9:02 - Ana: Y."))
    True
    """
    sample = [text for text in islice(lines.texts(), SAMPLE) if text.strip()]
    if not sample or not (_HEAD.match(sample[0]) or _HEAD_ALONE.fullmatch(sample[0])):
        return False
    heads = [match for text in sample if (match := _HEAD.match(text))]
    alone = sum(bool(_HEAD_ALONE.fullmatch(text)) for text in sample)
    written = alone + sum(bool(_AUTHOR.match(_bare(match["rest"]))) for match in heads)
    return written >= FEWEST and written >= (alone + len(heads)) / 2


def chat_table(lines: PlainLines, limits: Limits, *, encoding: str = "") -> RawTable:
    r"""A table of a chat's messages and a number for who wrote each; names and telephone numbers are hidden.

    >>> text = "12/3/24, 21:40 - Ana: Hola,\nché.\n12/3/24, 21:41 - Ana: <Multimedia omitido>"
    >>> chat_table(PlainLines(text), Limits()).rows
    [['Hola,\nché.', 'persona 1']]
    """
    return messages_table(lambda: messages(lines.texts()), limits, encoding=encoding)


def messages_table(read: Callable[[], Iterable[Message]], limits: Limits, *, encoding: str = "") -> RawTable:
    """A table of messages, which are read twice, as that of `chat_table`."""
    chat = _Chat(names=_whole_names(name for message in read() for name in (message.author, *message.others)))
    rows = _rows(read(), chat)
    kept = list(islice(rows, limits.rows))
    left = sum(1 for _row in rows)

    def what(count: int) -> str:
        messages_in_words = ngettext("{n} mensaje", "{n} mensajes", count).format(n=number(count))
        people = ngettext("{n} persona", "{n} personas", len(chat.people)).format(n=number(len(chat.people)))
        return _("{messages} de {people} de un chat").format(messages=messages_in_words, people=people)

    return RawTable(
        kept,
        [text_column(), _("quién")],
        encoding=encoding,
        what=what,
        notices=chat_notices(len(chat.people), chat.masked, chat.dropped),
        left=left,
        left_out=tuple(chat.left_out),
    )


def messages(texts: Iterable[str]) -> Iterator[Message]:
    """Gather the lines of each message: those without a date go on with the one before."""
    message: Message | None = None
    for line, text in enumerate(texts, start=1):
        if alone := _HEAD_ALONE.fullmatch(text):
            if message is not None:
                yield message
            message = Message(_bare(alone["author"]), [], line)
            continue
        head = _HEAD.match(text)
        if head is None:
            if message is not None:
                message.lines.append(text)
            elif text.strip():
                message = Message("", [text], line)
            continue
        if message is not None:
            yield message
        author = _AUTHOR.match(head["rest"])
        if author is None or _EVENT.search(author["author"]):
            message = Message("", [head["rest"]], line)
        else:
            message = Message(_bare(author["author"]), [author["text"] or ""], line)
    if message is not None:
        yield message


def _rows(written: Iterable[Message], chat: _Chat) -> Iterator[list[str]]:
    for message in written:
        first = message.lines[0] if message.lines else ""
        # An iPhone puts a mark of direction before what the app itself wrote, and before what was changed later.
        by_app = first.startswith(tuple(_DIRECTION)) and not any(map(_EDITED.search, message.lines))
        first = _bare(first)
        _group, marked, said = first.rpartition(_OF_GROUP)
        of_group = _SYSTEM.fullmatch(_bare(said)) or (marked and _OF_MEMBER.match(said))
        if not message.author or of_group:
            chat.leave(message, "chat-system")
            continue
        if message.media:
            chat.leave(message, "chat-media")
        if by_app or _MEDIA.fullmatch(first):
            chat.leave(message, "chat-media" if _MEDIA.fullmatch(first) else "chat-system")
            message.lines = message.lines[1:]  # what was written under a picture
            first = _bare(message.lines[0]) if message.lines else ""
        elif (caption := _ATTACHED.sub("", first)) != first:  # a picture with what was written under it
            chat.leave(message, "chat-media")
            first = _bare(caption)
        text = "\n".join([first, *map(_bare, message.lines[1:])]).strip()
        if text := _hidden(_EDITED.sub("", text), chat):
            person = chat.people.setdefault(message.author, len(chat.people) + 1)
            yield [text, _("persona {n}").format(n=number(person))]


def _hidden(text: str, chat: _Chat) -> str:
    """A message without the whole names and the numbers that it holds; a first name could be a word of a verse."""
    text, mentions = _MENTION.subn(_("@alguien"), text)
    text, places = _PLACE.subn(_("[ubicación]"), text)
    text, phones = _without_phones(text)
    text, names = chat.names.subn(_("[alguien]"), text) if chat.names is not None else (text, 0)
    chat.masked += mentions + places + phones + names
    return text


def _without_phones(text: str) -> tuple[str, int]:
    """A text without its telephone numbers, also those that only the words before them tell from others."""
    from poetas.data.health.personal_data import mask  # noqa: PLC0415 - `health` reads tables, which are made here
    from poetas.data.health.phone_numbers import find_phones  # noqa: PLC0415

    stretches = {*find_phones(text), *(match.span() for match in _PHONE.finditer(text))}
    return mask(text, stretches, _("teléfono")), len(stretches)


def _whole_names(authors: Iterable[str]) -> re.Pattern[str] | None:
    """What finds the authors' names of several words, also in capitals, or without those that the list has them in.

    A first name alone may be a word of a verse (Luz, Mar).
    """
    names = dict.fromkeys(author.lstrip("~ ") for author in authors)
    whole = list(islice((name for name in names if _WHOLE_NAME.fullmatch(name)), _MOST_NAMES))
    longest_first = sorted(
        {form for name in whole for form in (name, name.upper(), name.title())}, key=len, reverse=True
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)") if whole else None


def _bare(text: str) -> str:
    return text.strip().strip(_DIRECTION).strip()
