"""Writes generated papers in the formats of arXiv: mailings, feeds, and responses of its API and its OAI-PMH server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from tests.bench.corpus import MadePaper
from tests.bench.listings import authors_line, stamp, tex, wrapped

_RULE = "-" * 78


def mailing(papers: Iterable[MadePaper]) -> Iterator[str]:
    """The text of arXiv's daily mail, with the new submissions and their abstracts."""
    yield _mail_head("cs daily")
    for paper in papers:
        abstract = "".join(f"  {line}\n" for line in wrapped(tex(paper.abstract)).split("\n"))
        yield (
            f"\\\\\narXiv:{paper.arxiv_id}\nDate: {stamp(paper.published)}   (97kb,D)\n\n{_fields(paper)}\\\\\n"
            f"{abstract}\\\\ ( https://arxiv.org/abs/{paper.arxiv_id} ,  97kb)\n{_RULE}\n"
        )
    yield f"{('%%%---' * 13)[:78]}\n{('%%%---' * 13)[:78]}\n"


def month_list(papers: Iterable[MadePaper]) -> Iterator[str]:
    """The text of arXiv's list of a month, which has no abstracts."""
    for paper in papers:
        name = " ".join(paper.authors[0])
        yield (
            f"{_RULE}\n\\\\\narXiv:{paper.arxiv_id}\nFrom: {name}  <example@example.com>\n"
            f"Date: {stamp(paper.published)}   (97kb)\n\n{_fields(paper)}\\\\\n"
        )


def atom(papers: Iterable[MadePaper]) -> Iterator[str]:
    """A response of arXiv's API, in Atom."""
    yield (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"'
        ' xmlns="http://www.w3.org/2005/Atom">\n<id>https://arxiv.org/api/made</id>\n<title>arXiv Query: made</title>\n'
    )
    for paper in papers:
        number = f"{paper.arxiv_id}v{paper.versions}"
        authors = "".join(f"<author><name>{escape(' '.join(each))}</name></author>\n" for each in paper.authors)
        categories = "".join(
            f'<category term="{each}" scheme="http://arxiv.org/schemas/atom"/>\n' for each in paper.categories
        )
        yield (
            f"<entry>\n<id>http://arxiv.org/abs/{number}</id>\n<title>{escape(paper.title)}</title>\n"
            f"<updated>{paper.updated}T17:59:59Z</updated>\n"
            f'<link href="https://arxiv.org/abs/{number}" rel="alternate" type="text/html"/>\n'
            f'<link href="https://arxiv.org/pdf/{number}" rel="related" type="application/pdf" title="pdf"/>\n'
            f"<summary>{escape(paper.abstract)}</summary>\n{categories}<published>{paper.published}T17:59:59Z</published>\n"
            f"{_element('arxiv:comment', paper.comment)}"
            f'<arxiv:primary_category term="{paper.categories[0]}"/>\n'
            f"{_element('arxiv:journal_ref', paper.venue)}{_element('arxiv:doi', paper.doi)}{authors}</entry>\n"
        )
    yield "</feed>\n"


def rss(papers: Iterable[MadePaper]) -> Iterator[str]:
    """arXiv's RSS feed of a day."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss xmlns:arxiv="http://arxiv.org/schemas/atom"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">\n'
        "<channel>\n<title>cs updates on arXiv.org</title>\n<link>http://rss.arxiv.org/rss/cs</link>\n"
        "<pubDate>Tue, 30 Jun 2026 00:00:00 -0400</pubDate>\n"
    )
    for paper in papers:
        number = f"{paper.arxiv_id}v1"
        names = ", ".join(" ".join(each) for each in paper.authors)
        yield (
            f"<item>\n<title>{escape(paper.title)}</title>\n<link>https://arxiv.org/abs/{paper.arxiv_id}</link>\n"
            f"<description>arXiv:{number} Announce Type: new \nAbstract: {escape(paper.abstract)}</description>\n"
            f'<guid isPermaLink="false">oai:arXiv.org:{number}</guid>\n'
            f"{''.join(f'<category>{each}</category>' for each in paper.categories)}\n"
            "<pubDate>Tue, 30 Jun 2026 00:00:00 -0400</pubDate>\n<arxiv:announce_type>new</arxiv:announce_type>\n"
            f"<dc:creator>{escape(names)}</dc:creator>\n</item>\n"
        )
    yield "</channel>\n</rss>\n"


def oai(papers: Iterable[MadePaper]) -> Iterator[str]:
    """A response of the OAI-PMH server to ListRecords, in arXiv's own metadata format."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">\n'
        "<responseDate>2026-06-30T15:53:12Z</responseDate>\n"
        '<request verb="ListRecords" metadataPrefix="arXiv">http://export.arxiv.org/oai2</request>\n<ListRecords>\n'
    )
    for paper in papers:
        authors = "".join(
            f"<author><keyname>{escape(family)}</keyname><forenames>{escape(given)}</forenames></author>"
            for given, family in paper.authors
        )
        yield (
            f"<record><header><identifier>oai:arXiv.org:{paper.arxiv_id}</identifier>"
            f"<datestamp>{paper.updated}</datestamp></header>\n"
            f'<metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{paper.arxiv_id}</id>'
            f"<created>{paper.published}</created><authors>{authors}</authors>\n<title>{escape(paper.title)}</title>"
            f"<categories>{' '.join(paper.categories)}</categories>{_element('comments', paper.comment)}"
            f"{_element('journal-ref', paper.venue)}{_element('doi', paper.doi)}"
            f"<abstract>{escape(paper.abstract)}</abstract></arXiv></metadata></record>\n"
        )
    yield "</ListRecords>\n</OAI-PMH>\n"


def _mail_head(subject: str) -> str:
    return (
        f"Date: Tue, 30 Jun 26 00:51:30 GMT\nSubject: {subject} Subj-class mailing\n\n{_RULE}\n{_RULE}\n"
        f"Send any comments regarding submissions directly to submitter.\n{_RULE}\n Submissions to:\ncs\n"
        f" received from  Mon 29 Jun 26 18:00:00 GMT  to  Tue 30 Jun 26 18:00:00 GMT\n{_RULE}\n{_RULE}\n"
    )


def _fields(paper: MadePaper) -> str:
    fields = (
        ("Title", tex(paper.title)),
        ("Authors", tex(authors_line(paper))),
        ("Categories", " ".join(paper.categories)),
        ("Comments", paper.comment),
        ("Journal-ref", paper.venue),
        ("DOI", paper.doi),
    )
    return "".join(f"{wrapped(f'{name}: {text}', chr(10) + '  ')}\n" for name, text in fields if text)


def _element(name: str, text: str | None) -> str:
    return f"<{name}>{escape(text)}</{name}>\n" if text else ""
