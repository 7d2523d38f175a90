"""Reader of subtitles (SRT, VTT): a row for each subtitle, without numbers, times, tags and the names of voices."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import webvtt
from webvtt.errors import MalformedFileError

from poetas.data.errors import FileEmpty, FileUnreadable
from poetas.data.formats.base import Hints, RawTable
from poetas.data.formats.division import text_table
from poetas.data.formats.encoding_detection import decode
from poetas.data.formats.running_text import Line, PlainLines, text_column
from poetas.data.pipeline.limits import Limits
from poetas.i18n import _, ngettext, number

_POSITION = re.compile(r"\{\\[^{}]*\}")  # {\an8}, which SRT has from another format
_TIMED_WORDS = re.compile(r"<\d\d:\d\d:\d\d")  # automatic captions, which repeat the line before
_FIRST = 20
_ARROW = "-->"
_COMMA = re.compile(r"(\d),(\d{3})")
_GOES_ON = re.compile(r"[^\s.,;:!?…»”\"—-]$")


def read(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read the subtitles of a file. Raises FileEmpty, NotText, FileUnreadable."""
    decoded = decode(path.read_bytes(), path.name, hints.encoding)
    text = PlainLines(decoded.text).text
    kept, left = _first(text, limits.rows)
    try:
        cues = _cues(kept, path.suffix.lower()[1:])
    except MalformedFileError as error:
        why = _("No encontré adentro los tiempos de los subtítulos (00:00:01,000 --> 00:00:02,000).")
        raise FileUnreadable(path.name, why=why, detail=str(error)) from error
    texts = list(_texts(cues))
    if not texts:
        raise FileEmpty(path.name)
    if hints.division is not None:
        lines = [Line(line, paragraph=index == 0) for cue in texts for index, line in enumerate(cue.split("\n"))]
        return text_table(lines, hints, limits, encoding=decoded.encoding)
    return RawTable([[cue] for cue in texts], [text_column()], encoding=decoded.encoding, what=_what, left=left)


def _first(text: str, most: int) -> tuple[str, int]:
    """The beginning of a text with as many subtitles as fit, and how many it has besides."""
    total = text.count(_ARROW)
    if total <= most:
        return text, 0
    arrow = next(islice(re.finditer(_ARROW, text), most, None))
    return text[: text.rfind("\n\n", 0, arrow.start())], total - most


def _cues(text: str, kind: str) -> list[webvtt.Caption]:
    try:
        return list(webvtt.from_buffer(io.StringIO(text), format=kind).captions)
    except MalformedFileError:
        if _ARROW not in text:
            raise
        # Without numbers, with another header, or with the other ending: the times are enough.
        body = text[text.rfind("\n", 0, text.index(_ARROW)) + 1 :]
        body = "WEBVTT\n\n" + _COMMA.sub(r"\1.\2", body)
        return list(webvtt.from_buffer(io.StringIO(body), format="vtt").captions)


def _texts(cues: list[webvtt.Caption]) -> Iterator[str]:
    rolling = any(_TIMED_WORDS.search(cue.raw_text) for cue in cues[:_FIRST])
    before = ""
    for cue in cues:
        lines = [line for text in cue.text.split("\n") if (line := html.unescape(_POSITION.sub("", text)).strip())]
        if rolling and lines and lines[0] == before:
            lines = lines[1:]
        if lines:
            before = lines[-1]
            yield _joined(lines)


def _joined(lines: list[str]) -> str:
    """The lines of a subtitle; a sentence that goes on in the next line is one line."""
    text = lines[0]
    for line in lines[1:]:
        text += (" " if _GOES_ON.search(text) and line[:1].islower() else "\n") + line
    return text


def _what(count: int) -> str:
    return ngettext("{n} subtítulo", "{n} subtítulos", count).format(n=number(count))
