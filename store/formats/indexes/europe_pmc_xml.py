"""XML of Europe PMC's search API, which it answers with when no format is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element

import msgspec

from store.formats.indexes import europe_pmc
from store.formats.shared import xml_records
from store.formats.shared.json_items import Unfit
from store.model.entry import Item, Refused, Warned

NAME = "europe-pmc-xml"
TITLE = "Europe PMC XML"
FAMILY = "europe-pmc"
EXAMPLE = "europe-pmc-search.xml"
STREAMS = True

_ROOTS = {"responseWrapper"}
# The elements that may stand several times beside one another.
_LISTS = {"author", "authorAffiliation", "fullTextUrl"}


def sniff(head: bytes, name: str) -> float:
    """Certain by the outermost element."""
    return 0.95 if xml_records.root(head) in _ROOTS else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The entries of an answer, and a warning when more pages follow."""
    total = index = count = 0
    for record in xml_records.records(stream, roots=_ROOTS, names={"result"}, aside={"hitCount"}):
        if not isinstance(record, xml_records.Record):
            index += isinstance(record, Refused)
            yield record
        elif record.element.tag == "hitCount":
            text = (record.element.text or "").strip()
            total = int(text) if text.isdecimal() and len(text) < 12 else total
        else:
            index += 1
            try:
                yield europe_pmc.entry(_result(record.element), record.line)
                count += 1
            except Unfit as unfit:
                yield Refused(index, record.line, str(unfit))
    if not index:
        yield Warned("the answer holds no papers")
    elif count < total:
        yield Warned(f"one page of a longer answer: {count:,} of {total:,} papers are in it")


def _result(element: Element) -> europe_pmc.Result:
    """The result in an element: the JSON and the XML have the same names. Raises Unfit for values of another type."""
    try:
        return msgspec.convert(_value(element), europe_pmc.Result, strict=False)
    except msgspec.ValidationError as error:
        raise Unfit(str(error)) from None


def _value(element: Element) -> Any:
    """An element as JSON would have it: a text, or the values of the elements inside by their names."""
    if element.tag in ("title", "abstractText") or not len(element):
        return xml_records.text(element)
    values: dict[str, Any] = {}
    for inside in element:
        if inside.tag in _LISTS:
            values.setdefault(inside.tag, []).append(_value(inside))
        else:
            values.setdefault(inside.tag, _value(inside))
    return values
