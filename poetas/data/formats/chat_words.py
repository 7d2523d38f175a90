"""Notices about a chat: counts of people, names hidden and messages left in, sentences for the learner out."""

from __future__ import annotations

from collections.abc import Mapping

from poetas.data.formats.base import ReadingNotice
from poetas.i18n import _, ngettext, number


def chat_notices(people: int, masked: int, dropped: Mapping[str, int]) -> tuple[ReadingNotice, ...]:
    """The notices about a chat.

    people: who wrote in it. masked: names and numbers hidden in its messages. dropped: what is no message, by code.

    >>> [(notice.code, notice.count) for notice in chat_notices(2, 0, {"chat-media": 3})]
    [('chat-names', 2), ('chat-media', 3)]
    """
    notices: list[ReadingNotice] = []
    phrase = ngettext(
        "Escondí el nombre o el número de {n} persona: en su lugar puse «persona 1».",
        "Escondí los nombres o números de {n} personas: en su lugar puse «persona 1», «persona 2»…",
        people,
    )
    asked = _(
        "Dentro de los mensajes pueden quedar nombres de pila. Si los textos no son todos tuyos, preguntales a los "
        "demás antes de usarlos."
    )
    notices.append(ReadingNotice("chat-names", f"{phrase.format(n=number(people))} {asked}", count=people))
    if masked:
        phrase = ngettext(
            "Tapé {n} nombre, teléfono o mención dentro de los mensajes.",
            "Tapé {n} nombres, teléfonos o menciones dentro de los mensajes.",
            masked,
        )
        notices.append(ReadingNotice("chat-masked", phrase.format(n=number(masked)), count=masked))
    if system := dropped.get("chat-system", 0):
        phrase = ngettext("Dejé {n} aviso de la aplicación.", "Dejé {n} avisos de la aplicación.", system)
        notices.append(ReadingNotice("chat-system", phrase.format(n=number(system)), count=system))
    if media := dropped.get("chat-media", 0):
        phrase = ngettext("Dejé {n} foto, audio u otro archivo.", "Dejé {n} fotos, audios u otros archivos.", media)
        notices.append(ReadingNotice("chat-media", phrase.format(n=number(media)), count=media))
    return tuple(notices)
