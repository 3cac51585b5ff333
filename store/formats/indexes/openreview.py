"""Read the JSON of OpenReview's API, version 1 or 2: a response with notes, a list of notes, or single notes.

A note is a submission, a review, a decision or a comment. In API 2, each field of a note's content is an object,
`{"value": …}`; in API 1, it is the value itself. If the request had `details=replies` or `details=directReplies`, the
reviews and decisions of a paper are inside the note of the paper. In the notes of a forum, which is the page of one
paper, they are in the same list as the note of the paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, BinaryIO, NamedTuple

import msgspec

from store.formats.bibliography import fields
from store.formats.shared import answer_pages, conference, ids_and_links, json_items
from store.formats.shared.json_items import Around, Unfit, Value
from store.model.entry import Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Paper

NAME = "openreview"
TITLE = "OpenReview JSON"
FAMILY = "openreview"
EXAMPLE = "openreview-notes.json"
STREAMS = True

_LISTS = (("notes",),)
_SITE = "https://openreview.net"
# The start of the name of a group or an invitation, for example "ICLR.cc/2026/Conference/-/Submission".
_GROUP = re.compile(r"[\w.-]+/\d{4}/(?:Workshop/(?P<workshop>\w[\w.-]*)|(?P<track>[\w.-]+))")
_NO_TRACK = {"conference", "-"}
# The largest number of papers that are in memory until their reviews have been read.
_MOST_SUBMISSIONS = 20_000
# The fields of a review that may contain its overall score, and the fields that may contain a decision.
_SCORES = (
    "rating",
    "recommendation",
    "overall_recommendation",
    "overall_rating",
    "overall_assessment",
    "overall_score",
)
_DECISIONS = ("decision", "acceptance_decision")


class _Note(msgspec.Struct):
    """A note. Times are milliseconds since 1970.

    `cdate` is the creation date, which may have been edited, and `tcdate` is the true creation date.
    """

    id: str | None = None
    forum: str | None = None
    replyto: str | None = None
    cdate: int | None = None
    tcdate: int | None = None
    invitation: str | None = None
    invitations: list[str] | None = None
    content: dict[str, Any] | None = None
    details: dict[str, Any] | None = None


class _Page(msgspec.Struct):
    count: int | None = None


_NOTE = msgspec.json.Decoder(_Note)
_PAGE = msgspec.json.Decoder(_Page)


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is from OpenReview.

    It is near 1 when the notes have keys that only OpenReview uses, and 0.6 for a response with a list of notes and a
    count.
    """
    keys = json_items.keys(head)
    for above in ("notes.", ""):
        if {f"{above}content", f"{above}forum"} <= keys:
            return 0.97
        if f"{above}content.title" in keys and keys & {f"{above}invitations[]", f"{above}invitation"}:
            return 0.97
    return 0.6 if {"notes[]", "count"} <= keys else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield the entries of the papers, and warnings about notes that were left out and about further pages.

    Raises ListingError when all notes are replies.
    """
    total: int | None = None
    note_count = index = 0
    has_report = False
    submissions = _Submissions()
    for piece in json_items.items(stream, lists=_LISTS):
        if isinstance(piece, Around):
            page = json_items.around(piece, _PAGE)
            total = page.count if page and page.count is not None else total
        elif isinstance(piece, Value):
            note_count += 1
            try:
                note = json_items.decoded(piece, _NOTE)
            except Unfit as unfit:
                index += 1
                yield Refused(index, piece.line, str(unfit))
                continue
            if note.replyto and note.replyto != note.id:
                submissions.add_reply(note)
            else:
                index += 1
                yield from submissions.add_paper(_Submission(note, piece.line, index, []))
        else:
            index += isinstance(piece, Refused)
            has_report = True
            yield msgspec.structs.replace(piece, index=index) if isinstance(piece, Refused) else piece
    yield from submissions.rest()
    if submissions.left_out and not index and not has_report:
        raise ListingError("only reviews and comments, no paper; request the submissions")
    if submissions.left_out:
        yield Warned(f"reviews and comments of papers that are not in the file were left out: {submissions.left_out:,}")
    if total is not None and 0 < note_count < total:
        yield answer_pages.one_page(note_count, total, "notes")


class _Submission(NamedTuple):
    """The note of a paper, its line and its index in the file, and the notes that reply to it."""

    note: _Note
    line: int
    number: int
    replies: list[_Note]


class _Submissions:
    """Papers in memory whose reviews and decisions, which may be later notes in the same file, have not been read yet.

    `left_out` is the number of replies whose paper is not in memory: the paper has not been read yet, or its entry was
    already yielded.
    """

    def __init__(self) -> None:
        self._submissions: dict[str, _Submission] = {}
        # The replies that were read before the paper to which they belong, by the id of that paper.
        self._early: dict[str, list[_Note]] = {}
        self._count = 0
        self.left_out = 0

    def add_reply(self, note: _Note) -> None:
        paper = self._submissions.get(note.forum or "")
        if paper:
            paper.replies.append(note)
        else:
            self._early.setdefault(note.forum or "", []).append(note)
            self.left_out += 1

    def add_paper(self, paper: _Submission) -> Iterator[Entry | Refused]:
        """Store `paper` until its replies have been read.

        If _MOST_HELD papers are already stored, first yields the entries of those papers.
        """
        if len(self._submissions) >= _MOST_SUBMISSIONS:
            yield from self.rest()
        self._count += 1
        early = self._early.pop(paper.note.id or "", [])
        self.left_out -= len(early)
        paper.replies.extend(early)
        number = paper.note.id
        self._submissions[number if number and number not in self._submissions else f" {self._count}"] = paper

    def rest(self) -> Iterator[Entry | Refused]:
        """Yield the entries of all stored papers, in file order, and remove the papers."""
        for paper in self._submissions.values():
            try:
                yield _entry(paper)
            except Unfit as unfit:
                yield Refused(paper.number, paper.line, str(unfit))
        self._submissions = {}


def _entry(paper: _Submission) -> Entry:
    note = paper.note
    content = {name: _plain(value) for name, value in (note.content or {}).items()}
    title = _text(content, "title")
    if title is None:
        raise Unfit("it has no title")
    number = note.forum or note.id
    page = f"{_SITE}/forum?id={number}" if number else None
    pdf, html = _address(content, "pdf"), _address(content, "html")
    venue = _text(content, "venue")
    group = _text(content, "venueid") or next(iter(note.invitations or ()), note.invitation) or ""
    replies = [reply for reply in map(_reply_content, [*_replies(note), *paper.replies]) if reply]
    identity = ids_and_links.identity(
        dois=[_text(content, "doi"), _text(content, "DOI")],
        addresses=[pdf, html],
        mentions=[_text(content, "_bibtex"), html],
    )
    authors = _authors(content)
    return Entry(
        paper=Paper(
            title=title,
            abstract=_text(content, "abstract"),
            authors=authors,
            author_count=len(authors) or None,
            published=_day(note.cdate or note.tcdate),
            arxiv_id=identity.arxiv_id,
            arxiv_version=identity.arxiv_version,
            doi=identity.doi,
            categories=tuple(filter(None, [_text(content, "primary_area")])),
            venue=None if venue and fields.is_arxiv(venue) else venue,
            comment=_text(content, "TLDR") or _text(content, "TL;DR") or _text(content, "one-sentence_summary"),
            decision=_decision(content, replies, venue, group),
            track=_track(group),
            scores=tuple(score for reply in replies if (score := _score(reply)) is not None),
            links=ids_and_links.links(
                ("page", page or html),
                ("pdf", pdf or ids_and_links.arxiv_pdf(identity.arxiv_id)),
                ("code", _address(content, "code")),
            ),
        ),
        line=paper.line,
    )


def _plain(value: Any) -> Any:
    """The value of a field. In API 2, the value is inside an object, `{"value": …}`."""
    return value.get("value") if isinstance(value, dict) and "value" in value else value


def _text(content: dict[str, Any], name: str) -> str | None:
    value = content.get(name)
    return value.strip() or None if isinstance(value, str) else None


def _address(content: dict[str, Any], name: str) -> str | None:
    """The address in a field. A path such as "/pdf/…" is completed with the address of OpenReview."""
    text = _text(content, name)
    return f"{_SITE}{text}" if text and text.startswith("/") else text


def _authors(content: dict[str, Any]) -> tuple[Author, ...]:
    """The authors, from names or from objects with a name. An anonymous submission has no authors."""
    people = content.get("authors")
    names = [
        each.get("fullname") or each.get("name") if isinstance(each, dict) else each
        for each in (people if isinstance(people, list) else [people])
    ]
    return tuple(
        Author(name) for name in names if isinstance(name, str) and name.strip() and not conference.is_blinded(name)
    )


def _replies(note: _Note) -> list[Any]:
    details = note.details or {}
    lists = (details.get(name) for name in ("replies", "directReplies"))
    return next((replies for replies in lists if isinstance(replies, list)), [])


def _reply_content(reply: Any) -> dict[str, Any]:
    content = reply.content if isinstance(reply, _Note) else reply.get("content") if isinstance(reply, dict) else None
    return {str(name): _plain(value) for name, value in content.items()} if isinstance(content, dict) else {}


def _score(reply: dict[str, Any]) -> float | None:
    return next((score for name in _SCORES if (score := conference.score(reply.get(name))) is not None), None)


def _decision(content: dict[str, Any], replies: list[dict[str, Any]], venue: str | None, group: str) -> str | None:
    """The decision, from the first of these that has one: replies, fields of the paper, name of venue, of group."""
    stated = (each.get(name) for each in (*replies, content) for name in _DECISIONS)
    written = next((text.strip() for text in stated if isinstance(text, str) and text.strip()), None)
    return conference.decision(written) or conference.decision_of_venue(venue) or conference.decision_of_group(group)


def _track(group: str) -> str | None:
    """The track in the name of a group: "Datasets and Benchmarks" for "NeurIPS.cc/2024/Datasets_and_Benchmarks".

    None for the main track, whose group is called "Conference".
    """
    match = _GROUP.match(group)
    if match and match["workshop"]:
        return f"{match['workshop'].replace('_', ' ')} Workshop"
    track = match["track"].replace("_", " ") if match else ""
    return track if track and track.lower() not in _NO_TRACK else None


def _day(milliseconds: int | None) -> date | None:
    if milliseconds is None or not 0 < milliseconds < 253_402_300_800_000:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).date()
