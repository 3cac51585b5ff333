"""A digest as Markdown. Text from listings is escaped, so that it is never markup."""

from __future__ import annotations

from collections.abc import Iterator

from store.digest.contents import Digest, DigestPaper
from store.digest.period import day_name
from store.exporting.markdown import escaped


def text(digest: Digest) -> str:
    """The digest with a heading for each section and a numbered item for each paper."""
    return "\n\n".join(_parts(digest)) + "\n"


def _parts(digest: Digest) -> Iterator[str]:
    yield f"# Papers of {escaped(day_name(digest.day))}"
    yield escaped(f"{digest.counts} · new {digest.period}")
    if digest.subject:
        yield f"Only papers that match: {escaped(digest.subject)}"
    if not digest.sections:
        yield "Nothing is new."
    for section in digest.sections:
        yield f"## {escaped(section.heading)} ({section.total:,})"
        for number, paper in enumerate(section.papers, 1):
            yield _item(number, paper)
        if others := section.total - len(section.papers):
            yield f"And {others:,} more: {escaped(section.command)}"


def _item(number: int, paper: DigestPaper) -> str:
    title = escaped(paper.title)
    marker = f"{number}. "
    lines = [
        f"**[{title}](<{paper.url}>)**" if paper.url else f"**{title}**",
        escaped(paper.byline),
        escaped(paper.facts),
        f"*{escaped(paper.reason)}*",
    ]
    # In Markdown, two spaces at the end of a line make a line break, and indented lines belong to the list item above
    # them.
    text = f"  \n{' ' * len(marker)}".join(line for line in lines if line)
    return f"{marker}{text}" + (f"\n\n{' ' * len(marker)}{escaped(paper.summary)}" if paper.summary else "")
