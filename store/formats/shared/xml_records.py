"""Read the records of an XML listing one by one, with bounded memory, even when parts of the file are not well-formed.

The parser is expat. It never loads external files. A document that declares entities or attributes is refused, and the
depth and size of a record are limited. When a record is not well-formed, reading continues at the next record. Elements
and attributes have local names, for example `creator` for `dc:creator`, because other programs may change the prefixes.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html.entities import html5
from typing import BinaryIO
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from store.formats.shared import element_text, xml_text
from store.model import limits
from store.model.entry import CutShort, Refused, Warned
from store.model.errors import ListingError

_CHUNK = 64 * 1024
# After an error, the parser is restarted and first gets only this many bytes. It often fails again soon, and then the
# work on a larger slice would be wasted.
_FIRST_SLICE = 4 * 1024
# The largest number of nested elements.
_DEEPEST = 200
# To find records inside a broken record, bytes are parsed again. Their total is limited to the number of bytes read so
# far plus this number.
_READ_TWICE = 2**20

_BETWEEN_DOCUMENTS = b" \t\r\n\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Record:
    """One complete element with a requested name. Tags and attributes are local names.

    `index` counts the records from 1. An element requested with `aside` has the index of the record before it, or 0.
    `line` is the line on which the element starts, from 1.
    """

    index: int
    line: int
    element: Element


def root(head: bytes) -> str | None:
    """The local name of the outermost element of a file that starts with `head`; None when the file is not XML."""
    text = xml_text.start(head)
    if not text.startswith("<"):
        return None
    parser = expat.ParserCreate("utf-8")
    names: list[str] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        names.append(_local(name))
        raise _Stop("the name is known")

    parser.StartElementHandler = start
    with contextlib.suppress(_Stop, expat.ExpatError):
        parser.Parse(text.encode("utf-8"), False)
    return names[0] if names else None


def records(
    stream: BinaryIO, *, roots: Collection[str], names: Collection[str], aside: Collection[str] = ()
) -> Iterator[Record | Refused | CutShort | Warned]:
    """The records (elements named in `names`) and the elements named in `aside`, at any depth, in file order.

    The name of the outermost element must be in `roots`; this element may itself be a record. A record that is not
    well-formed, too deep or too large becomes a Refused. A file that ends before the end tag of its outermost element
    yields a CutShort, and its incomplete record is dropped. Several documents in one file are read one after the other.
    Only one record at a time is in memory. Raises ListingError when the outermost element has another name, or when the
    document declares entities.
    """
    yield from _Reading(stream, frozenset(roots), frozenset(names), frozenset(aside)).items()


def text(element: Element | None) -> str | None:
    """All text inside `element`, without markup and surrounding white space; None when there is no text.

    Superscripts, subscripts and formulas in MathML are written in plain characters ("x²").
    """
    if element is None:
        return None
    content = element_text.inner_text(element) if len(element) else element.text
    return content.strip() or None if content else None


def child_text(element: Element, path: str) -> str | None:
    """The text of the first descendant at `path`, for example "header/identifier"; None when there is no text."""
    return text(element.find(path))


def child_texts(element: Element, path: str) -> tuple[str, ...]:
    """The texts of all descendants at `path`, without empty ones."""
    return tuple(content for each in element.findall(path) if (content := text(each)))


class _Stop(Exception):
    """Raised inside a handler to stop parsing a record; the message is the reason."""


class _Reading:
    """The state of reading one file. Offsets count bytes of the file's text after conversion to UTF-8."""

    def __init__(self, stream: BinaryIO, roots: frozenset[str], names: frozenset[str], aside: frozenset[str]) -> None:
        self.roots = roots
        self.names = names
        self.element_names = names | aside
        self.pieces = xml_text.pieces(stream)
        self.ready: list[Record | Refused | CutShort | Warned] = []
        self.next_record = re.compile(
            rb"<(?:[A-Za-z_][\w.-]{0,40}:)?(?:%s)(?=[\s/>])" % b"|".join(re.escape(n.encode()) for n in names)
        )
        # `window` contains the bytes from offset `base` on, which a restart needs. The parser has received the bytes up
        # to offset `fed`.
        self.window = bytearray()
        self.base = 0
        self.fed = 0
        self.index = 0
        self.documents = 0
        # The offset at which a handler raised _Stop. The parser's own position is then already at the end of the chunk.
        self.stopped_at = 0
        # The start tags of the elements around the records. They are passed first to a parser that starts between two
        # records.
        self.around: list[tuple[str, dict[str, str]]] = []
        self.around_known = False
        self.read_twice = 0
        self._begin(0, 1, fresh=True)

    def items(self) -> Iterator[Record | Refused | CutShort | Warned]:
        slice_size = _CHUNK
        while True:
            if self.fed - self.base >= len(self.window) and not self._read_more():
                break
            at = self.fed - self.base
            piece = bytes(self.window[at : at + slice_size])
            slice_size = min(2 * slice_size, _CHUNK)
            try:
                self.parser.Parse(piece, False)
                self.fed += len(piece)
                self._check_sizes()
            except (expat.ExpatError, _Stop) as error:
                if not self._restart(error):
                    yield from self._take()
                    return
                slice_size = _FIRST_SLICE
            yield from self._take()
            self._forget()
        self._end()
        yield from self._take()

    def _take(self) -> Iterator[Record | Refused | CutShort | Warned]:
        ready, self.ready = self.ready, []
        yield from ready

    def _read_more(self) -> bool:
        piece = next(self.pieces, b"")
        self.window += piece
        return bool(piece)

    def _forget(self) -> None:
        """Drop the bytes at the start of `window` that the parser would not need again after a restart."""
        token = self.ahead + max(0, self.parser.CurrentByteIndex)
        keep = self.record_at if self.builder is not None else min(self.fed, token)
        if keep > self.base:
            del self.window[: keep - self.base]
            self.base = keep

    def _begin(self, at: int, line: int, *, fresh: bool) -> None:
        """Create a parser at offset `at`: the start of a document if `fresh`, otherwise a place between two records."""
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.specified_attributes = True
        # expat then skips named characters of HTML ("&nbsp;") that XML does not define. It loads no file.
        parser.UseForeignDTD(True)
        parser.SkippedEntityHandler = self._named_character
        parser.EntityDeclHandler = parser.AttlistDeclHandler = _refuse_declaration
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._finish
        parser.CharacterDataHandler = self._data
        self.parser = parser
        self.builder: TreeBuilder | None = None
        self.begun_at = at
        self.record_at = at
        self.record_line = line
        self.depth = 0
        self.record_depth = 0
        self.fed = at
        # Add these numbers to the parser's offset and line number, which count from where this parser started, to get
        # those of the file.
        self.ahead = at
        self.lines_ahead = line - 1
        self.closed = False
        if fresh:
            self.around_known = False
            self.around = []
            self.documents += 1
            return
        prefix = "".join(
            f"<{name}{''.join(f' {key}={quoteattr(value)}' for key, value in attributes.items())}>"
            for name, attributes in self.around
        )
        encoded = prefix.replace("\n", " ").encode("utf-8")
        self.ahead -= len(encoded)
        around, self.around = self.around, []
        parser.Parse(encoded, False)
        self.around = around

    def _start(self, qualified: str, attributes: dict[str, str]) -> None:
        name = _local(qualified)
        if self.depth == 0 and name not in self.roots:
            expected = " or ".join(f"<{each}>" for each in sorted(self.roots))
            self._stop(f"the outermost element is <{name[:40]}>, not {expected}")
        self.depth += 1
        if self.depth > _DEEPEST:
            self._stop(f"elements inside one another more than {_DEEPEST} deep")
        if self.builder is None:
            if name not in self.element_names:
                if not self.around_known:
                    self.around.append((qualified, attributes))
                return
            self._start_record(name)
        elif name in self.names:
            self._refuse("not well-formed XML: the next one starts before its end")
            self._start_record(name)
        assert self.builder is not None
        self.builder.start(
            name, {_local(key): value for key, value in attributes.items() if not key.startswith("xmlns")}
        )

    def _start_record(self, name: str) -> None:
        self.builder = TreeBuilder()
        self.record_depth = self.depth
        self.record_at = self.ahead + self.parser.CurrentByteIndex
        self.record_line = self.lines_ahead + self.parser.CurrentLineNumber
        self.is_aside = name not in self.names
        if not self.is_aside:
            self.around_known = True
            self.index += 1

    def _finish(self, qualified: str) -> None:
        depth = self.depth
        self.depth -= 1
        if self.builder is not None:
            self.builder.end(_local(qualified))
            if depth == self.record_depth:
                element = self.builder.close()
                self.builder = None
                self.ready.append(Record(self.index, self.record_line, element))
        elif not self.around_known and self.around:
            self.around.pop()
        self.closed = self.depth == 0

    def _data(self, data: str) -> None:
        if self.builder is not None:
            self.builder.data(data)

    def _named_character(self, name: str, is_parameter: bool) -> None:
        if self.builder is not None and not is_parameter:
            self.builder.data(html5.get(f"{name};", f"&{name};"))

    def _refuse(self, reason: str) -> None:
        """Drop the element that is being read, and report the reason."""
        self.builder = None
        if self.is_aside:
            self.ready.append(Warned(f"line {self.record_line}: {reason}"))
        else:
            self.ready.append(Refused(self.index, self.record_line, reason))

    def _stop(self, reason: str) -> None:
        self.stopped_at = self.ahead + self.parser.CurrentByteIndex
        raise _Stop(reason)

    def _check_sizes(self) -> None:
        self.stopped_at = self.fed
        if self.builder is not None and self.fed - self.record_at > limits.XML_RECORD:
            raise _Stop(f"larger than {limits.XML_RECORD >> 20} MiB")
        if self.fed - self.ahead - self.parser.CurrentByteIndex > limits.XML_TOKEN:
            raise _Stop("a tag or a comment longer than 1 MiB")

    def _restart(self, error: expat.ExpatError | _Stop) -> bool:
        """Report `error` and restart at the next record or document. Returns False when the file has no other one."""
        if isinstance(error, _Stop):
            at, reason = self.stopped_at + 1, str(error)
        else:
            at = self.ahead + self.parser.ErrorByteIndex
            why = expat.ErrorString(error.code).removeprefix("not well-formed (").removesuffix(")")
            reason = f"not well-formed XML: {why}"
        at = max(at, self.base)
        line = self.lines_ahead + self.parser.CurrentLineNumber
        if self.closed:
            return self._next_document(at, line)
        if self.depth == 0:
            if self.documents == 1:
                raise ListingError(f"line {line}: {reason}")
            self.ready.append(Warned(f"line {line}: {reason}; the rest of the file was left out"))
            return False
        if self.builder is not None:
            self._refuse(reason)
            self.read_twice += at - self.record_at
            if self.read_twice <= at + _READ_TWICE:
                return self._search(self.record_at + 1, self.record_line)
            return self._search(at, line)
        # No record is open, so the start tag of a record or the end tag of an element around records is broken.
        tag = max(0, self.window.rfind(b"<", 0, at - self.base))
        if self.next_record.match(self.window, tag):
            self.index += 1
            self.ready.append(Refused(self.index, line, reason))
            tag += 1
        elif not self._closes_what_is_around(tag):
            self.ready.append(Warned(f"line {line}: {reason}; reading went on at the next entry"))
        return self._search(max(self.base + tag, self.begun_at + 1), line)

    def _closes_what_is_around(self, tag: int) -> bool:
        """Whether the end tag of a record, or of an element around the records, starts at index `tag` of the window."""
        closing = re.match(rb"</([^\s>]{1,200})", bytes(self.window[tag : tag + 204]))
        if closing is None:
            return False
        name = closing[1].decode("utf-8", "replace")
        return _local(name) in self.names or any(name == outer for outer, _ in self.around)

    def _search(self, at: int, line: int) -> bool:
        """Restart at the first record at or after the offset `at`. Returns False when there is no such record."""
        self.builder = None
        if not self.around_known:
            # The innermost open element may be broken: keep only the three outermost. Few records are nested deeper.
            del self.around[3:]
        root_end = re.compile(rb"</%s\s*>" % re.escape(self.around[0][0].encode())) if self.around else None
        ended = False
        while True:
            start = at - self.base
            hit = self.next_record.search(self.window, start)
            limit = hit.start() if hit else len(self.window)
            ended = ended or bool(root_end and root_end.search(self.window, start, limit))
            if hit:
                line += self.window.count(b"\n", start, limit)
                self._begin(self.base + limit, line, fresh=False)
                return True
            # A tag may be incomplete at the end of the window, so keep the last bytes until more are read.
            keep = max(start, limit - 128)
            line += self.window.count(b"\n", start, keep)
            at = self.base + keep
            del self.window[:keep]
            self.base = at
            if not self._read_more():
                break
        self.fed = self.base + len(self.window)
        if root_end and not ended and not self.closed:
            self.ready.append(CutShort(f"the file ends early, after record {self.index}"))
        return False

    def _next_document(self, at: int, line: int) -> bool:
        """Start the next document when several documents were joined in one file. Returns False when there is none."""
        while True:
            start = at - self.base
            rest = bytes(self.window[start : start + 1024])
            blank = len(rest) - len(rest.lstrip(_BETWEEN_DOCUMENTS))
            line += rest.count(b"\n", 0, blank)
            at += blank
            if len(rest) - blank >= 512 or not self._read_more():
                rest = bytes(self.window[at - self.base : at - self.base + 1024])
                break
        skipped = xml_text.declaration_size(rest)
        if not rest:
            return False
        if not rest.startswith(b"<") or (self.around and self.next_record.match(rest)):
            # The end tag of the outermost element may come too early, so search the rest of the file for records.
            self.ready.append(Warned(f"line {line}: text after the end of the listing was left out"))
            return self._search(at, line)
        line += rest.count(b"\n", 0, skipped)
        self._begin(at + skipped, line, fresh=True)
        return True

    def _end(self) -> None:
        """Report a file that ends inside its outermost element. Raises ListingError when the file has no element."""
        try:
            self.parser.Parse(b"", True)
        except expat.ExpatError:
            if self.depth == 0 and not self.closed and self.documents == 1:
                message = "the file ends before its first element" if self.fed else "an empty file"
                raise ListingError(message) from None
            if self.builder is not None and not self.is_aside:
                cut = CutShort(f"the file ends in the middle of record {self.index}, line {self.record_line}")
            else:
                cut = CutShort(f"the file ends early, after record {self.index}")
            self.ready.append(cut)


def _refuse_declaration(*_declared: object) -> None:
    raise ListingError("the file declares XML entities or attributes of its own; recto does not read such files")


def _local(name: str) -> str:
    return name.rpartition(":")[2]
