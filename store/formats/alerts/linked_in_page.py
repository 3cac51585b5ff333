"""Find the papers in a mail with an unknown layout, from the links in the mail.

Each link to a paper becomes a paper, whose title is the text of the link. Semantic Scholar, the Daily Papers digest,
PubMed and journals send such mails. Their layouts change often, so only a few fields are read: the title, the
identifiers, labelled fields such as "Abstract:", and authors if a line contains only names.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from html import unescape

from store.formats.arxiv.authors import author_list
from store.formats.feeds import names
from store.formats.links.page_titles import page_title
from store.formats.shared import html_text, ids_and_links, paper_addresses
from store.matching.title_merging import placeholder_title
from store.model.paper import Paper

_ANCHOR = re.compile(
    r"""<a\b[^<>]{0,3000}?\bhref\s*=\s*(?:"([^"<>]{5,4000})"|'([^'<>]{5,4000})')[^<>]{0,3000}>(.{0,3000}?)</a\s*>""",
    re.I | re.S,
)
# The number of lines below a title that are searched for the authors.
_LINES_BELOW = 3
# The number of lines below a title that are searched for the DOI.
_LINES_WITH_DOI = 6
_SUMMARY = re.compile(r"(?:TL;?DR|AI summary)\s*[:.]?\s*(.+)", re.I)
# A field with a label, such as "Authors: …". arXiv's mailings and the digests that are made from these mailings contain
# such fields.
_LABELLED = re.compile(
    r"(Title|Authors?|Abstract|Comments?|Categories|Subjects?|Journal-ref|DOI|Date|Link)\s*:\s*(.*)", re.I
)
_MOST_LINES = 60
# At most this many characters after a title are searched for the other fields of the paper.
_MOST_BETWEEN = 20_000


class _Linked:
    """A paper that a mail links to: its address, its title, and the offset at which the link with the title ends."""

    def __init__(self, address: str, end: int) -> None:
        self.address = address
        self.title: str | None = None
        self.end = end


def links_to_papers(page: str) -> bool:
    """Whether a page has a link to a paper."""
    return any(paper_addresses.is_of_paper(unescape(match[1] or match[2])) for match in _ANCHOR.finditer(page))


def papers(page: str) -> Iterator[Paper]:
    """The papers that a page links to, in the order of their first links."""
    linked: dict[str, _Linked] = {}
    # For each link to a paper: the offset at which the link starts, and the key of its paper in `linked`.
    starts: list[tuple[int, str]] = []
    for match in _ANCHOR.finditer(page):
        address = paper_addresses.target(unescape(match[1] or match[2]))
        if not paper_addresses.is_of_paper(address):
            continue
        identity = paper_addresses.identity_of(address)
        key = identity.arxiv_id or identity.doi or address.partition("?")[0].partition("#")[0]
        paper = linked.setdefault(key, _Linked(address, match.end()))
        title = page_title(" ".join(html_text.lines_of(match[3])))
        if title and len(title) > len(paper.title or ""):
            paper.title, paper.end = title, match.end()
        starts.append((match.start(), key))
    for key, paper in linked.items():
        at = bisect(starts, (paper.end, ""))
        while at < len(starts) and starts[at][1] == key:
            at += 1
        following = starts[at][0] if at < len(starts) else len(page)
        below = page[paper.end : min(following, paper.end + _MOST_BETWEEN)]
        if result := _paper(paper, html_text.lines_of(below)):
            yield result


def _paper(linked: _Linked, below: list[str]) -> Paper | None:
    """The paper, with the fields in the lines `below` its title; None when it has neither a title nor an identifier."""
    identity = paper_addresses.identity_of(linked.address)
    if identity == ids_and_links.Identity(None, None, None):
        # In PubMed's alerts, the DOI is in a line below the title.
        identity = ids_and_links.identity(mentions=below[:_LINES_WITH_DOI])
    fields = _fields(below)
    title = linked.title or fields.get("title") or placeholder_title(identity.arxiv_id, identity.doi)
    if title is None:
        return None
    author_names = next((in_line for line in below[:_LINES_BELOW] if (in_line := names.in_line(line)).authors), None)
    summary = next((match[1] for line in below[: 2 * _LINES_BELOW] if (match := _SUMMARY.fullmatch(line))), None)
    if "authors" in fields:
        author_names = names.AuthorsInLine(*author_list(fields["authors"]))
    return Paper(
        title=title,
        abstract=fields.get("abstract"),
        authors=author_names.authors if author_names else (),
        author_count=author_names.total if author_names else None,
        arxiv_id=identity.arxiv_id,
        arxiv_version=identity.arxiv_version,
        doi=identity.doi,
        comment=fields.get("comments"),
        ai_summary=summary,
        links=ids_and_links.links(
            ("page", ids_and_links.arxiv_page(identity.arxiv_id)),
            ("pdf", ids_and_links.arxiv_pdf(identity.arxiv_id)),
            ("page", None if identity.arxiv_id else paper_addresses.without_tracking(linked.address)),
        ),
    )


def _fields(lines: list[str]) -> dict[str, str]:
    """The labelled fields in `lines`, for example "Title: …". A line without a label is added to the field above it.

    An abstract that ends in "…" is incomplete and is left out.
    """
    fields: dict[str, str] = {}
    name: str | None = None
    for line in lines[:_MOST_LINES]:
        if labelled := _LABELLED.fullmatch(line):
            label = labelled[1].lower()
            name = next(
                (each for each in ("title", "authors", "comments", "abstract") if each.startswith(label[:5])), None
            )
            if name and name not in fields:
                fields[name] = labelled[2]
        elif name:
            fields[name] = f"{fields[name]} {line}".strip()
    if fields.get("abstract", "").endswith(("…", "...")):
        del fields["abstract"]
    return {name: text for name, text in fields.items() if text}
