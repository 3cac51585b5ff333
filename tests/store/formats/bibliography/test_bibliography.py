"""Every bibliography format can read files that are cut, broken, hostile, or in any encoding."""

from __future__ import annotations

import gc
import io
import json
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from store.formats.bibliography import bibtex, csl_json, endnote_xml, pubmed, refworks, ris, web_of_science, zotero_rdf
from store.formats.registry import Format, detect
from store.model.entry import CutShort, Entry, Item, Refused
from store.model.errors import ListingError
from store.model.paper import Author, Paper
from store.text import clean
from tests.thorough import THOROUGH, examples, some

Spans = Callable[[str], list[tuple[int, int]]]

BIB = """% a library
@string{rev = {Revue}}
@article{one, title = {Ünder the {DNA}}, author = {Ada Lovelace and Grace Hopper}, journal = rev, year = 1998}

@comment{nothing}
@book{two,
  title = "Second, é",
  author = "Charles Babbage",
  publisher = {Press},
  year = 2001,
}
@misc{three, title = {Third}, author = {Ada Lovelace}, year = 2003}
"""
RIS = """TY  - JOUR
TI  - Ünder the DNA
AU  - Lovelace, Ada
AU  - Hopper, Grace
JO  - Revue
PY  - 1998
ER  -

TY  - BOOK
TI  - Second, é
AU  - Babbage, Charles
PB  - Press
PY  - 2001
ER  -
TY  - GEN
TI  - Third
AU  - Lovelace, Ada
PY  - 2003
ER  -
"""
WOS = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Lovelace, A
   Hopper, G
AF Lovelace, Ada
   Hopper, Grace
TI Ünder the
   DNA
SO Revue
PY 1998
ER

PT B
AU Babbage, Charles
TI Second, é
PU Press
PY 2001
ER

PT J
AU Lovelace, Ada
TI Third
PY 2003
ER

EF
"""
REFWORKS = """Refworks Export Tagged Format

RT=Reference Type
BEGIN EXPORTED REFERENCES

RT Journal Article
SR Electronic(1)
A1 Lovelace,Ada
A1 Hopper,Grace
T1 Ünder the DNA
JF Revue
YR 1998
OL English(30)

RT Book, Whole
SR Print(0)
A1 Babbage,Charles
T1 Second, é
PB Press
YR 2001
OL English(30)

RT Generic
SR Print(0)
A1 Lovelace,Ada
T1 Third
YR 2003
OL English(30)
"""
CSL = json.dumps(
    [
        {
            "id": "one",
            "type": "article-journal",
            "title": "Ünder the DNA",
            "author": [{"family": "Lovelace", "given": "Ada"}, {"family": "Hopper", "given": "Grace"}],
            "container-title": "Revue",
            "issued": {"date-parts": [[1998]]},
        },
        {
            "id": "two",
            "type": "book",
            "title": "Second, é",
            "author": [{"family": "Babbage", "given": "Charles"}],
            "publisher": "Press",
            "issued": {"date-parts": [["2001"]]},
        },
        {
            "id": "three",
            "type": "webpage",
            "title": "Third",
            "author": [{"literal": "Ada Lovelace"}],
            "issued": {"raw": "2003"},
        },
    ],
    indent=2,
    ensure_ascii=False,
)
ENDNOTE = """<?xml version="1.0"?><xml><records>
<record><ref-type name="Journal Article">17</ref-type><contributors><authors><author>Lovelace, Ada</author>
<author>Hopper, Grace</author></authors></contributors><titles><title><style face="normal">Ünder </style><style
 face="italic">the DNA</style></title><secondary-title>Revue</secondary-title></titles><dates><year>1998</year></dates>
</record>
<record><ref-type name="Book">6</ref-type><contributors><authors><author>Babbage, Charles</author></authors>
</contributors><titles><title>Second, é</title></titles><publisher>Press</publisher><dates><year>2001</year></dates>
</record>
<record><ref-type name="Generic">13</ref-type><contributors><authors><author>Lovelace, Ada</author></authors>
</contributors><titles><title>Third</title></titles><dates><year>2003</year></dates></record>
</records></xml>
"""
PUBMED = """<?xml version="1.0"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://example.org/x.dtd">
<PubmedArticleSet>
<PubmedArticle><MedlineCitation><Article><Journal><JournalIssue><PubDate><Year>1998</Year></PubDate></JournalIssue>
<Title>Revue</Title></Journal><ArticleTitle>Ünder the DNA.</ArticleTitle><AuthorList><Author>
<LastName>Lovelace</LastName>
<ForeName>Ada</ForeName></Author><Author><LastName>Hopper</LastName><ForeName>Grace</ForeName></Author></AuthorList>
</Article></MedlineCitation></PubmedArticle>
<PubmedBookArticle><BookDocument><Book><Publisher><PublisherName>Press</PublisherName></Publisher>
<BookTitle>Second, é</BookTitle>
<PubDate><Year>2001</Year></PubDate><AuthorList Type="authors"><Author><LastName>Babbage</LastName>
<ForeName>Charles</ForeName>
</Author></AuthorList></Book></BookDocument></PubmedBookArticle>
<PubmedArticle><MedlineCitation><Article><Journal><JournalIssue><PubDate><MedlineDate>2003 Spring</MedlineDate>
</PubDate>
</JournalIssue></Journal><ArticleTitle>Third.</ArticleTitle><AuthorList><Author>
<CollectiveName>Ada Lovelace</CollectiveName>
</Author></AuthorList></Article></MedlineCitation></PubmedArticle>
</PubmedArticleSet>
"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:bib="http://purl.org/net/biblio#"
 xmlns:dcterms="http://purl.org/dc/terms/" xmlns:foaf="http://xmlns.com/foaf/0.1/">
<bib:Article rdf:about="#1"><z:itemType>journalArticle</z:itemType><dcterms:isPartOf><bib:Journal>
<dc:title>Revue</dc:title>
</bib:Journal></dcterms:isPartOf><bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>Lovelace</foaf:surname>
<foaf:givenName>Ada</foaf:givenName></foaf:Person></rdf:li><rdf:li><foaf:Person><foaf:surname>Hopper</foaf:surname>
<foaf:givenName>Grace</foaf:givenName></foaf:Person></rdf:li></rdf:Seq></bib:authors><dc:title>Ünder the DNA</dc:title>
<dc:date>1998</dc:date></bib:Article>
<bib:Book rdf:about="#2"><z:itemType>book</z:itemType><dc:publisher><foaf:Organization><foaf:name>Press</foaf:name>
</foaf:Organization></dc:publisher><bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>Babbage</foaf:surname>
<foaf:givenName>Charles</foaf:givenName></foaf:Person></rdf:li></rdf:Seq></bib:authors><dc:title>Second, é</dc:title>
<dc:date>2001</dc:date></bib:Book>
<bib:Document rdf:about="#3"><z:itemType>webpage</z:itemType><bib:authors><rdf:Seq><rdf:li><foaf:Person>
<foaf:surname>Ada Lovelace</foaf:surname></foaf:Person></rdf:li></rdf:Seq></bib:authors><dc:title>Third</dc:title>
<dc:date>2003</dc:date></bib:Document>
</rdf:RDF>
"""


def within(start: str, end: str) -> Spans:
    """A function that finds the entries of a text: each from a match of `start` to the next match of `end`."""

    def spans(text: str) -> list[tuple[int, int]]:
        found = []
        for opening in re.finditer(start, text, re.MULTILINE):
            closing = re.compile(end, re.MULTILINE).search(text, opening.end())
            found.append((opening.start(), closing.end() if closing else len(text) + 1))
        return found

    return spans


def braces(text: str) -> list[tuple[int, int]]:
    """The start and end of each BibTeX entry, @string and @comment, found by counting braces."""
    found = []
    for head in re.finditer(r"^[ \t]*@\w+\s*([{(])", text, re.MULTILINE):
        if found and head.start() < found[-1][1]:
            continue
        depth, at = 1, head.end()
        while depth and at < len(text):
            if head[1] == "(":
                depth -= text[at] == ")"
            else:
                depth += (text[at] == "{") - (text[at] == "}") if text[at - 1] != "\\" else 0
            at += 1
        found.append((text.index("@", head.start()), at if not depth else len(text) + 1))
    return found


def objects(text: str) -> list[tuple[int, int]]:
    """The start and end of each object in a JSON array."""
    found = []
    at = text.index("{")
    while at >= 0:
        _, end = json.JSONDecoder().raw_decode(text, at)
        found.append((at, end))
        at = text.find("{", end)
    return found


class Case(NamedTuple):
    """A format, a file of three papers in it, and a function, independent of the format's reader, that finds where
    the entries start and end."""

    format: Format
    text: str
    spans: Spans


CASES = {
    "bibtex": Case(bibtex, BIB, braces),
    "ris": Case(ris, RIS, within(r"^TY", r"^ER")),
    "wos": Case(web_of_science, WOS, within(r"^PT ", r"^ER")),
    "refworks": Case(refworks, REFWORKS, within(r"^RT [A-Z]", r"^OL")),
    "csl-json": Case(csl_json, CSL, objects),
    "endnote-xml": Case(endnote_xml, ENDNOTE, within(r"<record>", r"</record>")),
    "pubmed": Case(pubmed, PUBMED, within(r"<Pubmed(?:Book)?Article>", r"</Pubmed(?:Book)?Article>")),
    "zotero-rdf": Case(
        zotero_rdf, RDF, within(r"^<bib:(?:Article|Book|Document)", r"^.*</bib:(?:Article|Book|Document)>")
    ),
}
every_format = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def read(format: Format, data: bytes | str) -> list[Item]:
    return list(format.read(io.BytesIO(data.encode() if isinstance(data, str) else data)))


def papers(items: Iterable[Item]) -> list[Paper]:
    return [clean.entry(item).paper for item in items if isinstance(item, Entry)]


def titles(items: Iterable[Item]) -> list[str]:
    return [paper.title for paper in papers(items)]


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
    given = [span for span in spans if not case.text.startswith(("@string", "@comment"), span[0])]
    for cut in range(len(case.text)):
        ended = sum(end <= cut for _, end in given)
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


# For each name: the start of the file, the texts of which each is repeated in a file of its own, and the end.
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
        # On a busy machine one of three attempts must be fast enough.
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
