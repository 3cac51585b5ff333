"""The entries of an XML file in which each record is one paper, and everything outside the records is ignored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from store.formats.shared import xml_records
from store.model.entry import CutShort, Entry, Item, Refused
from store.model.errors import ListingError
from store.model.paper import Paper


def entries(
    stream: BinaryIO,
    paper: Callable[[Element], Paper | None],
    *,
    roots: Collection[str],
    names: Collection[str],
    missing: str,
) -> Iterator[Item]:
    """An entry for each record, in file order; a Refused for a record that `paper` cannot convert.

    `roots` and `names` are described in `xml_records.records`. Raises ListingError with the text `missing` when the
    file has no record and is not truncated.
    """
    index = 0
    is_cut = False
    for record in xml_records.records(stream, roots=roots, names=names):
        if isinstance(record, xml_records.Record):
            index += 1
            result = paper(record.element)
            yield Entry(paper=result, line=record.line) if result else Refused(index, record.line, "no title")
        else:
            index += isinstance(record, Refused)
            is_cut = is_cut or isinstance(record, CutShort)
            yield record
    if not index and not is_cut:
        raise ListingError(missing)
