"""Read the XML of DBLP: a response of the search API, the records of a person, one record, or the dump `dblp.xml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from store.formats.indexes import dblp_fields
from store.formats.shared import xml_entries, xml_records, xml_text
from store.model.entry import Item
from store.model.paper import Paper

NAME = "dblp-xml"
TITLE = "DBLP XML"
FAMILY = "dblp"
EXAMPLE = "dblp-person.xml"
STREAMS = True

# The elements of dblp.dtd that are publications. An element "www" is the home page of a person, so it is left out.
_PUBLICATIONS = frozenset((
    "article", "inproceedings", "proceedings", "book", "incollection", "phdthesis", "mastersthesis", "data",
))  # fmt: skip
# The search API puts each publication into an element "info".
_NAMES = {*_PUBLICATIONS, "info"}
_ROOTS = {"dblp", "dblpperson", "result"}
_HITS = re.compile(r"<hits\b[^<>]{0,300}\btotal=")


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is XML of DBLP: near 1 if its outermost element is one that DBLP writes.

    A response of the search API must also have the element `hits`.
    """
    root = xml_records.root(head)
    if root in ("dblp", "dblpperson"):
        return 0.95
    return 0.95 if root == "result" and _HITS.search(xml_text.start(head)) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The publications, in file order. Raises ListingError when the file has no publication."""
    return xml_entries.entries(stream, _paper, roots=_ROOTS, names=_NAMES, missing="no publication in this DBLP file")


def _paper(record: Element) -> Paper | None:
    title = dblp_fields.title(xml_records.child_text(record, "title"))
    if title is None:
        return None
    names = (
        xml_records.child_texts(record, "author")
        or xml_records.child_texts(record, "authors/author")
        or xml_records.child_texts(record, "editor")
    )
    containers = [
        text
        for name in ("journal", "booktitle", "venue", "school", "publisher")
        for text in xml_records.child_texts(record, name)
    ]
    key = record.get("key") or xml_records.child_text(record, "key")
    return dblp_fields.paper(
        title=title,
        names=names,
        year=xml_records.child_text(record, "year"),
        containers=containers,
        volume=xml_records.child_text(record, "volume"),
        number=xml_records.child_text(record, "number"),
        pages=xml_records.child_text(record, "pages"),
        dois=xml_records.child_texts(record, "doi"),
        editions=xml_records.child_texts(record, "ee"),
        record=f"https://dblp.org/rec/{key}" if key else None,
    )
