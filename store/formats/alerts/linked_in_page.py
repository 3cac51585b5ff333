"""Papers in a mail whose shape recto does not know: every link to a paper, with the text of the link as its title.

Semantic Scholar, the Daily Papers digest, PubMed and journals send such mails. Their shapes change, so that only what
is certain is read: the title, the identifiers, and authors in a line that holds nothing but names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from store.formats.feeds import names
from store.formats.links.page_titles import page_title
from store.formats.shared import html_text, ids_and_links, paper_addresses
from store.matching.placeholder_titles import placeholder_title
from store.model.paper import Paper

_ANCHOR = re.compile(
    r"""<a\b[^<>]{0,3000}?\bhref\s*=\s*(?:"([^"<>]{5,4000})"|'([^'<>]{5,4000})')[^<>]{0,3000}>(.{0,3000}?)</a\s*>""",
    re.I | re.S,
)
# The lines below a title that may hold its authors.
_LINES_BELOW = 3
# The lines below a title that may hold its DOI.
_LINES_WITH_DOI = 6
_SUMMARY = re.compile(r"(?:TL;?DR|AI summary)\s*[:.]?\s*(.+)", re.I)
# The longest part of a mail between two titles that is looked at (characters).
_MOST_BETWEEN = 20_000


class _Linked:
    """A paper that a mail links to: its address, its title, and where its first title ends in the page."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.title: str | None = None
        self.end = 0


def links_to_papers(page: str) -> bool:
    """Whether a page has a link to a paper."""
    return any(paper_addresses.is_of_paper(unescape(match[1] or match[2])) for match in _ANCHOR.finditer(page))


def papers(page: str) -> Iterator[Paper]:
    """The papers that a page links to, in the order of their first links."""
    linked: dict[object, _Linked] = {}
    starts: list[int] = []
    for match in _ANCHOR.finditer(page):
        address = paper_addresses.target(unescape(match[1] or match[2]))
        if not paper_addresses.is_of_paper(address):
            continue
        identity = paper_addresses.identity_of(address)
        key = identity.arxiv_id or identity.doi or address.partition("?")[0].partition("#")[0]
        paper = linked.setdefault(key, _Linked(address))
        title = page_title(" ".join(html_text.lines_of(match[3])))
        if title and len(title) > len(paper.title or ""):
            paper.title, paper.end = title, match.end()
        starts.append(match.start())
    for paper in linked.values():
        following = next((start for start in starts if start >= paper.end), len(page))
        below = page[paper.end : min(following, paper.end + _MOST_BETWEEN)] if paper.title else ""
        if found := _paper(paper, html_text.lines_of(below)):
            yield found


def _paper(linked: _Linked, below: list[str]) -> Paper | None:
    """The paper, with what the lines below its title say; None when it has neither a title nor an identifier."""
    identity = paper_addresses.identity_of(linked.address)
    if identity == ids_and_links.Identity(None, None, None):
        # PubMed's alerts name the DOI below the title.
        identity = ids_and_links.identity(mentions=below[:_LINES_WITH_DOI])
    title = linked.title or placeholder_title(identity.arxiv_id, identity.doi)
    if title is None:
        return None
    named = next((found for line in below[:_LINES_BELOW] if (found := names.in_line(line)).authors), None)
    summary = next((match[1] for line in below[: 2 * _LINES_BELOW] if (match := _SUMMARY.fullmatch(line))), None)
    return Paper(
        title=title,
        authors=named.authors if named else (),
        author_count=named.total if named else None,
        arxiv_id=identity.arxiv_id,
        arxiv_version=identity.arxiv_version,
        doi=identity.doi,
        ai_summary=summary,
        links=ids_and_links.links(
            ("page", ids_and_links.arxiv_page(identity.arxiv_id)),
            ("pdf", ids_and_links.arxiv_pdf(identity.arxiv_id)),
            ("page", None if identity.arxiv_id else paper_addresses.without_tracking(linked.address)),
        ),
    )
