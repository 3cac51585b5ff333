"""CSL-YAML: the items of CSL-JSON written as YAML, as pandoc and Better BibTeX write them.

The list of items is the value of `references`, or the whole document. Every scalar is read as text, because YAML would
turn "no" into False and 2020-01-05 into a date. Aliases are refused, because with them a small file can expand to a
huge one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, TextIO

from store.formats.bibliography import csl_json, fields
from store.formats.shared import text_lines
from store.model.entry import CutShort, Entry, Item, Refused
from store.model.errors import ListingError

NAME = "csl-yaml"
TITLE = "CSL-YAML"
FAMILY = "bibliography"
EXAMPLE = "references.yaml"
STREAMS = False

_KEYS = (
    r"(?:id|abstract|accessed|author|citation-key|collection-title|container-title|DOI|editor|genre|issued|keyword"
    r"|language|note|page|publisher|title|type|URL|volume)"
)
# The start of a CSL-YAML file: comments, the start of a YAML document, the fields of a pandoc document, and the first
# field of the first item.
_START = re.compile(
    rf"(?:---[ \t]*\n|%YAML.*\n|#.*\n|[ \t]*\n){{0,40}}(?:(?!references:)[A-Za-z][\w-]{{0,40}}:.*\n){{0,20}}"
    rf"(?:references:[ \t]*\n)?[ \t]*- {_KEYS}:"
)
_TITLE = re.compile(r"^\s*(?:- )?title(?:-short)?:\s", re.MULTILINE)
_KIND = re.compile(r"^\s*(?:- )?(?:type|author|issued|citation-key|container-title):", re.MULTILINE)
_DEEPEST = 20
# The number of characters from the end of the last line that are stored, to check whether the file is truncated in a
# title.
_LONGEST_WORD = 1_000
_DATE_PARTS = ("year", "month", "day")


def sniff(head: bytes, name: str) -> float:
    """The certainty, from 0 to 1, that the file is CSL-YAML.

    The value is 0.9 for a list of items with a title and one more field of CSL.
    """
    text = fields.start(head)
    return 0.9 if _START.match(text) and _TITLE.search(text) and _KIND.search(text) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """The papers of the file, in order. Raises ListingError when the file has no item or is not YAML."""
    index = notes = 0
    waiting: Item | None = None
    with text_lines.open_text(stream) as opened:
        source = _Source(opened)
        try:
            for line, value in _items(source):
                if waiting:
                    yield waiting
                    waiting = None
                if not isinstance(value, dict):
                    continue
                if not fields.is_paper(value.get("type") if isinstance(value.get("type"), str) else None):
                    notes += 1
                    continue
                index += 1
                paper = csl_json.paper(_with_dates(value))
                waiting = Entry(paper=paper, line=line) if paper else Refused(index, line, "no title")
        except _Broken as broken:
            if waiting:
                yield waiting
            if not index:
                raise ListingError(f"not YAML that recto can read: {broken}") from None
            yield CutShort(f"the YAML breaks behind the item {index:,}: {broken}")
            return
    if waiting and not _ends_in_title(waiting, source.unfinished_line):
        yield waiting
    if source.unfinished_line:
        yield CutShort("the last line of the file has no end, so that its last item may be incomplete")
    if notes:
        yield fields.left_out(notes)
    if not index:
        raise ListingError("no item in this file")


class _Broken(Exception):
    """Raised when the YAML cannot be parsed any further. The message is the reason."""


class _Source:
    """The file that the YAML parser reads.

    `unfinished_line` is the end of the last line read so far if that line has no line feed, otherwise an empty text.
    """

    def __init__(self, opened: TextIO) -> None:
        self._opened = opened
        self.unfinished_line = ""

    def read(self, size: int = -1) -> str:
        text = self._opened.read(size).lstrip("\ufeff")
        if text:
            self.unfinished_line = text[text.rfind("\n") + 1 :][-_LONGEST_WORD:]
        return text


def _ends_in_title(item: Item, line: str) -> bool:
    """Whether the title of `item`, the last one, may be truncated.

    This is possible if `line`, the last line of the file without a line end, ends in the last word of the title.
    """
    words = line.split()
    return bool(words) and isinstance(item, Entry) and item.paper.title.endswith(words[-1].strip("'\""))


def _items(source: _Source) -> Iterator[tuple[int, Any]]:
    """The items of the list in the document, each with its line number, from 1. Raises _Broken for malformed YAML."""
    try:
        import yaml
    except ImportError:
        raise ListingError("CSL-YAML needs the package pyyaml: install recto[yaml], or save it as CSL-JSON") from None
    # CBaseLoader uses libyaml, which is ten times as fast as the parser written in Python.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        events = yaml.parse(source, Loader=loader)
        for event in events:
            if isinstance(event, yaml.MappingStartEvent):
                _skip_to_references(yaml, events)
            elif isinstance(event, yaml.SequenceStartEvent):
                yield from _sequence(yaml, events)
                return
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "a character that YAML does not allow"
        raise _Broken(f"{problem} (line {mark.line + 1})" if mark else str(problem)) from None
    except UnicodeError:
        raise _Broken("a character that YAML does not allow") from None


def _skip_to_references(yaml: Any, events: Iterator[Any]) -> None:
    """Advance `events` past the fields of a mapping up to the value of the field `references`."""
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            return
        name = _value(yaml, events, event, 0)
        if name == "references":
            return
        _value(yaml, events, next(events), 0)


def _sequence(yaml: Any, events: Iterator[Any]) -> Iterator[tuple[int, Any]]:
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            return
        yield event.start_mark.line + 1, _value(yaml, events, event, 0)


def _value(yaml: Any, events: Iterator[Any], event: Any, depth: int) -> Any:
    """The value that starts with `event`: a text, a list or a dictionary. Its other events are read from `events`."""
    if depth > _DEEPEST:
        raise _Broken(f"values inside one another more than {_DEEPEST} deep")
    if isinstance(event, yaml.ScalarEvent):
        return event.value
    if isinstance(event, yaml.SequenceStartEvent):
        values = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            values.append(_value(yaml, events, event, depth + 1))
        return values
    if isinstance(event, yaml.MappingStartEvent):
        pairs: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            name = _value(yaml, events, event, depth + 1)
            pairs[str(name)] = _value(yaml, events, next(events), depth + 1)
        return pairs
    raise _Broken("an alias, which CSL never has")


def _with_dates(item: dict[str, Any]) -> dict[str, Any]:
    """`item` with its dates in the form of CSL-JSON.

    pandoc also writes a date as text (`issued: 2020-01`) or as a list of one mapping with year and month.
    """
    changed = dict(item)
    for name in ("issued", "original-date", "event-date"):
        date = changed.get(name)
        if isinstance(date, list):
            date = next((each for each in date if isinstance(each, dict)), None)
        if isinstance(date, dict) and "year" in date:
            parts = [date[part] for part in _DATE_PARTS if isinstance(date.get(part), str)]
            changed[name] = {"date-parts": [parts]}
        elif date is not None:
            changed[name] = date
    return changed
