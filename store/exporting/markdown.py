"""An export as Markdown: a reading list with a heading for each paper. Text from listings is escaped, so that it is
never markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from store.exporting.exported import ExportedPaper
from store.exporting.formats import Options
from store.model.highlight import Highlight
from store.text import tex

_MARKUP = re.compile(r"[\\`*_{}\[\]<>()#+!|~$&]|(?<![^\n])[-=.\d]")


def pieces(papers: Iterable[ExportedPaper], options: Options) -> Iterator[str]:
    """Yield the heading of the list, and then for each paper its heading, details, note, abstract and highlights."""
    yield f"# {escaped(options.title)}\n\n"
    for paper in papers:
        yield _section(paper)


def _section(exported: ExportedPaper) -> str:
    paper, marks = exported.paper, exported.details.marks
    facts = [
        exported.retraction,
        exported.date.text if exported.date else "",
        paper.venue or "",
        f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else "",
        f"doi:{paper.doi}" if paper.doi else "",
        exported.decision,
        " ".join(f"#{tag}" for tag in marks.tags),
    ]
    parts = [
        f"## {link(exported)}",
        f"*{escaped(exported.byline)}*" if exported.byline else "",
        escaped(" · ".join(fact for fact in facts if fact)),
        "\n".join(f"> {escaped(line)}" for line in marks.note.splitlines()) if marks.note else "",
        escaped(tex.for_display(paper.abstract)) if paper.abstract else "",
        *(_highlight(highlight) for highlight in exported.details.highlights),
    ]
    return "\n\n".join(part for part in parts if part) + "\n\n"


def _highlight(highlight: Highlight) -> str:
    """A passage of the full text as a quotation, with the user's note below it."""
    note = escaped(highlight.note.strip())
    return f"> {escaped(highlight.quotation)}" + (f"\n\n{note}" if note else "")


def link(exported: ExportedPaper) -> str:
    """The title of a paper as a link to its page, or the title alone if the paper has no page."""
    title = escaped(tex.for_display(exported.paper.title))
    return f"[{title}](<{exported.url}>)" if exported.url else title


def escaped(text: str) -> str:
    """Escape `text` so that Markdown shows it unchanged.

    Characters that could be markup get a backslash. A digit at the beginning of a line, which could begin a numbered
    list, becomes a character reference such as "&#49;".
    """
    return _MARKUP.sub(lambda match: f"\\{match[0]}" if not match[0].isdigit() else f"&#{ord(match[0])};", text)
