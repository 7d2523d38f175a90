"""The event log of a job, ``events.jsonl``: its new lines, and its events of some kinds without decoding the others."""

from __future__ import annotations

from pathlib import Path

from poetas.jobs.events import Event, decode, encode_name


def read_events(folder: Path, *kinds: type[Event]) -> list[Event]:
    """Return the events of these kinds in the order in which they were written, by earlier processes as well.

    >>> read_events(Path("/nowhere"), Event)
    []
    """
    beginnings = tuple(encode_name(kind) for kind in kinds)
    try:
        lines = (folder / "events.jsonl").read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    return [event for line in lines if line.startswith(beginnings) and (event := decode(line)) is not None]


def read_lines(folder: Path, since: int) -> tuple[list[bytes], int]:
    """Return the whole lines after byte ``since``, and the byte to ask from next time."""
    try:
        with (folder / "events.jsonl").open("rb") as source:
            source.seek(since)
            data = source.read()
    except FileNotFoundError:
        return [], since
    whole = data.rfind(b"\n") + 1
    return data[:whole].split(b"\n"), since + whole
