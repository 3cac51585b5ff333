"""Zotero RDF: items, and the other elements of the file that contain data about the items (journals, notes, files)."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pytest

from store.formats.bibliography import zotero_rdf
from store.formats.registry import SURE_ENOUGH
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Link, Paper
from store.text import clean

HEAD = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:bib="http://purl.org/net/biblio#"
 xmlns:dcterms="http://purl.org/dc/terms/" xmlns:foaf="http://xmlns.com/foaf/0.1/"
 xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/" xmlns:link="http://purl.org/rss/1.0/modules/link/">
"""
ARTICLE = """<bib:Article rdf:about="http://example.org/a">
 <z:itemType>journalArticle</z:itemType>
 <dcterms:isPartOf rdf:resource="urn:issn:0000-0000"/>
 <bib:authors><rdf:Seq>
  <rdf:li><foaf:Person><foaf:surname>Lovelace</foaf:surname><foaf:givenName>Ada</foaf:givenName></foaf:Person></rdf:li>
  <rdf:li><foaf:Person><foaf:surname>Hopper</foaf:surname><foaf:givenname>Grace</foaf:givenname></foaf:Person></rdf:li>
  <rdf:li><foaf:Person><foaf:name>ENIAC Group</foaf:name></foaf:Person></rdf:li>
 </rdf:Seq></bib:authors>
 <dcterms:isReferencedBy rdf:resource="#item_2"/>
 <link:link rdf:resource="#item_3"/>
 <dc:subject>to read</dc:subject>
 <dc:subject><z:AutomaticTag><rdf:value>Computer Science - Machine Learning</rdf:value></z:AutomaticTag></dc:subject>
 <dc:title>On &lt;i&gt;Engines&lt;/i&gt;</dc:title>
 <dcterms:abstract>We&#13;build.</dcterms:abstract>
 <dc:date>2016-05-04</dc:date>
 <dc:identifier><dcterms:URI><rdf:value>https://example.org/a</rdf:value></dcterms:URI></dc:identifier>
 <dc:description>arXiv: 1605.00001 [cs.LG]
Comment: 8 pages</dc:description>
 <bib:pages>1-9</bib:pages>
</bib:Article>
"""
REST = """<bib:Memo rdf:about="#item_2"><rdf:value>&lt;p&gt;mine&lt;/p&gt;</rdf:value></bib:Memo>
<z:Attachment rdf:about="#item_3"><z:itemType>attachment</z:itemType><dc:title>PDF</dc:title>
 <dc:identifier><dcterms:URI><rdf:value>https://example.org/a/file</rdf:value></dcterms:URI></dc:identifier>
 <link:type>application/pdf</link:type></z:Attachment>
<bib:Journal rdf:about="urn:issn:0000-0000"><prism:volume>7</prism:volume><dc:title>Engines</dc:title>
 <dc:identifier>DOI 10.1000/ABC</dc:identifier><prism:number>2</prism:number></bib:Journal>
<z:Collection rdf:about="#collection_1"><dc:title>Mine</dc:title></z:Collection>
"""
PAPER = Paper(
    title="On Engines",
    abstract="We build.",
    authors=(Author("Ada Lovelace"), Author("Grace Hopper"), Author("ENIAC Group")),
    published=date(2016, 5, 4),
    arxiv_id="1605.00001",
    doi="10.1000/abc",
    categories=("cs.LG",),
    venue="Engines 7(2), 1–9",
    comment="8 pages",
    links=(Link("page", "https://example.org/a"), Link("pdf", "https://example.org/a/file")),
)


def read(body: str | bytes) -> list[Item]:
    data = body if isinstance(body, bytes) else f"{HEAD}{body}</rdf:RDF>".encode()
    return list(zotero_rdf.read(io.BytesIO(data)))


def papers(body: str | bytes) -> list[Paper]:
    return [clean.entry(item).paper for item in read(body) if isinstance(item, Entry)]


def paper(inside: str, kind: str = "journalArticle", tag: str = "bib:Article") -> Paper:
    (parsed,) = papers(f"<{tag}><z:itemType>{kind}</z:itemType><dc:title>T</dc:title>{inside}</{tag}>")
    return parsed


def test_the_real_file(listings: Path) -> None:
    data = (listings / "zotero" / "zotero-zotero_rdf.xml").read_bytes()
    assert len(re.findall(rb"<z:itemType>", data)) == 2
    assert papers(data) == [
        Paper(title="A"),
        Paper(title="B", links=(Link("page", "http://example.com"),)),
    ]
    assert [item.line for item in read(data) if isinstance(item, Entry)] == [7, 21]
    assert [item.text for item in read(data) if isinstance(item, Warned)] == [
        "2 notes and attachments were left out: only papers are kept"
    ]


def test_an_article_with_its_journal_its_file_and_a_note() -> None:
    assert papers(ARTICLE + REST) == [PAPER]


def test_an_element_may_come_before_the_item_that_refers_to_it() -> None:
    assert papers(REST + ARTICLE) == [PAPER]


def test_items_keep_their_order_while_one_waits_for_its_journal() -> None:
    other = "<bib:Document><z:itemType>webpage</z:itemType><dc:title>Later</dc:title></bib:Document>"
    assert [paper.title for paper in papers(ARTICLE + other + REST)] == ["On Engines", "Later"]


def test_a_journal_that_is_missing_costs_only_itself() -> None:
    (parsed,) = papers(ARTICLE)
    assert (parsed.title, parsed.venue) == ("On Engines", None)


def test_a_chapter_in_a_book_described_in_place() -> None:
    parsed = paper(
        "<dcterms:isPartOf><bib:Book><dc:title>All Engines</dc:title><dcterms:isPartOf><bib:Series>"
        "<dc:title>S</dc:title></bib:Series></dcterms:isPartOf></bib:Book></dcterms:isPartOf><bib:pages>3-4</bib:pages>",
        "bookSection",
        "bib:BookSection",
    )
    assert (parsed.title, parsed.venue) == ("T", "All Engines, 3–4")


def test_a_conference_paper_is_recognized_by_its_zotero_type() -> None:
    parsed = paper("<dc:publisher><foaf:Organization><foaf:name>ACM</foaf:name></foaf:Organization></dc:publisher>"
                  "<dcterms:isPartOf><bib:Journal><dc:title>Proc. X</dc:title></bib:Journal></dcterms:isPartOf>",
                  "conferencePaper", "rdf:Description")  # fmt: skip
    assert parsed.venue == "Proc. X"


def test_editors_stand_in_for_the_authors_of_a_book_but_not_of_a_chapter() -> None:
    editor = ("<bib:editors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>L</foaf:surname></foaf:Person></rdf:li>"
              "</rdf:Seq></bib:editors>")  # fmt: skip
    assert paper(editor, "book", "bib:Book").authors == (Author("L"),)
    assert paper(editor, "bookSection", "bib:BookSection").authors == ()


def test_books_that_point_to_one_another_end() -> None:
    body = "".join(
        f'<bib:Book rdf:about="#{a}"><z:itemType>book</z:itemType><dc:title>{a}</dc:title>'
        f'<dcterms:isPartOf rdf:resource="#{b}"/></bib:Book>'
        for a, b in ("xy", "yx", "zz")
    )
    assert [(paper.title, paper.venue) for paper in papers(body)] == [("x", "y"), ("y", "x"), ("z", None)]


def test_one_item_without_a_title_costs_no_other() -> None:
    items = read(f"{ARTICLE}<bib:Report><z:itemType>report</z:itemType></bib:Report>{ARTICLE}{REST}")
    assert [type(item) for item in items] == [Entry, Refused, Entry, Warned]
    assert items[1] == Refused(2, (HEAD + ARTICLE).count("\n") + 1, "no title")


def test_one_item_that_is_not_well_formed_costs_no_other() -> None:
    broken = "<bib:Thesis><z:itemType>thesis</z:itemType><dc:title>x</dc:titel></bib:Thesis>"
    items = read(f"{ARTICLE}{broken}{ARTICLE}{REST}")
    assert [type(item) for item in items] == [Entry, Refused, Entry, Warned]


def test_a_cut_file_says_so() -> None:
    items = read((HEAD + ARTICLE + ARTICLE[:200]).encode())
    assert [type(item) for item in items] == [Entry, CutShort]


def test_entities_are_refused() -> None:
    with pytest.raises(ListingError):
        read(f'<!DOCTYPE r [<!ENTITY e "x">]>{HEAD}{ARTICLE}</rdf:RDF>'.encode())


@pytest.mark.parametrize("body", ["", '<bib:Memo rdf:about="#1"/>', "<z:Collection/>"])
def test_a_file_without_a_paper_says_so(body: str) -> None:
    with pytest.raises(ListingError):
        read(body)


def test_other_rdf_is_not_taken_for_it() -> None:
    assert zotero_rdf.sniff(b'<rdf:RDF xmlns:rdf="x"><rss/></rdf:RDF>', "x.rdf") < SURE_ENOUGH
