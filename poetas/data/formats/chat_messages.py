"""Conversations in JSON (chat messages, ShareGPT): a list of turns in, the first message and its first answer out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from poetas.data.formats.base import LEFT_OUT_LISTED, LeftOut, ReadingNotice
from poetas.i18n import _, ngettext, number

_LISTS = ("messages", "conversations", "conversation", "dialogue", "turns")
_CONTINUED = ("completion", "chosen")  # of a ``prompt`` that is a list of turns itself
_ROLES, _CONTENTS = ("role", "from", "speaker"), ("content", "value", "text")
_USER = {"user", "human", "prompter", "usuario", "usuaria", "humano"}
_ASSISTANT = {"assistant", "gpt", "chatgpt", "bot", "model", "ai", "asistente"}
_SYSTEM = {"system", "developer", "sistema"}
_SYSTEM_TURN, _LATER_TURN, _OTHER_TURN, _OTHER_PART = "system-turn", "later-turn", "other-turn", "other-part"


def message_column() -> str:
    """Name of the column of first messages."""
    return _("mensaje")


def answer_column() -> str:
    """Name of the column of first answers."""
    return _("respuesta")


class Conversations:
    """Makes a row of each conversation, and keeps the account of the turns that are in no row.

    count: how many conversations were read. left_out: the first turns that are in no row.

    >>> conversations = Conversations()
    >>> turns = [{"role": "user", "content": "Hola"}, {"role": "assistant", "content": "¡Buenas!"}]
    >>> conversations.row({"messages": turns})
    {'mensaje': 'Hola', 'respuesta': '¡Buenas!'}
    >>> conversations.row({"texto": "Hola"}) is None
    True
    """

    def __init__(self) -> None:
        self.count = 0
        self._counts: dict[str, int] = {}
        self.left_out: list[LeftOut] = []

    def row(self, value: Any) -> dict[str, Any] | None:
        """The row of a conversation, with what else its object holds; None for any other value."""
        turns, rest = _turns(value)
        if not turns:
            return None
        self.count += 1
        pair: dict[str, str] = {}
        for turn in turns:
            role = _role(turn)
            text, parts_left = _text(_first(turn, _CONTENTS))
            self._leave(_OTHER_PART, parts_left)
            if role in _USER and not pair.get(message_column()):
                self._leave(_LATER_TURN, len(pair))  # the assistant greeted first
                pair = {message_column(): text}
            elif role in _ASSISTANT and text and answer_column() not in pair:
                pair[answer_column()] = text
            elif text:
                known = role in _USER | _ASSISTANT
                self._leave(_SYSTEM_TURN if role in _SYSTEM else _LATER_TURN if known else _OTHER_TURN, 1)
        return {message_column(): "", answer_column(): "", **pair, **rest}

    def notices(self) -> tuple[ReadingNotice, ...]:
        """One notice a kind of turn that was left."""
        return tuple(
            ReadingNotice(f"{code}s", _sentence(code, count).format(n=number(count)), count=count)
            for code, count in self._counts.items()
        )

    def _leave(self, code: str, count: int) -> None:
        if count:
            self._counts[code] = self._counts.get(code, 0) + count
            if len(self.left_out) < LEFT_OUT_LISTED:
                self.left_out.append(LeftOut(_("conversación {n}").format(n=number(self.count)), code))


def is_conversation(value: Any) -> bool:
    """Tell whether a value is one conversation."""
    return bool(_turns(value)[0])


def _turns(value: Any) -> tuple[list[Mapping[str, Any]], dict[str, Any]]:
    """The turns of a conversation and the other fields of its object; no turns where it is none."""
    if not isinstance(value, Mapping):
        return (value, {}) if isinstance(value, list) and _are_turns(value) else ([], {})
    names = [name for name in _LISTS if _are_turns(value.get(name))][:1]
    if not names and _are_turns(value.get("prompt")):
        names = ["prompt", *(name for name in _CONTINUED if _are_turns(value.get(name)))][:2]
    rest = {name: item for name, item in value.items() if name not in names}
    return [turn for name in names for turn in value[name]], rest


def _are_turns(value: Any) -> bool:
    """Tell whether a value is a list of turns. Roles must be known: a chat between people has names there."""
    if not (isinstance(value, list) and value and all(_is_turn(turn) for turn in value)):
        return False
    return any(_role(turn) in _USER | _ASSISTANT for turn in value)


def _is_turn(value: Any) -> bool:
    return isinstance(value, Mapping) and any(r in value for r in _ROLES) and any(c in value for c in _CONTENTS)


def _role(turn: Mapping[str, Any]) -> str:
    return str(_first(turn, _ROLES)).casefold()


def _first(turn: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((turn[name] for name in names if name in turn), None)


def _text(content: Any) -> tuple[str, int]:
    """A turn's text, and how many of its parts (images, sounds) are none."""
    if content is None:
        return "", 0
    if not isinstance(content, list):
        return str(content), 0
    texts = list(_parts(content))
    return "\n".join(text for text in texts if text), texts.count("")


def _parts(content: Sequence[Any]) -> Iterator[str]:
    for part in content:
        text = part.get("text", "") if isinstance(part, Mapping) else part
        yield text if isinstance(text, str) else ""


def _sentence(code: str, count: int) -> str:
    if code == _SYSTEM_TURN:
        return ngettext(
            "Dejé afuera {n} indicación para el asistente (un turno «system»).",
            "Dejé afuera {n} indicaciones para el asistente (turnos «system»).",
            count,
        )
    if code == _LATER_TURN:
        return ngettext(
            "De cada conversación leí el primer mensaje y su primera respuesta: quedó afuera {n} turno más.",
            "De cada conversación leí el primer mensaje y su primera respuesta: quedaron afuera {n} turnos más.",
            count,
        )
    if code == _OTHER_TURN:
        return ngettext(
            "Dejé afuera {n} turno que no es de quien pregunta ni de quien responde.",
            "Dejé afuera {n} turnos que no son de quien pregunta ni de quien responde.",
            count,
        )
    return ngettext(
        "Dejé afuera {n} parte que no es texto (una imagen, un sonido).",
        "Dejé afuera {n} partes que no son texto (imágenes, sonidos).",
        count,
    )
