"""Read the XML of Europe PMC's search API. The API returns XML when a request does not specify a format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element

import msgspec

from store.formats.indexes import europe_pmc
from store.formats.shared import answer_pages, xml_records
from store.formats.shared.json_items import Unfit
from store.model.entry import Item, Refused, Warned

NAME = "europe-pmc-xml"
TITLE = "Europe PMC XML"
FAMILY = "europe-pmc"
EXAMPLE = "europe-pmc-search.xml"
STREAMS = True

_ROOTS = {"responseWrapper"}
# The elements that may occur several times in one parent. In the JSON, each is a list.
_LISTS = {"author", "authorAffiliation", "fullTextUrl"}


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is a response in XML: 0.95 if its outermost element is that of a response, else 0."""
    return 0.95 if xml_records.root(head) in _ROOTS else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield the entries of the response, and a warning if the response is only one page of several."""
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
        yield answer_pages.one_page(count, total)


def _result(element: Element) -> europe_pmc.Result:
    """The result in `element`, whose child elements have the names of the keys in the JSON.

    Raises Unfit when a value has the wrong type.
    """
    try:
        return msgspec.convert(_value(element), europe_pmc.Result, strict=False)
    except msgspec.ValidationError as error:
        raise Unfit(str(error)) from None


def _value(element: Element) -> Any:
    """The value of `element` in the JSON: a text, or a dictionary with the values of the inner elements."""
    if element.tag in ("title", "abstractText") or not len(element):
        return xml_records.text(element)
    values: dict[str, Any] = {}
    for inside in element:
        if inside.tag in _LISTS:
            values.setdefault(inside.tag, []).append(_value(inside))
        else:
            values.setdefault(inside.tag, _value(inside))
    return values
