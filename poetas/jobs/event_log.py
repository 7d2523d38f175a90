"""What a job has told so far, by its events of a few kinds, without decoding all the others."""

from __future__ import annotations

from pathlib import Path

from poetas.jobs.events import Event, decode, encode_name


def history(folder: Path, *kinds: type[Event]) -> list[Event]:
    """Return the events of these kinds in the order in which they were told, by earlier processes as well.

    >>> history(Path("/nowhere"), Event)
    []
    """
    beginnings = tuple(encode_name(kind) for kind in kinds)
    try:
        lines = (folder / "events.jsonl").read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    return [event for line in lines if line.startswith(beginnings) and (event := decode(line)) is not None]
