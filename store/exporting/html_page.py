"""An export as HTML: one page for screens of any width and for printing.

The page needs no other file. It loads nothing from the network and contains no scripts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from store.exporting.exported import ExportedPaper
from store.exporting.formats import Options
from store.papers import addresses
from store.text import tex

# With this policy, the browser runs no script and loads no image or other file for the page. It is a second protection,
# in case text from a listing contains markup that was not escaped.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1e; --quiet: #62626a; --rule: #d9d9de; --link: #0b57a4; --paper: #fff }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e6ea; --quiet: #a0a0a8; --rule: #3a3a40; --link: #8ab8f0; --paper: #161618 }
}
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 42rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 Georgia, "Times New Roman", serif; overflow-wrap: break-word; hyphens: auto }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 0 0 .25rem; hyphens: none }
article { border-top: 1px solid var(--rule); padding: 1.25rem 0 .5rem; break-inside: avoid }
a { color: var(--link); text-decoration: none } a:hover { text-decoration: underline }
.quiet { color: var(--quiet); font: .85rem/1.5 system-ui, sans-serif; margin: .15rem 0 }
blockquote { margin: .75rem 0; padding-left: .75rem; border-left: 3px solid var(--rule); white-space: pre-wrap }
.summary { font-style: italic }
@media print { body { max-width: none; padding: 0; font-size: 10pt } a { color: inherit } }
"""


def pieces(papers: Iterable[ExportedPaper], options: Options) -> Iterator[str]:
    """Yield the page in parts: its head, a part for each paper, and its end."""
    title = escape(options.title)
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    )
    for paper in papers:
        yield article(paper)
    yield "</body>\n</html>\n"


def article(exported: ExportedPaper) -> str:
    """One paper as an HTML element `<article>`. It contains no styles, so that EPUB books can also use it."""
    paper, marks = exported.paper, exported.details.marks
    title = escape(tex.for_display(paper.title))
    facts = [
        exported.retraction,
        exported.date.text if exported.date else "",
        paper.organization.name if paper.organization else "",
        paper.venue or "",
        f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else "",
        f"doi:{paper.doi}" if paper.doi else "",
        exported.decision,
        f"▲ {paper.upvotes:,}" if paper.upvotes else "",
        " ".join(f"#{tag}" for tag in marks.tags),
    ]
    links = [
        address for address in addresses.of(paper) if addresses.may_open(address.url) and address.url != exported.url
    ]
    parts = [
        f'<h2><a href="{escape(exported.url)}">{title}</a></h2>' if exported.url else f"<h2>{title}</h2>",
        f'<p class="quiet">{escape(exported.byline)}</p>' if exported.byline else "",
        f'<p class="quiet">{escape(" · ".join(fact for fact in facts if fact))}</p>' if any(facts) else "",
        f"<blockquote>{escape(marks.note)}</blockquote>" if marks.note else "",
        f'<p class="summary">{escape(tex.for_display(paper.ai_summary))}</p>' if paper.ai_summary else "",
        f"<p>{escape(tex.for_display(paper.abstract))}</p>" if paper.abstract else "",
        '<p class="quiet">'
        + " · ".join(f'<a href="{escape(address.url)}">{escape(address.label)}</a>' for address in links)
        + "</p>"
        if links
        else "",
    ]
    return "<article>\n" + "\n".join(part for part in parts if part) + "\n</article>\n"
