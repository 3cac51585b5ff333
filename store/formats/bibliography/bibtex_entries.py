"""Split a BibTeX file into entries, with the raw values of their fields.

The library bibtexparser parses the entries one by one, each in its own block of text (bibtex_blocks.py). So a broken
entry does not make other entries unreadable, a truncated file is noticed, and the running time is linear in the size of
the file.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from store.formats.bibliography import bibtex_blocks, bibtex_repair
from store.formats.bibliography.bibtex_blocks import Block
from store.model.entry import CutShort, Warned
from store.text import clean

if TYPE_CHECKING:
    from bibtexparser.splitter import Splitter

_NO_KEY = re.compile(r"\s*+[\w-]++\s*+=")
_NO_COMMA = re.compile(r"\s*+[^\s,{}\"=]++(?=\s++[\w-]++\s*+=)")
_CUT_HEAD = re.compile(r"(?:^|[})])[ \t]*@[ \t]*[\w-]*\s*\Z", re.MULTILINE)

_DELIMITER = re.compile(r"\\.|[{}\"]", re.DOTALL)
_AT_LINE_START = re.compile(r"^([ \t]*)@(?=\w*[ \t]*[{(])", re.MULTILINE)
_COMMA = re.compile(r"\\.|[{}\",]|[^\s\\{}\",]+", re.DOTALL)
_FIELD_OUTSIDE = re.compile(r"^[ \t})]*+,?[ \t]*+[A-Za-z][\w-]*[ \t]*=[ \t]*[{\"\d]", re.MULTILINE)
_NEXT_FIELD = re.compile(r"\s*([A-Za-z][\w-]*)\s*=\s*")
_BARE = re.compile(r"[^#{}\"]+")
_BARE_AND_NAME = re.compile(r"([^\s=]+)\s+([A-Za-z][\w-]*)\s*=\s*\Z")
_ENDS_LINE = re.compile(r"\n[ \t]*[})]\s*\Z")

# Unicode noncharacters that replace "@" and the backslash where bibtexparser would misinterpret these signs.
# `_restored` reverses the replacement. In the text of a file, _UNKNOWN takes their place first.
_AT, _BACKSLASH = "\ufdd0", "\ufdd1"
_UNKNOWN = "\ufffd"
_LONGEST_SHOWN = 160
# Appended to a block before bibtexparser parses it. If the parsed entry contains this mark, its closing brace is
# missing.
_END_MARK = "\n"
# A BibTeX string is a named text that entries use. It may be composed of other strings, so lengths can grow
# exponentially. The first limit is for the value of one string, the second for the text that strings add to one entry
# (characters).
_LONGEST_STRING = 2_000
_MOST_FROM_STRINGS = 20_000


@dataclass(slots=True)
class BibEntry:
    """One BibTeX entry. `kind` and the names of the fields are in lower case.

    `fields` contains a list of values for each name, because an entry may repeat a field. Values are TeX without
    delimiters.
    """

    line: int
    kind: str
    key: str
    fields: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class BrokenEntry:
    """An entry that cannot be read. `reason` is a message for the import report."""

    line: int
    kind: str
    reason: str


class _Unreadable(Exception):
    """Raised when an entry cannot be read; the message is the reason.

    `unclosed` is whether the closing brace is missing.
    """

    def __init__(self, reason: str, unclosed: bool = False) -> None:
        super().__init__(reason)
        self.unclosed = unclosed


def entries(text: str) -> Iterator[BibEntry | BrokenEntry | CutShort | Warned]:
    """The entries of a file in order, with the names of BibTeX strings replaced by their values.

    A warning follows an entry of which only a part could be read. If the file is truncated, the last item is a
    CutShort.
    """
    text = bibtex_blocks.with_single_kinds(text).replace(_AT, _UNKNOWN).replace(_BACKSLASH, _UNKNOWN)
    blocks = list(bibtex_blocks.blocks(text))
    strings: dict[str, str] = {}
    for block in reversed(blocks):
        if block.kind == "string":
            _define(block, strings)
    for block in blocks:
        try:
            if block.kind == "string":
                _define(block, strings)
            elif block.kind not in ("comment", "preamble"):
                yield from _entry(block, strings)
        except _Unreadable as error:
            if not (block.last and error.unclosed):
                yield BrokenEntry(block.line, block.kind, str(error))
    if cut := _cut(text, blocks):
        yield cut


def _cut(text: str, blocks: list[Block]) -> CutShort | None:
    last = blocks[-1] if blocks else None
    if last and _is_open(last):
        what = {"comment": "a comment", "preamble": "a preamble", "string": "a string"}.get(last.kind, "the entry")
        return CutShort(f"the file ends in the middle of {what} that starts at line {last.line}")
    if _CUT_HEAD.search(text[-200:]):
        return CutShort("the file ends in the first line of an entry")
    return None


def _is_open(block: Block) -> bool:
    """Whether `block`, the last block of the file, has no closing brace."""
    if block.kind in ("comment", "preamble"):
        return bibtex_blocks.is_unclosed(block)
    try:
        _split(block)
    except _Unreadable as error:
        return error.unclosed and _repaired(block) is None
    return False


@cache
def _splitter() -> type[Splitter]:
    """The class of bibtexparser that splits text into entries.

    The library's logging is turned off, because the import report lists broken entries anyway.
    """
    from bibtexparser.splitter import Splitter

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    return Splitter


def _split(block: Block) -> tuple[str, list[tuple[str, str]], str]:
    """The key of a block, its raw fields (name, value), and the text after the end of the entry. Raises _Unreadable."""
    opening = block.text[block.body - 1]
    body = _AT_LINE_START.sub(rf"\1{_AT}", bibtex_repair.without_comments(block.text[block.body :]))
    if block.kind != "string":
        if _NO_KEY.match(body):
            body = f",{body}"
        elif missing := _NO_COMMA.match(body):
            body = f"{missing[0]},{body[missing.end() :]}"
    head = f"@{block.kind}{opening}"
    doubled = "\\\\"
    try:
        return _read(head + body.replace(doubled, _BACKSLASH * 2))
    except _Unreadable as first:
        # Some programs write a path such as "C:\papers\", whose last backslash escapes the closing brace. Others write
        # two commas between fields. So if the first attempt to parse the block fails, a second one treats every
        # backslash as plain text and drops repeated commas.
        counted = head + _single_commas(body.replace("\\", _BACKSLASH))
        if first.unclosed and block.last and not _ENDS_LINE.search(counted):
            raise
        try:
            return _read(counted)
        except _Unreadable as second:
            raise (second if second.unclosed else first) from None


def _read(text: str) -> tuple[str, list[tuple[str, str]], str]:
    from bibtexparser.model import DuplicateFieldKeyBlock, Entry, ParsingFailedBlock, String

    block = _splitter()(text + _END_MARK).split().blocks[0]
    if isinstance(block, DuplicateFieldKeyBlock):
        block = block.ignore_error_block or block
    rest = text[len(block.raw or "") :]
    if isinstance(block, Entry):
        return block.key, [(each.key, each.value) for each in block.fields], rest
    if isinstance(block, String):
        return block.key, [(block.key, block.value)], rest
    reason = ""
    if isinstance(block, ParsingFailedBlock):
        if len(block.raw or "") > len(text):
            raise _Unreadable("a brace or a quotation mark that is never closed", unclosed=True)
        reason = getattr(block.error, "abort_reason", "")
    raise _Unreadable(_quoted(reason[:1].lower() + reason[1:].rstrip(". ")) or "not an entry")


def _single_commas(body: str) -> str:
    """`body` without repeated commas: of several commas in a row between two fields, only the first is kept."""
    pieces: list[str] = []
    at = depth = 0
    quoted = after_comma = False
    for token in _COMMA.finditer(body):
        sign = token[0]
        if sign == '"' and depth == 0:
            quoted = not quoted
        elif not quoted and sign in ("{", "}"):
            depth += 1 if sign == "{" else -1
        if sign == "," and depth == 0 and not quoted:
            if after_comma:
                pieces.append(body[at : token.start()])
                at = token.end()
            after_comma = True
        else:
            after_comma = False
        if depth < 0:
            break
    return "".join([*pieces, body[at:]])


def _define(block: Block, strings: dict[str, str]) -> None:
    """Add the BibTeX string that a block defines to `strings`.

    A string that cannot be read or is too long is not added. In a field that uses such a string, the name of the string
    remains as text.
    """
    try:
        key, fields, _ = _split(block)
        value = "".join(value for _, value in _values(key, fields[0][1], strings))
    except _Unreadable:
        return
    if len(value) <= _LONGEST_STRING:
        strings[key.lower()] = value


def _entry(block: Block, strings: dict[str, str]) -> Iterator[BibEntry | Warned]:
    """The entry in a block; then a warning if its braces are not balanced or text after its end was left out.

    If the braces are not balanced, each known field extends to the start of the next known field. Raises _Unreadable.
    """
    try:
        key, written, rest = _split(block)
    except _Unreadable as error:
        repaired = _repaired(block) if error.unclosed else None
        if repaired is None:
            raise
        yield _entry_with(block, strings, *repaired)
        yield Warned(f"line {block.line}: the braces of the entry “{_quoted(repaired[0])}” are not balanced")
        return
    if _FIELD_OUTSIDE.search(rest) and (repaired := _repaired(block)):
        yield _entry_with(block, strings, *repaired)
        yield Warned(f"line {block.line}: the braces of the entry “{_quoted(repaired[0])}” are not balanced")
        return
    yield _entry_with(block, strings, key, written)
    if _FIELD_OUTSIDE.search(rest) or _AT in rest:
        yield Warned(f"line {block.line}: text behind the end of the entry “{_quoted(key)}” was left out")


def _repaired(block: Block) -> tuple[str, list[tuple[str, str]]] | None:
    """The key and the raw fields of an entry with unbalanced braces.

    None if this is the last block and the file may be truncated inside it.
    """
    if block.last and not _ENDS_LINE.search(block.text):
        return None
    return bibtex_repair.fields_of(block.text, block.body)


def _entry_with(block: Block, strings: dict[str, str], key: str, written: list[tuple[str, str]]) -> BibEntry:
    """The entry with the key `key` and the raw fields `written`.

    Raises _Unreadable if the BibTeX strings in its values make the entry too long.
    """
    entry = BibEntry(block.line, block.kind, _restored(key))
    room = len(block.text) + _MOST_FROM_STRINGS
    for name, raw in written:
        for each, value in _values(name, raw, strings):
            room -= len(value)
            if room < 0:
                raise _Unreadable("its strings make it too long")
            if value.strip():
                restored = bibtex_repair.balanced(_restored(value))
                entry.fields.setdefault(_restored(each).strip().lower(), []).append(restored)
    return entry


def _values(name: str, raw: str, strings: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The name and value of a field; then those of further fields that `raw` contains because a comma was left out."""
    if raw.startswith("{") and raw.count("{") == 1 and raw.endswith("}") and raw.count("}") == 1:
        yield name, raw[1:-1]
        return
    parts: list[str] = []
    size = at = 0
    while at < len(raw):
        if raw[at].isspace() or raw[at] in "#}":
            at += 1
            continue
        if parts and (following := _NEXT_FIELD.match(raw, at)):
            yield name, "".join(parts)
            name, parts, at = following[1], [], following.end()
            continue
        if raw[at] in '{"':
            end = _closing(raw, at)
            parts.append(raw[at + 1 : end])
            at = end + 1
        else:
            bare = _BARE.match(raw, at)
            piece = bare[0] if bare else raw[at]
            at += len(piece)
            if bare and (both := _BARE_AND_NAME.fullmatch(piece.strip() + " ")):
                yield name, "".join([*parts, strings.get(both[1].lower(), both[1])])
                name, parts = both[2], []
                continue
            word = piece.strip()
            parts.append(strings.get(word.lower(), word))
        size += len(parts[-1])
        if size > len(raw) + _MOST_FROM_STRINGS:
            raise _Unreadable("its strings make it too long")
    yield name, "".join(parts)


def _closing(raw: str, at: int) -> int:
    """The index at which the brace or quotation mark at `at` is closed; the length of `raw` if it is never closed."""
    closing = "}" if raw[at] == "{" else '"'
    depth = 0
    for token in _DELIMITER.finditer(raw, at + 1):
        sign = token[0]
        if sign == closing and depth == 0:
            return token.start()
        depth += {"{": 1, "}": -1}.get(sign, 0)
    # The end was not found. If `raw` ends in a quotation mark, a brace inside the quoted text is never closed, and this
    # quotation mark is the end.
    return len(raw) - 1 if raw[at] == '"' and len(raw) > at + 1 and raw.endswith('"') else len(raw)


def _quoted(text: str) -> str:
    """`text`, which is from the file, in the form for a message: cleaned, shortened, and on one line."""
    text = clean.line(_restored(text))
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _restored(text: str) -> str:
    return text.replace(_BACKSLASH, "\\").replace(_AT, "@")
