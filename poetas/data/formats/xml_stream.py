"""Streaming XML reader: a part of a file in, its elements one by one out, each freed after use (`iterparse`)."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import IO
from xml.etree import ElementTree as ET

from poetas.data.formats.xml_limits import XmlLimit

_DEEPEST = 200


def elements(
    source: IO[bytes], xml_limit: XmlLimit, *whole: str, around: str = "", until: Container[str] = ()
) -> Iterator[tuple[str, ET.Element]]:
    """Yield elements ``whole`` with their content at their end, and elements ``around`` at their start and end.

    xml_limit: counts what is read of ``source``; the count is reset when an element is freed. until: elements before
    which reading ends. Raises ET.ParseError, TooManyPieces.
    """
    base = xml_limit.held
    inside: list[ET.Element] = []
    within = 0  # open elements ``whole``
    for event, element in ET.iterparse(source, events=("start", "end")):  # noqa: S314
        if event == "start":
            if element.tag in until:
                return
            inside.append(element)
            within += element.tag in whole
            if len(inside) > _DEEPEST:
                raise ET.ParseError("nested too deep")
        else:
            inside.pop()
            within -= element.tag in whole
        if element.tag == around or (element.tag in whole and event == "end"):
            yield event, element
        if element.tag in whole and not within:
            for outer in inside:  # also frees what the parser built ahead
                outer.clear()
            xml_limit.held = base
    xml_limit.held = base
