"""Records of tagged lines: the loop that RIS, Web of Science, RefWorks, EndNote and PubMed's tagged text share.

Each format describes in a `Layout` what a line with a tag looks like and which tags start and end a record. A line
without a tag continues the field before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from store.formats.shared import text_lines

# A line that has a tag, split into its tag and its value. This is a plain tuple, because Python needs several times as
# long to make a named tuple, and a file has a line for each field.
Tagged = tuple[str, str]


@dataclass(slots=True)
class Record:
    """One record: its fields in file order, each a tag and the lines of its value.

    `line` is the number of its first line, from 1. `is_closed` is whether a line with an end tag closed the record.
    `follows_end` is whether the record is the first one after such a line.
    """

    line: int
    fields: list[tuple[str, list[str]]] = field(default_factory=list)
    is_closed: bool = False
    follows_end: bool = False
    # The tags and the values of the fields that are not empty, and the first value of each tag; None until they are
    # needed. A format asks for some twenty tags of each record, so it would take long to search all fields each time.
    _values: list[Tagged] | None = None
    _first: dict[str, str] = field(default_factory=dict)

    def add(self, tag: str, value: str) -> None:
        """Add a field."""
        self._values = None
        self.fields.append((tag, [value]))

    def add_line(self, line: str) -> None:
        """Add a line to the last field."""
        if self.fields:
            self._values = None
            self.fields[-1][1].append(line)

    @property
    def tags(self) -> list[str]:
        """The tags of the fields, in file order."""
        return [tag for tag, _ in self.fields]

    def all(self, *tags: str) -> list[str]:
        """The values of every field that has one of `tags`, in file order, without empty values."""
        values = self._present()
        if self._first.keys().isdisjoint(tags):
            return []
        return [value for tag, value in values if tag in tags]

    def first(self, *tags: str) -> str | None:
        """The first value under the first of `tags` that has a value; None when none of them has one."""
        if self._values is None:
            self._present()
        for tag in tags:
            if tag in self._first:
                return self._first[tag]
        return None

    def _present(self) -> list[Tagged]:
        if self._values is None:
            self._values = [(tag, value) for tag, lines in self.fields if (value := "\n".join(lines).strip())]
            self._first = dict(reversed(self._values))
        return self._values

    def first_line(self, *tags: str) -> str | None:
        """The same value as `first`, with its lines joined by spaces."""
        value = self.first(*tags)
        return " ".join(value.split()) if value else None

    def items(self, *tags: str) -> list[str]:
        """The lines of every field that has one of `tags`. Such a field must have one name or address on each line."""
        return [item for tag, lines in self.fields if tag in tags for line in lines if (item := line.strip())]


@dataclass(frozen=True, slots=True)
class Layout:
    """The rules by which the lines of a format are grouped into records.

    `tagged` splits a line into tag and value; it returns None for a line that continues a field. `starts` takes a tag,
    the record so far (None outside records) and whether a blank line came before the tag; it returns whether the tag
    starts a new record. A tag in `ends` closes the record and is not added to it. Tags in `framing` occur outside
    records, at the start and the end of a file. `keeps_blank_lines` is whether a blank line is added to the field
    before it. Lines in `ignored` are added to no field.
    """

    tagged: Callable[[str], Tagged | None]
    starts: Callable[[str, Record | None, bool], bool]
    ends: frozenset[str] = frozenset()
    framing: frozenset[str] = frozenset()
    keeps_blank_lines: bool = False
    ignored: frozenset[str] = frozenset()


class Records:
    """An iterator over the complete records of a file. A record is complete if an end tag or the start of another
    record follows it.

    The attributes are valid after the iteration. `unfinished` is the record that was still open at the end of the file,
    if any. `last_line` is the last line that is not blank. `has_final_newline` is whether the file ends in a line
    break. `last_framing` is the last tag outside records that the layout lists in `framing`.
    """

    def __init__(self, stream: BinaryIO, layout: Layout) -> None:
        self._stream = stream
        self._layout = layout
        self.unfinished: Record | None = None
        self.last_line = ""
        self.has_final_newline = True
        self.last_framing: str | None = None

    def __iter__(self) -> Iterator[Record]:
        layout = self._layout
        split, starts, ends = layout.tagged, layout.starts, layout.ends
        after_blank = after_end = False
        raw, last_line = "\n", ""
        with text_lines.open_text(self._stream) as lines:
            for number, raw in enumerate(lines, 1):
                # A file that was made by joining several files may have byte order marks inside.
                line = raw.replace("\ufeff", "").rstrip()
                if line:
                    last_line = line
                tagged = split(line)
                if tagged is None:
                    after_blank = after_blank or not line
                    is_part = line.strip() not in layout.ignored and (line or layout.keeps_blank_lines)
                    if self.unfinished and is_part:
                        self.unfinished.add_line(line.strip())
                    continue
                tag, value = tagged
                record = self.unfinished
                if tag in ends:
                    if record:
                        record.is_closed = True
                        yield record
                    self.unfinished = None
                    after_end = True
                elif starts(tag, record, after_blank):
                    if record:
                        yield record
                    self.unfinished = Record(number, [(tag, [value])], follows_end=after_end)
                    after_end = False
                elif record:
                    record.add(tag, value)
                elif tag in layout.framing:
                    self.last_framing = tag
                after_blank = False
        self.last_line = last_line.strip()
        self.has_final_newline = raw.endswith("\n")
