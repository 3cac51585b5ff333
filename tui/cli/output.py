"""Prints the output of the commands: text and tables without control characters, and JSON with escaped ones."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TextIO

import msgspec

from store.importing.log import ImportReport
from store.marks.registers import UNTIL_SIMILAR
from store.papers import list_rows, paper_details
from store.papers.list_rows import ListRow
from store.papers.paper_details import PaperDetails
from store.text.clean import UNSAFE
from tui.render import styled, wording
from tui.render.paper_line import RETRACTED

if TYPE_CHECKING:
    from store.marks.stored_marks import Place
    from store.model.highlight import Highlight

# The smallest width of the column with the titles (cells). A table with this width may be wider than the terminal.
_LEAST_TITLE_WIDTH = 20
# The width of the column with the marks (cells): a star, a position in the queue of up to four digits, and a space.
_MARK_WIDTH = 6
_LONGEST_ERROR = 1_000


def say(text: str = "") -> None:
    """Print one or more lines on standard output, without control characters."""
    _echo(styled.drawable(text).replace("\t", " "))


def say_json(values: Iterable[Any]) -> None:
    """Print a JSON array on standard output. Each value is printed on its own line as soon as `values` yields it."""
    separator = "["
    for value in values:
        _write(separator)
        say_object(value, end="")
        separator = ","
    _write("[\n]" if separator == "[" else "\n]")


def say_object(value: Any, end: str = "\n") -> None:
    """Print a value as JSON on one line of standard output."""
    _write(json_object(value), end)


def complain(text: str) -> None:
    """Print an error as one line on standard error."""
    _echo(f"recto: {styled.safe(text, _LONGEST_ERROR)}", err=True)


def json_object(value: Any) -> str:
    r"""A value as JSON on one line. Control characters are written as \u escapes, so that no information is lost."""
    return UNSAFE.sub(lambda match: json.dumps(match[0])[1:-1], msgspec.json.encode(value).decode())


def path_text(path: Path) -> str:
    """A path as text that can be encoded: bytes that are not UTF-8 become replacement characters."""
    return os.fsencode(path).decode("utf-8", "replace")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether `stream` is an open terminal. Python uses None for a stream that was closed at the start."""
    return stream is not None and not stream.closed and stream.isatty()


def _write(text: str, end: str = "\n") -> None:
    # Write bytes, because JSON must be in UTF-8: text would be written in the encoding of the terminal.
    _echo((text + end).encode(), nl=False)


def _echo(text: str | bytes, *, nl: bool = True, err: bool = False) -> None:
    # Imported here, because the application needs click only when it prints an error.
    import click

    click.echo(text, nl=nl, err=err)


def paper_object(known: PaperDetails) -> dict[str, Any]:
    """A paper as `recto list --json` prints it: the fields of `Paper`, the user's marks, and its listings.

    A date whose day or month is unknown is shortened as ISO 8601 allows, for example to "2024-06" or "2024". If you add
    a value here, describe it in tui/cli/schemas/show.json.
    """
    paper: dict[str, Any] = {
        field: msgspec.to_builtins(getattr(known.paper, field)) for field in known.paper.__struct_fields__
    }
    del paper["published_to"]
    paper["published"] = known.paper.publication_date and known.paper.publication_date.text
    paper["score"] = known.paper.score
    return {
        "id": known.id,
        "citation_key": known.citation_key,
        **paper,
        "first_listed": known.first_listed,
        "last_listed": known.last_listed,
        "bookmarked": known.marks.bookmarked is not None,
        "bookmarked_at": known.marks.bookmarked,
        "queue_position": known.marks.queue_position,
        "queued_at": known.times.queued,
        "queued_because": known.marks.queued_because,
        "status": known.marks.status,
        "status_at": known.times.status,
        "rating": known.marks.rating,
        "later": known.marks.later,
        "later_because": known.marks.later_because,
        "collections": msgspec.to_builtins(known.collections),
        "tags": known.marks.tags,
        "note": known.marks.note,
        "retraction": known.retraction,
        "highlights": [
            {"quotation": each.quotation, "note": each.note or None, "at": each.at} for each in known.highlights
        ],
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


def say_papers(
    connection: sqlite3.Connection,
    numbers: Sequence[int],
    *,
    as_json: bool = False,
    remarks: Mapping[int, str] = MappingProxyType({}),
) -> None:
    """Print the papers with the ids `numbers`: as a table, or as JSON with all their data.

    `remarks` maps ids to remarks for the table; see `table`.
    """
    if as_json:
        say_json(paper_object(paper_details.details(connection, number)) for number in numbers)
    else:
        say(table(list_rows.read(connection, numbers), remarks=remarks))


def report_object(report: ImportReport) -> dict[str, Any]:
    """The report of an import as `recto import --json` prints it."""
    fields: dict[str, Any] = msgspec.to_builtins(report)
    return fields


def table(rows: Sequence[ListRow], digits: int = 1, remarks: Mapping[int, str] = MappingProxyType({})) -> str:
    """A table with one line for each paper: its number, marks, date, title, and the remark about it in `remarks`.

    On a terminal, titles are shortened so that each line fits. In a file or a pipe, titles are complete. The column
    with the numbers of the papers is at least `digits` cells wide.
    """
    digits = max((digits, *(len(str(row.id)) for row in rows)))
    room = None
    if is_terminal(sys.stdout):
        room = max(_LEAST_TITLE_WIDTH, shutil.get_terminal_size().columns - digits - _MARK_WIDTH - 14)
    lines = []
    for row in rows:
        remark = f"  · {wording.one_line(remarks[row.id])}" if remarks.get(row.id) else ""
        left = None if room is None else max(_LEAST_TITLE_WIDTH, room - len(remark))
        whole = f"{RETRACTED}{row.title}" if row.is_retracted else row.title
        title = styled.safe(whole, styled.LONGEST_TITLE) if left is None else styled.shortened(whole, left)
        date = wording.one_line(row.published or "")
        lines.append(f"{row.id:>{digits}}  {_marks(row):<{_MARK_WIDTH}}{date:<10}  {title}{remark}")
    return "\n".join(lines)


def page(known: PaperDetails) -> str:
    """All stored data about one paper, as text for a terminal."""
    paper = known.paper
    authors = ", ".join(author.name for author in paper.authors)
    if not authors and paper.author_count:
        authors = f"{paper.author_count} author{'s' if paper.author_count != 1 else ''}"
    marks = known.marks
    lines = [
        ("", paper.title),
        ("RETRACTED", known.retraction.text if known.retraction else ""),
        ("authors", authors),
        ("organization", paper.organization.name if paper.organization else ""),
        ("published", paper.publication_date and paper.publication_date.text),
        ("updated", paper.updated and paper.updated.isoformat()),
        ("listed", " to ".join(dict.fromkeys(str(day) for day in (known.first_listed, known.last_listed) if day))),
        ("upvotes", paper.upvotes),
        ("comments", paper.comment_count),
        ("stars", paper.stars),
        ("submitted by", paper.submitter),
        ("arXiv", paper.arxiv_id),
        ("DOI", paper.doi),
        ("categories", " ".join(paper.categories)),
        ("venue", paper.venue),
        ("comment", paper.comment),
        ("decision", paper.decision),
        ("track", paper.track),
        ("score", wording.score_text(paper)),
        ("keywords", ", ".join(paper.ai_keywords)),
        *((link.kind, link.url) for link in paper.links),
        ("citation key", known.citation_key),
        ("status", f"{marks.status} since {_at(known.times.status)}" if known.times.status else marks.status),
        ("rating", f"{marks.rating} of 5" if marks.rating else None),
        ("bookmarked", _at(marks.bookmarked)),
        ("queue", marks.queue_position),
        ("queued", _at(known.times.queued)),
        ("because", marks.queued_because),
        *(("collection", _collected(each)) for each in known.collections),
        ("later", "until a similar paper arrives" if marks.later == UNTIL_SIMILAR else marks.later),
        ("back because", f"“{marks.later_because}” arrived" if marks.later_because else None),
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
    if known.highlights:
        parts.append("Highlights:\n" + "\n".join(map(_highlight, known.highlights)))
    parts.append("Appeared in:\n" + listings)
    parts += [f"{wording.change_text(each)}: {each.before}" for each in known.changes]
    if known.sources:
        sources = "\n".join(f"  {field:<14} {wording.one_line(path)}" for field, path in sorted(known.sources.items()))
        parts.append("Taken from:\n" + sources)
    return "\n\n".join(parts)


def _highlight(highlight: Highlight) -> str:
    """A highlighted passage of the full text, and the note on it."""
    note = f"\n    {wording.one_line(highlight.note)}" if highlight.note else ""
    return f"  “{wording.one_line(highlight.quotation)}”{note}"


def _collected(place: Place) -> str:
    """The position of a paper in a collection, and when, by whom and why it was added.

    For example "Group (no. 2), added 2026-07-02 12:31 +0200 by Bob: the proof".
    """
    text = f"{place.name} (no. {place.position})"
    if place.added_at and (place.added_by or place.because):
        text += f", added {_at(place.added_at)}"
    text += f" by {place.added_by}" if place.added_by else ""
    return f"{text}: {place.because}" if place.because else text


def _at(time: str | None) -> str:
    """A stored time as local time; "" when there is none."""
    return wording.local_time(time) if time else ""


def _marks(row: ListRow) -> str:
    position = str(row.queue_position) if row.queue_position else ""
    return f"{'★' if row.bookmarked else ''}{position if len(position) < _MARK_WIDTH - 1 else '+'}"
