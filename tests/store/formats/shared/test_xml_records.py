"""The records of XML listings: encodings, broken and truncated documents, entities, time and memory."""

from __future__ import annotations

import contextlib
import io
import random
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.formats.shared import xml_records
from store.model.entry import CutShort, Refused, Warned
from store.model.errors import ListingError
from tests.timing import shortest_time

Piece = xml_records.Record | Refused | CutShort | Warned

HEAD = "<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n<!-- a > b -->\n<feed xmlns='a' xmlns:d='b'>\n"
END = "</feed>\n"


def record(number: int, inside: str = "") -> str:
    return f"<entry>\n<d:id>{number}{inside}</d:id></entry>\n"


def read(text: str | bytes, roots: tuple[str, ...] = ("feed",)) -> list[Piece]:
    data = text.encode() if isinstance(text, str) else text
    return list(xml_records.records(io.BytesIO(data), roots=roots, names=("entry",), aside=("title",)))


def texts(pieces: list[Piece]) -> list[str | None]:
    return [xml_records.text(each.element) for each in pieces if isinstance(each, xml_records.Record)]


def others(pieces: list[Piece]) -> list[Piece]:
    return [each for each in pieces if not isinstance(each, xml_records.Record)]


def test_records_have_indexes_lines_and_local_names() -> None:
    pieces = read(HEAD + "<d:title a:b='c' xmlns:a='x'>T</d:title>\n" + record(1) + record(2) + END)
    assert all(isinstance(each, xml_records.Record) for each in pieces)
    records = [(each.index, each.line, each.element.tag) for each in pieces if isinstance(each, xml_records.Record)]
    assert records == [(0, 4, "title"), (1, 5, "entry"), (2, 7, "entry")]
    title = pieces[0]
    assert isinstance(title, xml_records.Record) and title.element.attrib == {"b": "c"}


def test_the_text_of_an_element_has_no_markup_and_no_white_space_around_it() -> None:
    (piece,) = read("<feed><entry> <a> one <i>two</i> </a><a>three</a><b> </b></entry></feed>")
    assert isinstance(piece, xml_records.Record)
    assert xml_records.child_text(piece.element, "a") == "one two"
    assert xml_records.child_texts(piece.element, "a") == ("one two", "three")
    assert xml_records.child_text(piece.element, "b") is None
    assert xml_records.child_text(piece.element, "a/i") == "two"
    assert xml_records.child_text(piece.element, "c") is None


@pytest.mark.parametrize(
    "data",
    [
        (HEAD + record(1, "é") + END).encode(),
        b"\xef\xbb\xbf" + (HEAD + record(1, "é") + END).encode(),
        (HEAD + record(1, "é") + END).encode("utf-16"),
        (HEAD + record(1, "é") + END).encode("utf-16-be"),
        (HEAD.replace("utf-8", "iso-8859-1") + record(1, "é") + END).encode("latin-1"),
        (HEAD.replace("utf-8", "windows-1252") + record(1, "é") + END).encode("cp1252"),
        # The declaration says UTF-8, but the bytes are Latin-1.
        (HEAD + record(1, "é") + END).encode("latin-1"),
        # The declaration says UTF-16, but the bytes are UTF-8.
        (HEAD.replace("utf-8", "utf-16") + record(1, "é") + END).encode(),
        ("\n \n" + HEAD + record(1, "é") + END).encode(),
        (HEAD + record(1, "&#233;") + END).replace("\n", "\r\n").encode(),
        (HEAD + record(1, "&eacute;") + END).encode(),
    ],
)
def test_a_document_is_decoded_by_its_bytes_and_its_declaration(data: bytes) -> None:
    assert texts(read(data)) == ["1é"]
    assert xml_records.root(data) == "feed"


@pytest.mark.parametrize("declared", ["", 'encoding="iso-8859-1"', 'encoding="us-ascii"', 'encoding="windows-1252"'])
def test_windows_quotation_marks_are_kept_whatever_the_declared_encoding(declared: str) -> None:
    head = f'<?xml version="1.0" {declared}?>\n<feed>'
    assert texts(read((head + record(1, "é “so” – ‘it’ …") + END).encode("cp1252"))) == ["1é “so” – ‘it’ …"]


def test_one_invalid_byte_becomes_a_replacement_character_and_nothing_else_changes() -> None:
    data = (HEAD + record(1, "é") + record(2, "é") + record(3, "è") + END).encode()
    assert texts(read(data.replace("è".encode(), b"\xe8"))) == ["1é", "2é", "3\ufffd"]


def test_characters_that_xml_does_not_allow_become_replacement_characters() -> None:
    assert texts(read(HEAD + record(1, "\x0b\x01") + END)) == ["1\ufffd\ufffd"]


def test_a_zero_character_is_dropped() -> None:
    assert texts(read(HEAD + record(1, "\x00x") + END)) == ["1x"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (record(2, "AT&T"), "not well-formed"),
        (record(2, "<b>"), "mismatched tag"),
        (record(2, "&#11;"), "invalid character"),
        ("<entry <a>\n", "not well-formed"),
        (record(2).replace("</entry>", ""), "the next one starts before its end"),
        ("<entry>" + "<a>" * 300 + "</a>" * 300 + "</entry>", "deep"),
        (f"<entry a='{'a' * 2_000_000}'/>", "longer than 1 MiB"),
        ("<entry>" + "a " * 9_000_000 + "</entry>", "larger than 16 MiB"),
    ],
)
def test_a_broken_record_does_not_affect_other_records(bad: str, reason: str) -> None:
    pieces = read(HEAD + record(1) + bad + record(3) + END)
    assert texts(pieces) == ["1", "3"]
    (refused,) = others(pieces)
    assert isinstance(refused, Refused)
    assert (refused.index, refused.line) == (2, 6) and reason in refused.reason


def test_the_last_record_may_be_the_broken_one() -> None:
    pieces = read(HEAD + record(1) + record(2).replace("</entry>", "") + END)
    assert texts(pieces) == ["1"]
    assert [type(each) for each in others(pieces)] == [Refused]


def test_an_error_outside_the_records_gives_a_warning() -> None:
    pieces = read(HEAD + "<title>AT&T</title>" + record(1) + "<x></y>" + record(2) + END)
    assert texts(pieces) == ["1", "2"]
    assert [type(each) for each in others(pieces)] == [Warned, Warned]


def test_ninety_nine_of_a_hundred_records_survive_any_wrong_byte() -> None:
    whole = (HEAD + "".join(record(n, "é&amp;") for n in range(100)) + END).encode()
    chance = random.Random(7)
    for _ in range(300):
        data = bytearray(whole)
        at = chance.randrange(len(HEAD), len(data) - len(END))
        data[at] = chance.choice(b"<>&/\x00 a'")
        intact = set(texts(read(bytes(data)))) & {f"{n}é&" for n in range(100)}
        assert len(intact) >= 99, (at, bytes(data[at - 9 : at + 9]))


def test_several_documents_in_one_file_are_read_in_order() -> None:
    pieces = read(HEAD + record(1) + END + "\n\ufeff" + HEAD + record(2) + END + "the end")
    assert texts(pieces) == ["1", "2"]
    (warned,) = others(pieces)
    assert isinstance(warned, Warned) and "line 14" in warned.text
    assert texts(read("<entry>1</entry>\n<entry>2</entry>", roots=("entry",))) == ["1", "2"]


def test_records_behind_a_premature_end_tag_are_read() -> None:
    pieces = read(HEAD + record(1) + END + "x" + record(2) + END)
    assert texts(pieces) == ["1", "2"]
    assert [type(each) for each in others(pieces)] == [Warned]
    assert texts(read(HEAD + record(1) + END + "no record here")) == ["1"]


def test_a_document_cut_at_any_byte_is_reported_and_gives_only_whole_records() -> None:
    whole = (HEAD + "".join(record(n, "é&amp;") for n in range(1, 7)) + END).encode().rstrip()
    for cut in range(len(whole)):
        try:
            pieces = read(whole[:cut])
        except ListingError:
            assert cut < len(HEAD)
            continue
        assert texts(pieces) == [f"{n}é&" for n in range(1, len(texts(pieces)) + 1)]
        assert [type(each) for each in others(pieces)] == [CutShort], cut
    assert len(texts(read(whole))) == 6


@pytest.mark.parametrize("text", ["", "  ", "<", "hello", "<html/>", "<feed", "&", "<?xml version='1.0'?>", "{}"])
def test_any_other_document_is_an_error(text: str) -> None:
    with pytest.raises(ListingError):
        read(text)


@pytest.mark.parametrize(
    "declaration",
    [
        "<!ENTITY x 'y'>",
        "<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>",
        "<!ENTITY x SYSTEM 'file:///etc/passwd'>",
        "<!ENTITY % x SYSTEM 'http://127.0.0.1:1/x'> %x;",
        "<!ELEMENT entry ANY><!ATTLIST entry a CDATA 'b'>",
    ],
)
def test_declared_entities_are_refused(declaration: str) -> None:
    with pytest.raises(ListingError, match="declares XML entities"):
        read(f"<!DOCTYPE feed [{declaration}]><feed><entry>&x;&c;</entry></feed>")


def test_an_external_document_type_is_not_fetched() -> None:
    pieces = read("<!DOCTYPE feed PUBLIC '-//x' 'http://127.0.0.1:1/x.dtd'><feed><entry>a&nbsp;&foo;</entry></feed>")
    assert texts(pieces) == ["a\xa0&foo;"]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"<a:feed xmlns:a='x'", None),
        (b"<a:feed xmlns:a='x'>", "feed"),
        (b"<!DOCTYPE feed [<!ENTITY x 'y'>]>\n<?pi?><!-- <rss> --><feed>", "feed"),
        (b"\x00\x01", None),
        (b"{}", None),
        (b"", None),
    ],
)
def test_the_head_gives_the_name_of_the_outermost_element(head: bytes, name: str | None) -> None:
    assert xml_records.root(head) == name


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_items_or_a_listing_error(data: bytes) -> None:
    xml_records.root(data)
    for head in (b"", HEAD.encode(), b"<feed><entry>"):
        with contextlib.suppress(ListingError):
            read(head + data)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<entry>", "</entry>", "<entry/>", "<entry ", "<feed>", "</feed>", "<title>", "</title>", "&", "<![CDATA[",
             "]]>", "<!--", "-->", "<?xml version='1.0'?>", "x", "<a", ">", "\n", "<!DOCTYPE x>"]
        ),
        max_size=30,
    )
)  # fmt: skip
def test_any_markup_gives_items_or_a_listing_error(pieces: list[str]) -> None:
    for head in ("", HEAD):
        with contextlib.suppress(ListingError):
            read(head + "".join(pieces))


@pytest.mark.timing
def test_hostile_documents_take_linear_time() -> None:
    def seconds(make: Callable[[int], str], size: int) -> float:
        data = make(size)
        return shortest_time(lambda: read(data))

    hostile: list[Callable[[int], str]] = [
        lambda n: HEAD + "<entry>" * n,
        lambda n: HEAD + "<entry>&</entry>" * n,
        lambda n: HEAD + "<entry <" * n,
        lambda n: HEAD + "<entry><![CDATA[" * 2 * n + "]]>&<x" + END,
        lambda n: HEAD + "<!--" + "a" * 200 * n,
        lambda n: HEAD + "<entry a='" + "a" * 200 * n,
        lambda n: HEAD + "<entry>" + "<b>x</b>" * n,
        lambda n: "<feed></feed>" * n,
        lambda n: HEAD + ("<entry>" + "<b>x</b>" * 9 + "</entry>") * (n // 9) + "</b>" + END,
    ]
    for make in hostile:
        # For a text that is eight times as long, linear time is 8 times as long and quadratic time 64 times. The limit
        # is between these.
        assert seconds(make, 8_000) < 30 * max(seconds(make, 1_000), 0.001)


def test_reading_needs_memory_for_one_record_only() -> None:
    class Endless(io.RawIOBase):
        """A stream that contains as many records as are read from it."""

        def __init__(self, size: int) -> None:
            self.left = size
            self.started = False

        def read(self, size: int = -1) -> bytes:
            if not self.started:
                self.started = True
                return HEAD.encode()
            if self.left <= 0:
                return b""
            piece = record(1, "x" * 500).encode() * 100
            self.left -= len(piece)
            return piece

    tracemalloc.start()
    try:
        count = sum(1 for _ in xml_records.records(Endless(8_000_000), roots=("feed",), names=("entry",)))  # type: ignore[arg-type]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count > 14_000
    assert peak < 3_000_000
