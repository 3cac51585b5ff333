"""A small sample of every format, from which the tests of all formats make truncated, damaged and long files."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from typing import Any, NamedTuple

from tests.store.formats.documents.pdfs import page, pdf
from tests.store.formats.tables.workbooks import workbook

TITLES = ("First of the papers", "Second: it goes on", "Third and last")
ABSTRACT = "We asked what nobody had asked before, and this is what we found out in the end, after a while. " * 4
RULE = "-" * 78


class Sample(NamedTuple):
    """The parts of a listing: the text before the papers, a paper, the text between papers, and the text at the end."""

    before: str
    paper: Callable[[int, str], str]
    between: str
    after: str

    def text(self, count: int = 3) -> str:
        papers = (self.paper(number, TITLES[number % 3]) for number in range(count))
        return self.before + self.between.join(papers) + self.after


def jsonl(number: int, item: dict[str, Any]) -> str:
    return json.dumps({**item, "number": number})


def hf_item(number: int, title: str) -> dict[str, Any]:
    paper = {"id": f"2301.{number:05}", "title": title, "summary": ABSTRACT, "upvotes": 3, "authors": [{"name": "A B"}]}
    return {"title": title, "numComments": 1, "paper": paper}


def json_list(item: Callable[[int, str], dict[str, Any]], before: str = "[\n", after: str = "\n]\n") -> Sample:
    return Sample(before, lambda number, title: json.dumps(item(number, title)), ",\n", after)


def mailed(number: int, title: str) -> str:
    return (
        f"\\\\\narXiv:2301.{number:05}\nDate: Wed, 1 Mar 2023 19:00:02 GMT   (12kb)\n\nTitle: {title}\nAuthors: A. B\n"
        f"Categories: cs.LG\n\\\\\n  {ABSTRACT.strip()}\n\\\\ ( https://arxiv.org/abs/2301.{number:05} ,  12kb)\n"
    )


ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><id>http://arxiv.org/api/x</id><title>q</title>\n'
RSS = '<rss version="2.0"><channel><title>cs.LG updates on arXiv.org</title>\n'
OAI = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>\n'
RDF = '<rdf:RDF xmlns:rdf="r" xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:bib="b" xmlns:dc="d">\n'
FEED = '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="r" xmlns:dc="d" xmlns:prism="p">\n'
REFWORKS = "Refworks Export Tagged Format\n\nBEGIN EXPORTED REFERENCES\n\n"
BANNER = "Get trending papers in your email inbox!\nSubscribe\nDaily Papers\nbyAK and the research community\nJul 2\n"

SAMPLES: dict[str, Sample] = {
    "alert-email": Sample(
        "From: Google Scholar Alerts <scholaralerts-noreply@google.com>\nDate: Wed, 27 May 2026 09:00:00 +0000\n"
        "Subject: new results\nContent-Type: text/html; charset=UTF-8\n\n<html><body>\n",
        lambda n, t: (
            f'<h3><a href="https://scholar.google.com/scholar_url?url=https://arxiv.org/pdf/2301.{n:05}&amp;hl=en" '
            f'class="gse_alrt_title">{t}</a></h3><div>A Alpha, B Beta - Journal of Lists, 2026</div>'
            f'<div class="gse_alrt_sni">{ABSTRACT}</div>'
        ),
        "\n",
        "\n</body></html>\n",
    ),
    "ads": json_list(
        lambda n, t: {"bibcode": f"2020Li..{n}", "title": [t], "year": "2020"},
        '{"responseHeader": {"status": 0}, "response": {"numFound": 3, "start": 0, "docs": [\n',
        "\n]}}\n",
    ),
    "biorxiv": json_list(
        lambda n, t: {"title": t, "doi": f"10.1101/{n}", "version": "1", "server": "bioRxiv"},
        '{"messages": [{"status": "ok", "count": 3}], "collection": [\n',
        "\n]}\n",
    ),
    "csl-yaml": Sample(
        "---\nreferences:\n",
        lambda n, t: (
            f"- id: a{n}\n  type: article-journal\n  title: '{t}'\n  DOI: 10.1000/{n}\n"
            "  URL: https://example.org\n  author:\n  - family: B\n    given: A\n"
        ),
        "",
        "...\n",
    ),
    "europe-pmc": json_list(
        lambda n, t: {"id": f"{n}", "source": "MED", "pmid": f"{n}", "title": f"{t}.", "authorString": "B A."},
        '{"version": "6.9", "hitCount": 3, "resultList": {"result": [\n',
        "\n]}}\n",
    ),
    "europe-pmc-xml": Sample(
        "<responseWrapper><hitCount>3</hitCount><resultList>\n",
        lambda n, t: f"<result><id>{n}</id><source>MED</source><title>{t}.</title><pubYear>2020</pubYear></result>",
        "\n",
        "\n</resultList></responseWrapper>\n",
    ),
    "mods": Sample(
        '<modsCollection xmlns="http://www.loc.gov/mods/v3">\n',
        lambda n, t: f"<mods ID='a{n}'><titleInfo><title>{t}</title></titleInfo></mods>",
        "\n",
        "\n</modsCollection>\n",
    ),
    "papercopilot": json_list(
        lambda n, t: {"id": f"site_{n}", "title": t, "author": "A B, C D", "status": "Poster", "track": "main"}
    ),
    "arxiv-atom": Sample(
        ATOM,
        lambda n, t: f"<entry><id>http://arxiv.org/abs/2301.{n:05}v1</id><title>{t}</title></entry>",
        "\n",
        "\n</feed>\n",
    ),
    "arxiv-email": Sample(
        f"From: no-reply@arxiv.org\nDate: Fri, 3 Mar 2023 01:29:12 +0000\n\n{RULE}\nArchives at http://arxiv.org/\n{RULE}\n"
        f" received from  Wed  1 Mar 23 19:00:00 GMT  to  Thu  2 Mar 23 19:00:00 GMT\n{RULE}\n",
        mailed,
        f"{RULE}\n",
        "%%%---" * 13 + "\n",
    ),
    "arxiv-html": Sample(
        "<!DOCTYPE html><html><head><title>Computation and Language</title></head><body>\n"
        "<h3>Showing new listings for Monday, 26 January 2026</h3>\n<dl id='articles'><h3>New submissions</h3>\n",
        lambda n, t: (
            f'<dt><a name="item{n}">[{n}]</a> <a href="/abs/2301.{n:05}" title="Abstract">arXiv:2301.{n:05}</a></dt>\n'
            f'<dd><div class="list-title mathjax"><span class="descriptor">Title:</span> {t}</div>'
            f'<div class="list-authors"><a href="#">Ada B</a></div><p class="mathjax">{ABSTRACT}</p></dd>'
        ),
        "\n",
        "\n</dl></body></html>\n",
    ),
    "arxiv-oai-pmh": Sample(
        OAI,
        lambda n, t: (
            f"<record><header><identifier>oai:arXiv.org:2301.{n:05}</identifier></header><metadata><arXiv>"
            f"<id>2301.{n:05}</id><title>{t}</title></arXiv></metadata></record>"
        ),
        "\n",
        "\n</ListRecords></OAI-PMH>\n",
    ),
    "arxiv-rss": Sample(
        RSS,
        lambda n, t: (
            f"<item><title>{t}</title><link>https://arxiv.org/abs/2301.{n:05}</link>"
            f"<description>arXiv:2301.{n:05}v1 Announce Type: new \nAbstract: We</description></item>"
        ),
        "\n",
        "\n</channel></rss>\n",
    ),
    "arxiv-snapshot": Sample(
        "",
        lambda n, t: json.dumps(
            {"id": f"2301.{n:05}", "submitter": "A", "authors": "A B", "title": t, "abstract": "  We\n", "versions": []}
        ),
        "\n",
        "\n",
    ),
    "arxiv-text": Sample(
        "Computation and Language\nShowing new listings for Monday, 26 January 2026\nTotal of 3 entries\n",
        lambda n, t: (
            f"[{n + 1}] arXiv:2301.{n:05} [pdf, html, other]\nTitle: {t}\nAda B, Cara D\n"
            f"Subjects: Computation and Language (cs.CL)\n{ABSTRACT.strip()}\n"
        ),
        "\n",
        "",
    ),
    "bibtex": Sample("", lambda n, t: f"@article{{a{n},\n  title = {{{t}}},\n  year = 2020,\n}}", "\n\n", "\n"),
    "crossref": json_list(
        lambda n, t: {"indexed": {}, "DOI": f"10.1000/{n}", "title": [t]},
        '{"status": "ok", "message-type": "work-list", "message": {"items": [\n',
        "\n]}}\n",
    ),
    "bookmarks": Sample(
        "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<DL><p>\n",
        lambda n, t: f'<DT><A HREF="https://arxiv.org/abs/2301.{n:05}" ADD_DATE="1700000000">{t}</A>',
        "\n",
        "\n</DL><p>\n",
    ),
    "bookmarks-json": json_list(
        lambda n, t: {"type": "text/x-moz-place", "title": t, "uri": f"https://arxiv.org/abs/2301.{n:05}"},
        '{"type": "text/x-moz-place-container", "children": [\n',
        "\n]}\n",
    ),
    "csl-json": json_list(lambda n, t: {"id": n, "type": "article-journal", "title": t, "issued": {}}),
    "csv": Sample(
        "title,authors,abstract,year\n", lambda n, t: f'"{t}","B, A; D, C","{ABSTRACT}",{2000 + n}', "\n", "\n"
    ),
    "dblp": json_list(
        lambda n, t: {"@id": str(n), "info": {"title": f"{t}.", "year": "2020", "key": f"conf/x/{n}"}},
        '{"result": {"query": "x", "status": {"@code": "200"}, "hits": {"@total": "3", "hit": [\n',
        "\n]}}}\n",
    ),
    "dblp-xml": Sample(
        '<dblpperson name="A B">\n',
        lambda n, t: f'<r><article key="journals/x/{n}"><author>A B</author><title>{t}.</title></article></r>',
        "\n",
        "\n</dblpperson>\n",
    ),
    "endnote-tagged": Sample("", lambda n, t: f"%0 Journal Article\n%T {t}\n%A B, A\n%D 2020\n", "\n", ""),
    "endnote-xml": Sample(
        "<xml><records>\n",
        lambda n, t: (
            f'<record><ref-type name="Book">6</ref-type><titles><title><style>{t}</style></title></titles></record>'
        ),
        "\n",
        "\n</records></xml>\n",
    ),
    "feed": Sample(
        f"{FEED}<channel><title>bioRxiv</title></channel>\n",
        lambda n, t: (
            f"<item><title>{t}</title><link>https://www.biorxiv.org/content/10.1101/2026.01.2{n}.720027v1</link>"
            f"<dc:creator>Alpha, A., Beta, B.</dc:creator><prism:section>Lists</prism:section></item>"
        ),
        "\n",
        "\n</rdf:RDF>\n",
    ),
    "hf-html": Sample(
        "<!doctype html><html><head><title>Daily Papers - Hugging Face</title></head><body>\n"
        '<div data-target="DailyPapers" data-props="{&quot;dailyPapers&quot;:[',
        lambda n, t: escape(json.dumps(hf_item(n, t))),
        ",",
        ']}"></div></body></html>\n',
    ),
    "hf-json": json_list(hf_item),
    "hf-text": Sample(
        BANNER, lambda n, t: f"\n{t}\n\n{ABSTRACT.strip()}\n\n  • 4 authors\n·\nAug 24, 2024 2\n", "", ""
    ),
    "inspire": json_list(
        lambda n, t: {"id": str(n), "metadata": {"titles": [{"title": t}], "control_number": n}},
        '{"hits": {"total": 3, "hits": [\n',
        "\n]}}\n",
    ),
    "links": Sample(
        "# Reading list\n\n", lambda n, t: f"- [{t}](https://arxiv.org/abs/2301.{n:05}): a note", "\n", "\n"
    ),
    "links-csv": Sample(
        "title,url,time_added,tags,status\n",
        lambda n, t: f'"{t}",https://arxiv.org/abs/2301.{n:05},1700000000,lists|more,unread',
        "\n",
        "\n",
    ),
    "nbib": Sample(
        "",
        lambda n, t: f"PMID- {n + 1}\nOWN - NLM\nTI  - {t}\nAB  - {ABSTRACT.strip()}\nFAU - B, A\nSO  - J. 2020;1.\n",
        "\n",
        "",
    ),
    "openalex": json_list(
        lambda n, t: {"id": f"https://openalex.org/W{n}", "display_name": t, "title": t, "authorships": []},
        '{"meta": {"count": 3}, "results": [\n',
        "\n]}\n",
    ),
    "openreview": json_list(
        lambda n, t: {"id": f"n{n}", "forum": f"n{n}", "content": {"title": {"value": t}}},
        '{"notes": [\n',
        '\n], "count": 3}\n',
    ),
    "papers-with-code": json_list(
        lambda n, t: {"paper_url": f"https://paperswithcode.com/paper/{n}", "title": t, "url_abs": None, "tasks": []}
    ),
    "pubmed": Sample(
        "<PubmedArticleSet>\n",
        lambda n, t: (
            f"<PubmedArticle><MedlineCitation><PMID>{n + 1}</PMID><Article><ArticleTitle>{t}</ArticleTitle></Article>"
            "</MedlineCitation></PubmedArticle>"
        ),
        "\n",
        "\n</PubmedArticleSet>\n",
    ),
    "pubmed-summary": Sample(
        "\n",
        lambda n, t: (
            f"{n + 1}: Alpha A, Beta BC. {t}. J Lists. 2020 Jan 5;1(2):3-4.\ndoi: 10.1000/{n}. PMID: {n + 1}00.\n"
        ),
        "\n",
        "",
    ),
    "pubmed-text": Sample(
        "",
        lambda n, t: (
            f"{n + 1}. J. 2020 Jan 5;1(2):3-4.\n\n{t}.\n\nA B(1).\n\n{ABSTRACT.strip()}\n\n"
            f"DOI: 10.1000/{n}\nPMID: {n + 1}00\n"
        ),
        "\n",
        "",
    ),
    "recto": Sample(
        "",
        lambda n, t: json.dumps(
            {"title": t, "id": n + 1, "bookmarked": False, "status": "new", "tags": [], "listings": []}
        ),
        "\n",
        "\n",
    ),
    "refworks": Sample(
        REFWORKS, lambda n, t: f"RT Journal Article\nSR Print(0)\nA1 B,A\nT1 {t}\nYR 2020\nOL English(30)\n", "\n", ""
    ),
    "ris": Sample("", lambda n, t: f"TY  - JOUR\nTI  - {t}\nAU  - B, A\nPY  - 2020\nER  - \n", "\n", ""),
    "semantic-scholar": json_list(
        lambda n, t: {"paperId": f"{n:040x}", "externalIds": {}, "title": t, "authors": []},
        '{"total": 3, "offset": 0, "data": [\n',
        "\n]}\n",
    ),
    "word-sources": Sample(
        '<b:Sources xmlns:b="http://schemas.openxmlformats.org/officeDocument/2006/bibliography">\n',
        lambda n, t: f"<b:Source><b:SourceType>Book</b:SourceType><b:Title>{t}</b:Title></b:Source>",
        "\n",
        "\n</b:Sources>\n",
    ),
    "wos": Sample(
        "FN Clarivate Analytics Web of Science\nVR 1.0\n",
        lambda n, t: f"PT J\nAU B, A\nTI {t}\nSO Revue\nPY 2020\nER\n",
        "\n",
        "\nEF\n",
    ),
    "zotero-rdf": Sample(
        RDF,
        lambda n, t: (
            f'<bib:Article rdf:about="#{n}"><z:itemType>journalArticle</z:itemType>'
            f"<dc:title>{t}</dc:title></bib:Article>"
        ),
        "\n",
        "\n</rdf:RDF>\n",
    ),
}
# Files of one paper, for formats that are binary or allow only one paper in a file. Separate tests of each of these
# formats test other files.
ONE_PAPER: dict[str, bytes] = {
    "paper-page": (
        b'<!DOCTYPE html><html><head><meta name="citation_title" content="First of the papers">\n'
        b'<meta name="citation_author" content="B, A"><meta name="citation_doi" content="10.1000/1">\n'
        b'<script type="application/ld+json">{"@type": "ScholarlyArticle", "name": "First"}</script></head></html>\n'
    ),
    "pdf": pdf(page(TITLES[0]), {"doi": "10.1000/1"}),
    "xlsx": workbook(["title", "doi", "authors"], [TITLES[0], "10.1000/1", "B, A; D, C"]),
}
# These formats have no end mark and no count of papers. So a truncated file looks complete if it ends as the pattern
# describes.
MAY_END = {
    # Some programs leave out the last end tags of a mail, so a file without them looks complete.
    "alert-email": r">\s*",
    # The abstract of the last paper may end with this line.
    "arxiv-text": r"(?:\(cs\.CL\)|\.)\s*",
    "arxiv-snapshot": r"\}\n?",
    "bibtex": r"\}\n*",
    # The last cell has no quotation marks around it, so its end cannot be recognized.
    "csv": r",\d{1,4}\n?",
    # YAML has no end mark, and the fields of an item may come in any order.
    "csl-yaml": r"\n",
    "endnote-tagged": r"%[AD] .*\n+",
    # A paper may have no byline (line with authors and date), and real pages have no line break after their last date.
    "hf-text": r"(?:after a while\.\n|·\nAug \d{1,2}(?:, \d{4}(?: 2)?)?\n?)\s*",
    "links": r"\d{5}\)?:?[ a-z]*\s*-?\s?",
    "links-csv": r",1700000000,[a-z|]*,[a-z]*\s*",
    "nbib": r"\nSO  - .*\.\s*",
    "pubmed-summary": r" PMID: \d{1,3}\.?\n*",
    "pubmed-text": r"\nPMID: \d{1,3}\n*",
    "recto": r"\}\n?",
    "refworks": r"\nOL.*\n*",
    "ris": r"\nER.*\n*",
}
