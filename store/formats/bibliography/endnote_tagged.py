"""The tagged text of EndNote (.enw) and of its predecessor Refer, with lines such as `%0 Journal Article`.

Google Scholar, ACM and ADS also export this format. An entry starts at a `%0` line; in a file without such lines, an
entry starts after a blank line. No line marks the end of an entry. Unknown tags are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from store.formats.bibliography import fields, indexed_names
from store.formats.bibliography.tagged_records import Layout, Record, Records, Tagged
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Paper

NAME = "endnote-tagged"
TITLE = "EndNote tagged text (.enw)"
FAMILY = "bibliography"
EXAMPLE = "scholar.enw"
STREAMS = False

_TAG = re.compile(r"(%[0-9A-Z@!#$&()*+<=>?^~\[\]])(?:[ \t](.*)|$)")
_STARTS = re.compile(r"\A(?:%0 [A-Z]|%[A-Z] \S)")
# CNKI writes all authors on one line, for example "%A 王小明%A 李华".
_BETWEEN_NAMES = re.compile(r";|%A ")
_OWN = re.compile(r"^%(?:T|A|D|J|B|R|U) \S", re.MULTILINE)
_WHOLE = frozenset(("book", "edited book", "electronic book", "thesis", "report", "patent", "dataset", "standard"))
_EDITED = frozenset(("book", "edited book", "electronic book", "conference proceedings"))


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is tagged text of EndNote.

    The value is 0.95 if the first line has the tag `%0`, and 0.8 if it has another tag. In both cases, other tags of
    EndNote must follow.
    """
    text = fields.start(head)
    if not _STARTS.match(text):
        return 0.0
    tag_count = len(set(_OWN.findall(text)))
    return 0.95 if text.startswith("%0") and tag_count else 0.8 if tag_count > 2 else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the file, in order."""
    index = notes = 0
    is_cut = False
    for record in _records(stream):
        if not isinstance(record, Record):
            is_cut = is_cut or isinstance(record, CutShort)
            yield record
        elif not fields.is_paper(record.first("%0")):
            notes += 1
        else:
            index += 1
            title = fields.plain(record.first_line("%T", "%!"))
            if title is None:
                yield Refused(index, record.line, "no title")
            else:
                yield Entry(paper=_paper(title, record), line=record.line)
    if not index and not is_cut:
        raise ListingError("only notes in this EndNote file, no paper" if notes else "no EndNote entry in this file")
    if notes:
        yield fields.left_out(notes)


def _records(stream: BinaryIO) -> Iterator[Record | CutShort | Warned]:
    """The records of the file; then a report if the file is or may be truncated.

    The last record is dropped as incomplete if it has no other tags than %0 and %T. It is also dropped if the file has
    no final line feed and ends in the type, title or authors of the record.
    """
    records = Records(stream, _LAYOUT)
    yield from records
    record, has_bare_sign = records.unfinished, records.last_line == "%"
    if record is None:
        if has_bare_sign:
            yield CutShort("the file ends in the first line of an entry")
        return
    tags = record.tags
    ends_early = not records.has_final_newline and not has_bare_sign and tags[-1] in ("%0", "%T", "%A")
    if set(tags) <= {"%0", "%T"} or ends_early:
        yield CutShort(f"the file ends in the middle of the entry that starts at line {record.line}")
        return
    yield record
    if has_bare_sign:
        yield CutShort("the file ends in a tag")
    elif not records.has_final_newline:
        yield Warned("the file ends without a line end: its last entry may go on")


def _tagged(line: str) -> Tagged | None:
    match = _TAG.fullmatch(line.strip())
    return (match[1], (match[2] or "").strip()) if match else None


def _starts(tag: str, record: Record | None, after_blank: bool) -> bool:
    """Whether a line with `tag` starts a new entry after `record`. A `%0` line always does.

    Another tag starts an entry only after a blank line, and only if `record` has no %0. In an entry with %0, a blank
    line may be part of the abstract.
    """
    return record is None or tag == "%0" or (after_blank and not record.first("%0"))


_LAYOUT = Layout(_tagged, _starts, keeps_blank_lines=True, ignored=frozenset(["%"]))


def _paper(title: str, record: Record) -> Paper:
    kind = (record.first("%0") or "").lower()
    return fields.paper(
        title=title,
        abstract=fields.plain(record.first("%X")),
        authors=_authors(record, kind),
        published=fields.when(record.first("%D"), record.first("%8"), record.first("%7")),
        venue=_venue(record, kind),
        comment=fields.plain(record.first("%Z")),
        dois=record.all("%R"),
        urls=record.all("%U"),
        pdfs=record.all("%>"),
        mentions=record.all("%Z", "%M", "%J", "%B", "%P", "%V", "%1", "%2", "%I"),
        keywords=[word for words in record.all("%K") for word in re.split(r"[;\n]", words)],
    )


def _venue(record: Record, kind: str) -> str | None:
    container, publisher = record.first_line("%J", "%B", "%S"), record.first_line("%I")
    if container is None or (kind in _WHOLE and publisher):
        return fields.venue(publisher)
    return fields.venue(container, record.first("%V"), record.first("%N"), record.first("%P"))


def _authors(record: Record, kind: str) -> tuple[Author, ...]:
    """The authors; for a book without authors, its editors."""
    names = record.items("%A") or (record.items("%E") if kind in _EDITED else [])
    split = [name.strip(" ,") for each in names for name in _BETWEEN_NAMES.split(each)]
    authors = fields.authors(indexed_names.given_first(split))
    if len(authors) == 1:
        return (Author(authors[0].name, tuple(record.all("%+"))),)
    return authors
