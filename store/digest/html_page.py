"""A digest as one HTML page for browsers and mail programs. The page loads nothing and contains no scripts.

jinja2 escapes every value. css-inline then writes the rules of digest.css into the `style` attributes of the elements
to which they apply, because many mail programs ignore style sheets. The rules of screens.css stay in the head, because
they apply only to certain screens.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from store.digest.contents import Digest, Section
from store.digest.period import day_name

# The largest page (bytes). Mail programs show only the beginning of a larger one; Gmail has the lowest known limit, 102
# KB.
LARGEST = 100_000
_TEMPLATES = Path(__file__).parent / "templates"
# If the page is larger than LARGEST, all summaries are shortened to the first of these lengths (characters). If that is
# not enough, they are shortened to the next length, and so on.
_SUMMARY_LENGTHS = (400, 160, 0)


def page(digest: Digest) -> str:
    """The page, in at most LARGEST bytes. If it would be larger, summaries are shortened; if that is not enough, papers
    are left out.
    """
    for length in _SUMMARY_LENGTHS:
        html = _rendered(_with_summaries(digest, length))
        if _size(html) <= LARGEST:
            return html
    sections = digest.sections
    while _size(html) > LARGEST:
        most_papers = max(len(section.papers) for section in sections) // 2
        # When each section has only one paper left, leave out whole sections, the last one first.
        sections = (
            tuple(section._replace(papers=section.papers[:most_papers]) for section in sections)
            if most_papers
            else sections[:-1]
        )
        html = _rendered(_with_summaries(digest._replace(sections=sections), 0))
    return html


def _rendered(digest: Digest) -> str:
    html = _template().render(digest=digest, day=day_name(digest.day))
    return _inliner().inline(html)


def _with_summaries(digest: Digest, length: int) -> Digest:
    return digest._replace(sections=tuple(_shorter(section, length) for section in digest.sections))


def _shorter(section: Section, length: int) -> Section:
    papers = (
        paper
        if len(paper.summary) <= length
        else paper._replace(summary=f"{paper.summary[:length]}…" if length else "")
        for paper in section.papers
    )
    return section._replace(papers=tuple(papers))


def _size(html: str) -> int:
    return len(html.encode())


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("digest.html")


@cache
def _inliner() -> CSSInliner:
    rules = (_TEMPLATES / "digest.css").read_text("utf-8")
    return CSSInliner(extra_css=rules, inline_style_tags=False, keep_style_tags=True, load_remote_stylesheets=False)
