"""arXiv's metadata snapshot: its fields, invalid lines and bytes, truncated files, and the time and memory needed."""

from __future__ import annotations

import contextlib
import io
import json
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.formats.arxiv import snapshot
from store.model.entry import CutShort, Entry, Refused
from store.model.errors import ListingError
from store.model.paper import Author, Link
from tests.store.formats.arxiv.snapshots import FILE, entries, line, one, read
from tests.timing import shortest_time


@pytest.fixture(scope="module")
def real(listings: Path) -> list[Entry]:
    return entries(read((listings / "kaggle-arxiv" / FILE).read_bytes()))


def test_the_real_file_gives_a_paper_for_each_line(listings: Path, real: list[Entry]) -> None:
    lines = [json.loads(each) for each in (listings / "kaggle-arxiv" / FILE).read_text().splitlines() if each.strip()]
    assert len(real) == len(lines) == 200
    for number, (paper_entry, row) in enumerate(zip(real, lines, strict=True), 1):
        assert (paper_entry.paper.arxiv_id, paper_entry.line) == (row["id"], number)
        assert paper_entry.paper.arxiv_version == len(row["versions"])
        assert len(paper_entry.paper.authors) == len(row["authors_parsed"])
        assert list(paper_entry.paper.categories) == row["categories"].split()
        assert (paper_entry.paper.comment is None) == (row["comments"] is None)
        assert paper_entry.paper.published and paper_entry.paper.updated and paper_entry.paper.abstract
        assert "  " not in paper_entry.paper.title + paper_entry.paper.abstract


def test_a_real_line_with_everything_is_read_field_by_field(real: list[Entry]) -> None:
    paper = real[0].paper
    assert paper.title == "Calculation of prompt diphoton production cross sections at Tevatron and LHC energies"
    assert paper.authors == (
        Author("C. Balázs"), Author("E. L. Berger"), Author("P. M. Nadolsky"), Author("C.-P. Yuan"),
    )  # fmt: skip
    assert (paper.published, paper.updated, paper.arxiv_version) == (date(2007, 4, 2), date(2007, 7, 24), 2)
    assert (paper.categories, paper.doi) == (("hep-ph",), "10.1103/physrevd.76.013009")
    assert (paper.venue, paper.comment) == ("Phys.Rev.D76:013009,2007", "37 pages, 15 figures; published version")
    assert paper.abstract is not None
    assert paper.abstract.startswith(
        "A fully differential calculation in perturbative quantum chromodynamics is presented"
    )
    assert paper.abstract.endswith("obtained with judicious selection of events.")
    assert paper.links == (
        Link("page", "https://arxiv.org/abs/0704.0001"),
        Link("pdf", "https://arxiv.org/pdf/0704.0001"),
    )
    assert (real[0].listed_on, real[0].announce_type) == (None, None)


def test_a_real_line_with_affiliations_in_unicode_is_read(real: list[Entry]) -> None:
    paper = next(each.paper for each in real if each.paper.authors[0].name == "Peter Brommer")
    where = "Institut für Theoretische und Angewandte Physik, Universität Stuttgart"
    assert paper.authors == (Author("Peter Brommer", (where,)), Author("Franz Gähler", (where,)))


def test_a_real_line_with_a_suffix_and_math_is_read(real: list[Entry]) -> None:
    by_id = {each.paper.arxiv_id: each.paper for each in real}
    assert by_id["0704.0005"].title == r"From dyadic $\Lambda_{\alpha}$ to $\Lambda_{\alpha}$"
    assert by_id["0704.0005"].venue == "Illinois J. Math. 52 (2008) no.2, 681-689"
    assert "Neal J. Evans II" in {author.name for paper in by_id.values() for author in paper.authors}


def test_published_is_the_day_of_version_1_and_updated_that_of_the_last_version() -> None:
    versions = [{"version": f"v{n}", "created": f"Mon, {n} Apr 2007 19:18:42 GMT"} for n in (2, 10, 1)]
    paper = one(versions=versions).paper
    assert (paper.published, paper.updated, paper.arxiv_version) == (date(2007, 4, 1), date(2007, 4, 10), 10)
    paper = one(versions=versions[:1]).paper
    assert (paper.published, paper.updated, paper.arxiv_version) == (None, date(2007, 4, 2), 2)


def test_a_line_of_an_old_snapshot_has_only_names_of_versions_and_an_authors_line() -> None:
    paper = one(versions=["v1", "v2"], authors_parsed=None, authors="A. One and B. Two (MIT)").paper
    assert (paper.published, paper.updated, paper.arxiv_version) == (None, None, 2)
    assert paper.authors == (Author("A. One", ("MIT",)), Author("B. Two", ("MIT",)))


def test_fields_that_are_missing_or_null_are_unknown() -> None:
    text = json.dumps(
        {"id": "hep-th/9901001", "title": "T", "doi": None, "comments": None, "authors_parsed": [[], [None]]}
    )
    (paper_entry,) = entries(read(text))
    paper = paper_entry.paper
    assert paper.arxiv_id == "hep-th/9901001"
    assert (paper.abstract, paper.authors, paper.doi, paper.comment, paper.categories) == (None, (), None, None, ())
    assert (paper.published, paper.updated, paper.arxiv_version, paper.venue) == (None, None, None, None)


def test_the_first_of_two_dois_counts_and_arxivs_own_does_not() -> None:
    assert one(doi="10.1364/JOSAA.23.002578 10.1364/JOSAA.32.002407").paper.doi == "10.1364/josaa.23.002578"
    assert one(doi="10.48550/arXiv.0704.0001").paper.doi is None


def test_an_indented_line_starts_a_paragraph_of_an_abstract() -> None:
    assert one(abstract="  One\ntwo.\n  Three\nfour.\n").paper.abstract == "One two.\n\nThree four."


def test_tex_becomes_letters_and_math_stays() -> None:
    paper = one(
        title=r"Koll\'ar's $\alpha_{1}$", comments=r"{\it in} Sci\`ences", abstract=r"  {\em a} 5\% $x\'y$"
    ).paper
    assert (paper.title, paper.comment) == (r"Kollár's $\alpha_{1}$", "in Sciènces")
    assert paper.abstract == r"a 5% $x\'y$"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("not json", "not a paper in JSON"),
        ('{"id": 704.0001}', "not a paper in JSON"),
        ('{"id": "x", "title": "T"}', "not an arXiv identifier"),
        ('{"id": "0704.0001"}', "no title"),
        ('{"id": "0704.0001", "title": NaN}', "not a paper in JSON"),
        ('{"id": "0704.0001", "title": "\\ud800"}', "not a paper in JSON"),
        ('{"id": "0704.0001", "x": ' + "[" * 100_000, "not a paper in JSON"),
        ("[]]", None),
        (json.dumps({"id": "0704.0001", "title": "x" * 17_000_000}), "more than 16 MiB"),
    ],
)
def test_an_invalid_line_costs_no_other_line(bad: str, reason: str | None) -> None:
    items = read(line("0704.0001") + bad + "\n\n" + line("0704.0003"))
    assert [each.paper.arxiv_id for each in entries(items)] == ["0704.0001", "0704.0003"]
    assert entries(items)[1].line == 4
    refused = [each for each in items if isinstance(each, Refused)]
    if reason:
        assert [(each.index, each.line) for each in refused] == [(2, 2)]
        assert reason in refused[0].reason


NOT_UTF8 = [
    (b"\xe9", "\ufffd"),
    # Incomplete UTF-8: the first byte of a character of two bytes, and the first two bytes of one of four.
    (b"\xc3", "\ufffd"),
    (b"\xf0\x9f", "\ufffd"),
    # Invalid UTF-8: an encoded surrogate, and a "/" encoded in two bytes instead of one.
    (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd"),
    (b"\xc0\xaf", "\ufffd\ufffd"),
    (b"\xff", "\ufffd"),
]


@pytest.mark.parametrize(("bad", "marks"), NOT_UTF8)
def test_bytes_that_are_not_utf8_become_replacement_characters(bad: bytes, marks: str) -> None:
    data = line(title="a ? b").encode().replace(b"?", bad)
    (entry,) = entries(read(data))
    assert entry.paper.title == f"a {marks} b"


@pytest.mark.parametrize("field", ["submitter", "report-no", "authors_parsed"])
def test_bytes_that_are_not_utf8_in_a_field_that_is_not_read_cost_nothing(field: str) -> None:
    data = line(**{field: [["?", "C.", ""]] if field == "authors_parsed" else "?"}).encode().replace(b"?", b"\xe9")
    (entry,) = entries(read(data))
    assert entry.paper.title == "A title"


class Strict:
    """A decoder that raises another error for bytes that are not UTF-8, as another version of msgspec may do."""

    class Refusal(Exception):
        pass

    def __init__(self, decode: Callable[[bytes], Any]) -> None:
        self._decode = decode

    def decode(self, data: bytes) -> Any:
        try:
            data.decode()
        except UnicodeDecodeError:
            raise self.Refusal from None
        return self._decode(data)


@pytest.mark.parametrize("bad", [bad for bad, _ in NOT_UTF8])
def test_the_json_decoder_never_sees_bytes_that_are_not_utf8(bad: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    decode = msgspec.json.decode
    monkeypatch.setattr(snapshot, "_decoder", Strict(snapshot._decoder.decode))
    monkeypatch.setattr(
        msgspec.json, "decode", lambda data, type: Strict(lambda data: decode(data, type=type)).decode(data)
    )
    bad_line = line(title="a ? b").encode().replace(b"?", bad)
    # The last line has no line break, so it may be truncated. `snapshot.read` also checks whether the line is complete
    # JSON.
    items = read(bad_line + b'{"id": "x", "title": "' + bad + b'"}')
    assert [type(item) for item in items] == [Entry, Refused]
    assert [type(item) for item in read(bad_line + bad_line[:40] + bad)] == [Entry, CutShort]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + line().encode() + line().encode(),
        (line() + line()).encode("utf-16"),
        (line() + line()).replace("\n", "\r\n").encode(),
        ("[\n" + line().rstrip() + ",\n" + line() + "]\n").encode(),
        ("[" + line().rstrip() + ",\n" + line().rstrip() + "]").encode(),
        (line() + line()).rstrip().encode(),
    ],
    ids=["bom", "utf-16", "crlf", "array", "tight array", "no end"],
)
def test_the_file_may_be_saved_in_several_ways(data: bytes) -> None:
    items = read(data)
    assert [type(each) for each in items] == [Entry, Entry]
    assert entries(items)[0].paper.authors == (Author("C. Balázs"),)


def test_a_cut_real_file_is_reported_and_the_cut_line_is_not_produced(listings: Path, real: list[Entry]) -> None:
    data = (listings / "kaggle-arxiv" / FILE).read_bytes()[:20_000]
    for cut in range(1, len(data), 211):
        text = data[:cut]
        items = read(text)
        whole = text.count(b"\n") + (data[cut : cut + 1] == b"\n")
        assert entries(items) == real[:whole], cut
        is_cut = not text.endswith(b"\n") and data[cut : cut + 1] != b"\n"
        assert [type(each) for each in items if not isinstance(each, Entry)] == [CutShort] * is_cut, cut


@pytest.mark.parametrize("text", ["", "\n\n", "a\n" * 200, '{"a": 1}\n' * 200])
def test_a_file_that_is_not_a_snapshot_is_an_error(text: str) -> None:
    with pytest.raises(ListingError):
        read(text)


def test_a_few_lines_that_are_not_papers_are_each_refused() -> None:
    assert [type(each) for each in read('{"a": 1}\n' * 3)] == [Refused] * 3


@pytest.mark.parametrize(
    "data",
    [
        line().encode(),
        b"\xef\xbb\xbf\n" + line().encode(),
        line().encode("utf-16"),
        ("[\n" + line()).encode(),
        # A paper with thousands of authors may have a line longer than the start of the file, which is all that the
        # detection reads.
        line(authors="A. Author, " * 9_000).encode(),
        json.dumps({"id": "0704.0001", "authors_parsed": [["x" * 9]], "submitter": "y" * 90_000}).encode(),
    ],
    ids=["plain", "bom", "utf-16", "array", "long first line", "other order"],
)
def test_a_snapshot_is_detected_by_its_content(data: bytes) -> None:
    assert snapshot.sniff(data[: 64 * 1024], "x.txt") >= 0.5


def test_no_other_real_file_is_detected_as_a_snapshot(listings: Path) -> None:
    assert snapshot.sniff(b'{"id": "0704.0001", "title": "x"}\n', FILE) < 0.5
    for path in listings.glob("*/*"):
        sure = snapshot.sniff(path.read_bytes()[: 64 * 1024], path.name)
        assert (sure >= 0.5) == (path.parent.name == "kaggle-arxiv"), path


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 600))
def test_any_bytes_give_items_or_a_listing_error(data: bytes, at: int) -> None:
    whole = (line() + line("0704.0002")).encode()
    for each in (data, whole[:at] + data + whole[at:], whole[:at] + data + whole[at + len(data) :]):
        snapshot.sniff(each, "")
        with contextlib.suppress(ListingError):
            read(each)


class Repeated(io.RawIOBase):
    """A file object that returns the same line again and again, so that a huge file needs no memory."""

    def __init__(self, text: str, times: int) -> None:
        self.piece = text.encode() * 50
        self.left = times // 50

    def read(self, size: int = -1) -> bytes:
        if self.left <= 0:
            return b""
        self.left -= 1
        return self.piece


def test_a_long_file_needs_memory_for_one_line_only() -> None:
    def peak(times: int) -> int:
        stream = Repeated(line(abstract="  " + "word " * 200), times)
        tracemalloc.start()
        try:
            assert sum(1 for _ in snapshot.read(stream)) == times  # type: ignore[arg-type]
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(4_000) < 1.5 * peak(1_000) + 200_000


@pytest.mark.timing
def test_reading_takes_linear_time() -> None:
    def seconds(data: bytes) -> float:
        return shortest_time(lambda: read(data))

    for make in (
        lambda n: (line() * n).encode(),
        lambda n: line(abstract="x\n  " * 20 * n).encode(),
        lambda n: line(authors="A (1), " * 20 * n, authors_parsed=None).encode(),
        lambda n: b"{" * 900 * n,
        lambda n: (line() + "x\n" * 20 * n).encode(),
    ):
        # For a text that is eight times as long, linear time is 8 times as long and quadratic time 64 times. The limit
        # is between these.
        assert seconds(make(1_600)) < 30 * max(seconds(make(200)), 0.001)
