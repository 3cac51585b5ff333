"""Writes generated papers in the formats of reference managers: BibTeX, RIS, tagged text, tables, XML, RDF."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from xml.sax.saxutils import escape

from tests.bench.corpus import MadePaper
from tests.bench.listings import tex

_COLUMNS = ("Title", "Authors", "Abstract", "Date", "DOI", "arXiv ID", "Journal")
_TAGS, _RIS_TAGS, _NBIB_TAGS = "{} {}\n", "{}  - {}\n", "{}- {}\n"


def bibtex(papers: Iterable[MadePaper]) -> Iterator[str]:
    """A BibTeX file, with accents as TeX commands."""
    for number, paper in enumerate(papers):
        names = " and ".join(f"{family}, {given}" for given, family in paper.authors)
        fields = (
            ("title", f"{{{tex(paper.title)}}}"),
            ("author", tex(names)),
            ("year", str(paper.published.year)),
            ("month", str(paper.published.month)),
            ("eprint", paper.arxiv_id),
            ("archivePrefix", "arXiv"),
            ("primaryClass", paper.categories[0]),
            ("journal", paper.venue),
            ("doi", paper.doi),
            ("abstract", tex(paper.abstract)),
        )
        body = "".join(f"  {name} = {{{_unbroken(text)}}},\n" for name, text in fields if text)
        yield f"@article{{made{number},\n{body}}}\n\n"


def ris(papers: Iterable[MadePaper]) -> Iterator[str]:
    """The text of a RIS file with these papers."""
    for paper in papers:
        fields = [
            ("TY", "JOUR"),
            ("TI", paper.title),
            *[("AU", f"{family}, {given}") for given, family in paper.authors],
            ("PY", f"{paper.published:%Y/%m/%d/}"),
            ("JO", paper.venue),
            ("DO", paper.doi),
            ("AB", paper.abstract),
            ("UR", f"https://arxiv.org/abs/{paper.arxiv_id}"),
            ("ER", ""),
        ]
        yield _tagged(_RIS_TAGS, fields)


def refworks(papers: Iterable[MadePaper]) -> Iterator[str]:
    """The text of a file in RefWorks' tagged format."""
    for number, paper in enumerate(papers, 1):
        fields = [
            ("RT", "Journal Article"),
            ("SR", "Electronic(1)"),
            ("ID", str(number)),
            *[("A1", f"{family},{given}") for given, family in paper.authors],
            ("T1", paper.title),
            ("JF", paper.venue),
            ("YR", str(paper.published.year)),
            ("FD", f"{paper.published:%b %d}"),
            ("DO", paper.doi),
            ("AB", paper.abstract),
            ("OL", "English (30)"),
        ]
        yield f"{_tagged(_TAGS, fields)}\n"


def web_of_science(papers: Iterable[MadePaper]) -> Iterator[str]:
    """The text of a plain text export of Web of Science."""
    yield "FN Clarivate Analytics Web of Science\nVR 1.0\n"
    for paper in papers:
        names = "\n   ".join(f"{family}, {given}" for given, family in paper.authors)
        fields = [
            ("PT", "J"),
            ("AU", names),
            ("AF", names),
            ("TI", paper.title),
            ("SO", paper.venue),
            ("DT", "Article"),
            ("AB", paper.abstract),
            ("DI", paper.doi),
            ("PD", f"{paper.published:%b %d}".upper()),
            ("PY", str(paper.published.year)),
        ]
        yield f"{_tagged(_TAGS, fields)}ER\n\n"
    yield "EF\n"


def endnote_tagged(papers: Iterable[MadePaper]) -> Iterator[str]:
    """The text of a file in EndNote's tagged format."""
    for paper in papers:
        fields = [
            ("%0", "Journal Article"),
            *[("%A", f"{family}, {given}") for given, family in paper.authors],
            ("%T", paper.title),
            ("%J", paper.venue),
            ("%D", str(paper.published.year)),
            ("%R", paper.doi),
            ("%U", f"https://arxiv.org/abs/{paper.arxiv_id}"),
            ("%X", paper.abstract),
        ]
        yield f"{_tagged(_TAGS, fields)}\n"


def nbib(papers: Iterable[MadePaper]) -> Iterator[str]:
    """The text of a file in PubMed's tagged format."""
    for number, paper in enumerate(papers, 1):
        fields = [
            ("PMID", str(number)),
            ("DP  ", f"{paper.published:%Y %b %d}"),
            ("TI  ", paper.title),
            ("LID ", f"{paper.doi} [doi]" if paper.doi else None),
            ("AB  ", paper.abstract),
            *[("FAU ", f"{family}, {given}") for given, family in paper.authors],
            ("LA  ", "eng"),
            ("PT  ", "Journal Article"),
            ("JT  ", paper.venue),
            ("SO  ", f"Made. {paper.published:%Y %b %d}."),
        ]
        yield f"{_tagged(_NBIB_TAGS, fields)}\n"


def table(papers: Iterable[MadePaper]) -> Iterator[str]:
    """The text of a CSV file with a header."""
    yield _row(_COLUMNS)
    for paper in papers:
        names = "; ".join(f"{given} {family}" for given, family in paper.authors)
        day = paper.published.isoformat()
        yield _row((paper.title, names, paper.abstract, day, paper.doi or "", paper.arxiv_id, paper.venue or ""))


def endnote(papers: Iterable[MadePaper]) -> Iterator[str]:
    """The text of a file in EndNote's XML format."""
    yield '<?xml version="1.0" encoding="UTF-8" ?><xml><records>'
    for number, paper in enumerate(papers, 1):
        authors = "".join(
            f"<author>{_styled(f'{family}, {given}')}</author>" for given, family in paper.authors
        )  # fmt: skip
        doi = f"<electronic-resource-num>{_styled(paper.doi)}</electronic-resource-num>" if paper.doi else ""
        yield (
            f'<record><source-app name="EndNote" version="20.0">EndNote</source-app><rec-number>{number}</rec-number>'
            f'<ref-type name="Journal Article">17</ref-type><contributors><authors>{authors}</authors></contributors>'
            f"<titles><title>{_styled(paper.title)}</title>"
            f"<secondary-title>{_styled(paper.venue or '')}</secondary-title></titles>"
            f"<dates><year>{_styled(str(paper.published.year))}</year></dates>"
            f"<abstract>{_styled(paper.abstract)}</abstract>{doi}</record>"
        )
    yield "</records></xml>\n"


def pubmed(papers: Iterable[MadePaper]) -> Iterator[str]:
    """The text of a file in PubMed's XML format."""
    yield '<?xml version="1.0" ?>\n<PubmedArticleSet>\n'
    for number, paper in enumerate(papers, 1):
        authors = "".join(
            f"<Author><LastName>{escape(family)}</LastName><ForeName>{escape(given)}</ForeName></Author>"
            for given, family in paper.authors
        )
        doi = f'<ELocationID EIdType="doi">{escape(paper.doi)}</ELocationID>' if paper.doi else ""
        yield (
            f'<PubmedArticle><MedlineCitation><PMID Version="1">{number}</PMID><Article><Journal><JournalIssue>'
            f"<PubDate>{_pubmed_day(paper.published)}</PubDate></JournalIssue><Title>{escape(paper.venue or 'Made')}"
            f"</Title></Journal><ArticleTitle>{escape(paper.title)}</ArticleTitle>{doi}"
            f"<Abstract><AbstractText>{escape(paper.abstract)}</AbstractText></Abstract>"
            f"<AuthorList>{authors}</AuthorList></Article></MedlineCitation></PubmedArticle>\n"
        )
    yield "</PubmedArticleSet>\n"


def zotero(papers: Iterable[MadePaper]) -> Iterator[str]:
    """The text of a file in Zotero's RDF format."""
    yield (
        '<rdf:RDF\n xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"\n'
        ' xmlns:z="http://www.zotero.org/namespaces/export#"\n xmlns:dcterms="http://purl.org/dc/terms/"\n'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"\n xmlns:foaf="http://xmlns.com/foaf/0.1/"\n'
        ' xmlns:bib="http://purl.org/net/biblio#">\n'
    )
    for paper in papers:
        authors = "".join(
            f"<rdf:li><foaf:Person><foaf:surname>{escape(family)}</foaf:surname>"
            f"<foaf:givenName>{escape(given)}</foaf:givenName></foaf:Person></rdf:li>"
            for given, family in paper.authors
        )
        yield (
            f'<bib:Article rdf:about="https://arxiv.org/abs/{paper.arxiv_id}"><z:itemType>journalArticle</z:itemType>'
            f"<bib:authors><rdf:Seq>{authors}</rdf:Seq></bib:authors><dc:title>{escape(paper.title)}</dc:title>"
            f"<dcterms:abstract>{escape(paper.abstract)}</dcterms:abstract><dc:date>{paper.published}</dc:date>"
            "</bib:Article>\n"
        )
    yield "</rdf:RDF>\n"


def _tagged(form: str, fields: Sequence[tuple[str, str | None]]) -> str:
    return "".join(form.format(tag, text) for tag, text in fields if text is not None)


def _row(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


def _styled(text: str) -> str:
    return f'<style face="normal" font="default" size="100%">{escape(text)}</style>'


def _unbroken(text: str) -> str:
    """`text` with "%" escaped, because an unescaped "%" begins a comment in TeX."""
    return text.replace("%", "\\%")


def _pubmed_day(day: date) -> str:
    return f"<Year>{day.year}</Year><Month>{day:%b}</Month><Day>{day:%d}</Day>"
