"""Read the papers in an e-mail alert of Google Scholar.

Each paper has a title that links to the paper through `scholar_url?url=…`, a green line such as "A Alpha, B Beta -
Journal of Lists, 2026", and a snippet of the paper's text, which is not the abstract and is ignored. The words of the
page depend on the user's language, but the structure of its HTML does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from store.formats.bibliography import fields
from store.formats.links.page_titles import page_title
from store.formats.shared import html_text, ids_and_links, paper_addresses
from store.model.paper import Paper
from store.model.partial_date import UNDATED

# The link around the title of a paper. Its `class` attribute may be missing, because some mail programs remove such
# attributes when they forward an alert.
TITLE_LINK = re.compile(
    r"""<a\b(?=[^<>]{0,3000}?(?:gse_alrt_title|scholar\.google\.[a-z.]{2,7}/scholar_url\?))[^<>]{1,3000}>""", re.I
)
# Authors, venue and publisher are separated by a hyphen or dash that has a space on each side. The space may be a
# no-break space.
_DASH = re.compile(r"\s+[-–—]\s+")
_VENUE_AND_YEAR = re.compile(r"(?:(.*?),?\s*)??((?:19|20)\d\d)")
_CUT = "…"
# The type of a search result, in the user's language: "[PDF]", "[HTML]", "[BOOK][B]". It is removed from titles,
# because some mail programs move it into the link with the title.
_KIND = re.compile(r"\A(?:\[[^\[\]]{1,20}\]\s*){1,2}(?=\S)")


def papers(page: str) -> Iterator[Paper]:
    """The papers in the HTML of an alert, in the order of the alert. A link without a title is skipped."""
    links = list(TITLE_LINK.finditer(page))
    for link, following in zip(links, [*links[1:], None], strict=True):
        text = page[link.start() : following.start() if following else len(page)][: html_text.LARGEST_PART]
        # A truncated mail may end inside a title. Such a title is skipped.
        tree = html_text.part(text) if "</a" in text.lower() else None
        anchor = tree.css_first("a[href]") if tree is not None else None
        if tree is None or anchor is None:
            continue
        text = html_text.line(anchor)
        # A link without the class counts as the link of a title only if its text looks like a title, because an alert
        # also has links to the PDFs of papers.
        title = _KIND.sub("", text) if "gse_alrt_title" in link[0] else page_title(text)
        if not title:
            continue
        divisions = [each for each in tree.css("div") if "gse_alrt_sni" not in (each.attributes.get("class") or "")]
        byline = html_text.line(divisions[0]) if divisions else ""
        yield _paper(title, paper_addresses.target(anchor.attributes.get("href") or ""), byline)


def _paper(title: str, address: str, byline: str) -> Paper:
    names, *rest = _DASH.split(byline) if byline else [""]
    published = _VENUE_AND_YEAR.fullmatch(rest[0]) if rest else None
    name_of_venue = published[1] if published else rest[0] if rest else None
    of_address = paper_addresses.identity_of(address)
    of_byline = ids_and_links.identity(mentions=[byline])
    arxiv_id = of_address.arxiv_id or of_byline.arxiv_id
    day, known_to = fields.when(published[2] if published else None) or UNDATED
    return Paper(
        title=title,
        authors=fields.authors(name.strip(f" {_CUT}") for name in names.split(",")),
        published=day,
        published_to=known_to,
        arxiv_id=arxiv_id,
        arxiv_version=of_address.arxiv_version or of_byline.arxiv_version,
        doi=of_address.doi or of_byline.doi,
        venue=fields.venue(name_of_venue),
        links=ids_and_links.links(
            ("page", ids_and_links.arxiv_page(arxiv_id)),
            ("pdf", ids_and_links.arxiv_pdf(arxiv_id)),
            (
                "pdf" if address.lower().endswith(".pdf") else "page",
                None if arxiv_id else paper_addresses.without_tracking(address),
            ),
        ),
    )
