"""What the commands print: text without control characters, tables that fit, JSON with every field."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

import msgspec

from store.importing.log import ImportReport
from store.papers.queries import ListRow, PaperDetails
from store.text.clean import UNSAFE
from tui.render import styled, wording

# A table in a file or a pipe is as wide as a page; in any terminal a title gets so much room.
_PIPE_WIDTH = 100
_LEAST_ROOM = 20
# A star, a place in the queue of up to four digits, a blank.
_MARK_WIDTH = 6
_LONGEST_COMPLAINT = 1_000


def say(text: str = "") -> None:
    """One or more lines on standard output."""
    _echo(styled.drawable(text).replace("\t", " "))


def say_json(values: Iterable[Any]) -> None:
    """A JSON array on standard output, one value on each line, each as soon as it is there."""
    before = "["
    for value in values:
        _write(before)
        say_object(value, end="")
        before = ","
    _write("[\n]" if before == "[" else "\n]")


def say_object(value: Any, end: str = "\n") -> None:
    """One value as JSON on one line of standard output."""
    _write(json_object(value), end)


def complain(text: str) -> None:
    """One line on standard error."""
    _echo(f"recto: {styled.safe(text, _LONGEST_COMPLAINT)}", err=True)


def json_object(value: Any) -> str:
    """One value as JSON on one line. What could act on a terminal is escaped, so that nothing of it is lost."""
    return UNSAFE.sub(lambda found: json.dumps(found[0])[1:-1], msgspec.json.encode(value).decode())


def path_text(path: Path) -> str:
    """A path in text that can be encoded: what is not UTF-8 in it is replaced."""
    return os.fsencode(path).decode("utf-8", "replace")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether someone looks at what is written there; a stream may be closed, or not be there at all."""
    return stream is not None and not stream.closed and stream.isatty()


def _write(text: str, end: str = "\n") -> None:
    # JSON is UTF-8, whatever the terminal speaks.
    _echo((text + end).encode(), nl=False)


def _echo(said: str | bytes, *, nl: bool = True, err: bool = False) -> None:
    # Imported here: the reader says nothing like this, unless something is wrong.
    import click

    click.echo(said, nl=nl, err=err)


def paper_object(known: PaperDetails) -> dict[str, Any]:
    """A paper as `recto list --json` gives it: the fields of Paper, the reader's marks, the listings.

    A date of which the month or the year alone is known is that in ISO 8601: "2024-06", "2024".
    """
    paper: dict[str, Any] = {
        field: msgspec.to_builtins(getattr(known.paper, field)) for field in known.paper.__struct_fields__
    }
    del paper["published_to"]
    paper["published"] = known.paper.publication_date and known.paper.publication_date.text
    return {
        "id": known.id,
        **paper,
        "first_listed": known.first_listed,
        "last_listed": known.last_listed,
        "bookmarked": known.marks.bookmarked is not None,
        "queue_position": known.marks.queue_position,
        "status": known.marks.status,
        "tags": known.marks.tags,
        "note": known.marks.note,
        "listings": [
            {
                "path": each.path,
                "format": each.format,
                "listed_on": each.listed_on,
                "position": each.position,
                "upvotes": each.upvotes,
                "comments": each.comments,
            }
            for each in known.listings
        ],
        "sources": known.sources,
    }


def report_object(report: ImportReport) -> dict[str, Any]:
    """A report as `recto import --json` gives it."""
    found: dict[str, Any] = msgspec.to_builtins(report)
    return found


def table(rows: Sequence[ListRow], digits: int = 1) -> str:
    """One line a paper: number (in `digits` columns or more), marks, date, title, as wide as the terminal."""
    width = shutil.get_terminal_size((_PIPE_WIDTH, 24)).columns if is_terminal(sys.stdout) else _PIPE_WIDTH
    digits = max((digits, *(len(str(row.id)) for row in rows)))
    room = max(_LEAST_ROOM, width - digits - _MARK_WIDTH - 14)
    return "\n".join(
        f"{row.id:>{digits}}  {_marks(row):<{_MARK_WIDTH}}{wording.one_line(row.published or ''):<10}  "
        + styled.shortened(row.title, room)
        for row in rows
    )


def page(known: PaperDetails) -> str:
    """One paper whole, for reading in a terminal."""
    paper = known.paper
    authors = ", ".join(author.name for author in paper.authors)
    if not authors and paper.author_count:
        authors = f"{paper.author_count} author{'s' if paper.author_count != 1 else ''}"
    marks = known.marks
    lines = [
        ("", paper.title),
        ("authors", authors),
        ("organization", paper.organization.name if paper.organization else ""),
        ("published", paper.publication_date and paper.publication_date.text),
        ("updated", paper.updated and paper.updated.isoformat()),
        ("listed", " to ".join(dict.fromkeys(str(day) for day in (known.first_listed, known.last_listed) if day))),
        ("upvotes", paper.upvotes),
        ("comments", paper.comment_count),
        ("arXiv", paper.arxiv_id),
        ("DOI", paper.doi),
        ("categories", " ".join(paper.categories)),
        ("venue", paper.venue),
        ("comment", paper.comment),
        ("keywords", ", ".join(paper.ai_keywords)),
        *((link.kind, link.url) for link in paper.links),
        ("status", marks.status),
        ("bookmarked", marks.bookmarked),
        ("queue", marks.queue_position),
        ("tags", " ".join(marks.tags)),
        ("note", marks.note),
    ]
    head = "\n".join(
        f"{name + ':' if name else '':<14}{value if name == 'note' else wording.one_line(value)}".strip()
        for name, value in lines
        if value is not None and value != ""
    )
    listings = "\n".join(
        f"  {each.listed_on or 'undated'!s:<10}  no. {each.position:<5} {wording.one_line(each.path)}"
        for each in known.listings
    )
    parts = [head, paper.abstract or "No abstract in any listing."]
    if paper.ai_summary:
        parts.append(f"In short: {paper.ai_summary}")
    parts.append("Appeared in:\n" + listings)
    parts += [f"{wording.change_text(each)}: {each.before}" for each in known.changes]
    if known.sources:
        said = "\n".join(f"  {field:<14} {wording.one_line(path)}" for field, path in sorted(known.sources.items()))
        parts.append("Taken from:\n" + said)
    return "\n\n".join(parts)


def _marks(row: ListRow) -> str:
    place = str(row.queue_position) if row.queue_position else ""
    return f"{'★' if row.bookmarked else ''}{place if len(place) < _MARK_WIDTH - 1 else '+'}"
