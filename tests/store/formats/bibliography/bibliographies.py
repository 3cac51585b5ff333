"""A small file in every bibliography format, and the positions at which its entries begin and end."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

import pytest

from store.formats.bibliography import bibtex, csl_json, endnote_xml, pubmed, refworks, ris, web_of_science, zotero_rdf
from store.formats.registry import Format
from store.model.entry import Entry, Item
from store.model.paper import Paper
from store.text import clean

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
    """Returns a function that finds the entries of a text: each from a match of `start` to the next match of `end`."""

    def spans(text: str) -> list[tuple[int, int]]:
        result = []
        for opening in re.finditer(start, text, re.MULTILINE):
            closing = re.compile(end, re.MULTILINE).search(text, opening.end())
            result.append((opening.start(), closing.end() if closing else len(text) + 1))
        return result

    return spans


def braces(text: str) -> list[tuple[int, int]]:
    """The start and end of each BibTeX entry, @string and @comment, found by counting braces."""
    spans = []
    for head in re.finditer(r"^[ \t]*@\w+\s*([{(])", text, re.MULTILINE):
        if spans and head.start() < spans[-1][1]:
            continue
        depth, at = 1, head.end()
        while depth and at < len(text):
            if head[1] == "(":
                depth -= text[at] == ")"
            else:
                depth += (text[at] == "{") - (text[at] == "}") if text[at - 1] != "\\" else 0
            at += 1
        spans.append((text.index("@", head.start()), at if not depth else len(text) + 1))
    return spans


def objects(text: str) -> list[tuple[int, int]]:
    """The start and end of each object in a JSON array."""
    spans = []
    at = text.index("{")
    while at >= 0:
        _, end = json.JSONDecoder().raw_decode(text, at)
        spans.append((at, end))
        at = text.find("{", end)
    return spans


class Case(NamedTuple):
    """A format, a file of three papers in it, and a function that finds where the entries start and end.

    The function does not use the code that reads the format.
    """

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
