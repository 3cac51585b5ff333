"""Every bibliography format can read files that are truncated, broken, hostile, or in any encoding."""

from __future__ import annotations

import gc
import io
import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from store.formats.registry import Format, detect
from store.model.entry import CutShort, Entry, Refused
from store.model.errors import ListingError
from store.model.paper import Author
from store.text import clean
from tests.store.formats.bibliography.bibliographies import CASES, Case, every_format, papers, read, titles
from tests.thorough import THOROUGH, examples, some


@every_format
def test_three_papers_read_the_same_in_every_format(case: Case) -> None:
    items = read(case.format, case.text)
    assert all(isinstance(item, Entry) for item in items), items
    first, second, third = papers(items)
    assert first.title == "Ünder the DNA"
    assert first.authors == (Author("Ada Lovelace"), Author("Grace Hopper"))
    assert first.venue == "Revue"
    assert second.title == "Second, é"
    assert second.authors == (Author("Charles Babbage"),)
    assert second.venue == "Press"
    assert third.title == "Third"
    assert third.authors == (Author("Ada Lovelace"),)
    assert [paper.published and paper.published.isoformat() for paper in (first, second, third)] == [
        "1998-01-01",
        "2001-01-01",
        "2003-01-01",
    ]


@every_format
def test_a_file_is_known_by_its_content_alone(case: Case) -> None:
    assert detect(case.text.encode(), "upload.bin") is case.format
    for other in CASES.values():
        if other is not case:
            assert other.format.sniff(case.text.encode(), "upload.bin") < 0.5


@every_format
def test_the_line_of_an_entry_is_where_it_starts(case: Case) -> None:
    for entry, (start, _) in zip(
        [item for item in read(case.format, case.text) if isinstance(item, Entry)],
        [span for span in case.spans(case.text) if not case.text.startswith(("@string", "@comment"), span[0])],
        strict=True,
    ):
        assert entry.line == case.text.count("\n", 0, start) + 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@every_format
def test_encoding_and_line_ends_make_no_difference(case: Case, encoding: str, line_end: str) -> None:
    text = case.text.replace("\n", line_end)
    assert papers(read(case.format, text.encode(encoding))) == papers(read(case.format, case.text))
    assert case.format.sniff(text.encode(encoding), "upload.bin") >= 0.5


@every_format
def test_a_file_cut_anywhere_says_so_and_gives_no_half_entry(case: Case) -> None:
    whole = titles(read(case.format, case.text))
    spans = case.spans(case.text)
    entry_spans = [span for span in spans if not case.text.startswith(("@string", "@comment"), span[0])]
    for cut in range(len(case.text)):
        ended = sum(end <= cut for _, end in entry_spans)
        try:
            items = read(case.format, case.text[:cut])
        except ListingError:
            assert ended == 0
            continue
        assert titles(items) == whole[:ended], cut
        if any(start + 1 < cut < end for start, end in spans):
            assert any(isinstance(item, CutShort) for item in items), (cut, case.text[max(0, cut - 40) : cut])


def real_files(listings: Path) -> list[tuple[Case, Path]]:
    folders = {"zotero-rdf": "zotero", "wos": "ris"}
    return [
        (case, file)
        for name, case in CASES.items()
        for file in sorted((listings / folders.get(name, name)).iterdir())
        if (name == "wos") == file.name.endswith("wos.ris") and name not in ("csl-json", "zotero-rdf")
    ]


@pytest.mark.thorough
def test_real_files_cut_anywhere_say_so_and_give_no_half_entry(listings: Path) -> None:
    tried = 0
    for case, file in real_files(listings):
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        spans = case.spans(text)
        papers_only = [
            span for span in spans if not re.match(r"@(?:string|comment|preamble|set)", text[span[0] :], re.I)
        ]
        for cut in some(8, range(1, len(text), max(1, len(text) // 24))):
            ended = sum(end <= cut for _, end in papers_only)
            try:
                items = read(case.format, text[:cut])
            except ListingError:
                assert ended == 0, (file.name, cut)
                continue
            assert sum(isinstance(item, Entry | Refused) for item in items) == ended, (file.name, cut)
            if any(start + 5 < cut < end for start, end in spans):
                assert any(isinstance(item, CutShort) for item in items), (file.name, cut)
            tried += 1
    assert tried > (500 if THOROUGH else 150)


def test_every_real_file_is_detected_as_what_its_folder_says(listings: Path) -> None:
    for case, file in real_files(listings):
        if data := file.read_bytes():
            assert detect(data[: 64 * 1024], "upload.bin") is case.format, file.name


@every_format
@examples(15, 120, HealthCheck.too_slow)
@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(case: Case, data: bytes) -> None:
    case.format.sniff(data, "upload.bin")
    for prefix in (b"", case.text.encode()[:120]):
        try:
            for item in read(case.format, prefix + data):
                if isinstance(item, Entry):
                    clean.entry(item)
        except ListingError as error:
            assert "\n" not in str(error)


@every_format
@examples(20, 160, HealthCheck.too_slow)
@given(
    edits=st.lists(
        st.tuples(
            st.floats(0, 0.999),
            st.sampled_from([*'{}()[]"@,=\\#<>&;\n\r\t %~-0é\x00\x1b\ud800\U0001f600', "ER  - ", "TY  - ", "</"]),
            st.integers(0, 3),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_a_changed_file_is_read_or_refused(case: Case, edits: list[tuple[float, str, int]]) -> None:
    text = case.text
    for where, what, dropped in edits:
        at = int(where * len(text))
        text = text[:at] + what + text[at + dropped :]
    try:
        for item in read(case.format, text.encode("utf-8", "surrogatepass")):
            if isinstance(item, Entry):
                assert clean.entry(item).paper.title
    except ListingError:
        pass


# For each name: the start of a file, texts to repeat in the middle (each is tested in a separate file), and the end.
HOSTILE: dict[str, tuple[str, list[str], str]] = {
    "bibtex": (
        "",
        ["@a{", "@a{\n", "@article{\n", "\n@a{b, c={", '\n@a{b, c="', "@comment{\n", "}@a{b, c=", "{", "\\"],
        "",
    ),
    "bibtex-value": ("@article{a, title={", ["{", "\\{", "\\'", "$", "\\enquote{", " and ", "~", "--", "\n"], "}}"),
    "bibtex-body": ("@article{a, title={x}", [",", ", author={a}", " a={b}", "#", ', b="'], "}"),
    "ris": (
        "TY  - JOUR\nTI  - x\n",
        ["TY  - JOUR\n", "AU  - a;b\n", "\n", "AB  - x\n", "KW  - a;", "<p ", "doi:10.1/"],
        "ER  -\n",
    ),
    "wos": ("PT J\nTI x\n", ["PT J\n", "   x\n", "AU a\n", "C1 [a; b] c.\n", "[", "\n"], "ER\nEF\n"),
    "refworks": ("RT Book\nT1 x\n", ["RT Book\n", "A1 a\n", "x\n", "\n", "A1 a;b,c\n"], "OL x\n"),
    "csl-json": (
        '[{"type":"book","title":"',
        ['"', "[", "{", '\\"', '{"id":1},', '"},{"id":"', "<p ", "x"],
        '"}]',
    ),
    "pubmed": ("<PubmedArticleSet>", ["<PubmedArticle>", "<a ", "<a>", "&amp;", "<PubmedArticle/>", "<!--"], ""),
    "endnote-xml": ("<xml><records>", ["<record>", "<record><titles><title>x</title></titles></record>", "<a>"], ""),
    "zotero-rdf": (
        "<RDF>",
        ["<Article>", '<Article about="a"><title>x</title><link resource="z"/></Article>', "<Book>"],
        "",
    ),
}


@pytest.mark.timing
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_take_time_in_proportion_to_their_size(name: str) -> None:
    case = CASES.get(name) or CASES["bibtex"]
    before, units, after = HOSTILE[name]
    for unit in units:
        small, large = ((before + unit * (size // len(unit)) + after).encode() for size in (6_000, 24_000))
        # On a busy machine, a measurement may be slow by chance. So one of three attempts must be fast enough.
        assert any(seconds(case.format, large) < 10 * seconds(case.format, small) + 0.03 for _ in range(3)), unit


def seconds(format: Format, data: bytes) -> float:
    gc.collect()
    start = time.perf_counter()
    try:
        for _ in format.read(io.BytesIO(data)):
            pass
    except ListingError:
        pass
    return time.perf_counter() - start
