"""Reading XML element by element, without the tree growing: what was seen, and what stands before it, is let go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from xml.etree import ElementTree as ET

from poetas.data.formats.xml_limits import XmlLimit

_DEEPEST = 200


def elements(source: IO[bytes], meter: XmlLimit, whole: str, around: str = "") -> Iterator[tuple[str, ET.Element]]:
    """Elements called ``whole``, with all that is in them, as they end; those called ``around`` as they begin and end.

    meter: what counts ``source``; it is put back when an element is let go. Raises ET.ParseError, TooManyPieces.
    """
    base = meter.held
    inside: list[ET.Element] = []
    within = 0  # elements to be given whole that are not yet at their end
    for event, element in ET.iterparse(source, events=("start", "end")):  # noqa: S314
        if event == "start":
            inside.append(element)
            within += element.tag == whole
            if len(inside) > _DEEPEST:
                raise ET.ParseError("nested too deep")
        else:
            inside.pop()
            within -= element.tag == whole
        if element.tag == around or (element.tag == whole and event == "end"):
            yield event, element
        if element.tag == whole and not within:
            for outer in inside:  # what the parser has built ahead goes too: it is still at hand in the events to come
                outer.clear()
            meter.held = base
    meter.held = base
