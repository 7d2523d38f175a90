"""Events of some kinds from ``events.jsonl``, without decoding all the others."""

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
