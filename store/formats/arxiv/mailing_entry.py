"""An entry of arXiv's mailings, collected line by line, and the facts that a mailing states about all of its entries.

The listing day of an entry is the day on which arXiv announced the paper.
"""

from __future__ import annotations

import re
from datetime import UTC, date, timedelta
from email.utils import parsedate_to_datetime

from store.formats.arxiv import fields
from store.formats.arxiv.authors import author_list
from store.matching import identifiers
from store.matching.arxiv_subjects import category_in
from store.model import limits
from store.model.entry import AnnounceType, Entry, Refused
from store.model.paper import Paper

_ID = re.compile(r"(?:arXiv:\s*(?P<arxiv>\S+)|Paper(?:\s*\(\*cross-listing\*\))?\s*:\s*(?P<paper>\S+))(?P<rest>.*)")
_CROSS = "(*cross-listing*)"
_REPLACED = re.compile(r"(?:replaced with revised version|(?:figures|part) added)\b\s*(.*)", re.IGNORECASE)
_DATE = re.compile(r"Date\s*+(?:\([a-z ]*v(\d{1,4})\)\s*+)?:\s*+(.*)")
_FIELD = re.compile(
    r"(Title|Authors?|Categories|Comments?|Report-no|Journal-ref|DOI|License|MSC-class|ACM-class|Subj-class"
    r"|Proxy|From)\s*:\s?(.*)",
    re.IGNORECASE,
)
_OTHER_FIELD = re.compile(r"[A-Z][A-Za-z]*(?:-[a-z]+)+\s*:\s")
_SAME_FIELD = {"author": "authors", "comment": "comments"}
# arXiv sends a mailing at most this long after the last submission in it. The time includes a weekend with holidays.
_LONGEST_DELAY = timedelta(days=6)
# The number of days from a weekday (Monday first) to the next working day.
_UNTIL_NEXT_WORKING_DAY = (1, 1, 1, 1, 3, 2, 1)


class Mailing:
    """One mailing: its day, the current section, and whether it must end in a line of dashes and percent signs."""

    def __init__(self, *, is_mail: bool = False, mail_date: str | None = None) -> None:
        self.is_mail = is_mail
        self.mail_date = mail_date
        self.received_until: date | None = None
        self.heading: date | None = None
        self.section: AnnounceType = "new"
        self.has_abstracts = False
        # A complete daily mail ends in the line `%%%---%%%---`, so `wants_end` is True for it. Text that was copied
        # from a mail may lack this line.
        self.wants_end = False
        self.ended = False
        self.entries = 0

    def received(self, until: str) -> None:
        """Store the last day on which papers of this mailing were submitted. Only daily mailings state the period."""
        self.received_until = fields.day(until)
        self.heading = None
        self.has_abstracts = True
        self.wants_end = self.is_mail

    def listed_on(self) -> date | None:
        """The listing day of an entry at the current position of the mailing; None when it is unknown.

        It is the day in the heading above the entry. Without a heading, it is the date of the mail. If that date is
        more than a few days after the last submission (people forward mails weeks later), it is the working day after
        the last submission.
        """
        if self.heading:
            return self.heading
        sent = _utc_day(self.mail_date)
        until = self.received_until
        if until is None:
            return sent
        if sent and timedelta(0) <= sent - until <= _LONGEST_DELAY:
            return sent
        return until + timedelta(days=_UNTIL_NEXT_WORKING_DAY[until.weekday()])


class EntryText:
    """The lines of one entry, divided into its fields and its abstract."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.written_id: str | None = None
        self.is_cross = False
        self.is_replaced = False
        self.replaced_on: date | None = None
        # One element for each line "Date": the version, or None if the line does not state it, and the day.
        self.dates: list[tuple[int | None, date | None]] = []
        self.abstract: list[str] = []
        self._fields: dict[str, list[str]] = {}
        self._field: str | None = None
        self._size = 0

    def add(self, text: str) -> None:
        """Add a line that is above the abstract. A line that does not start a field is added to the field before it."""
        if text[:1] == " " and self._field:
            self._append(text)
        elif match := id_line(text):
            self.written_id = match["arxiv"] or match["paper"]
            self.is_cross = _CROSS in text
        elif match := _REPLACED.match(text):
            self.is_replaced = True
            self.replaced_on = fields.day(match[1])
            self._field = None
        elif match := _DATE.match(text):
            self.dates.append((int(match[1]) if match[1] else None, fields.day(match[2])))
            self._field = None
        elif match := _FIELD.match(text):
            name = match[1].lower()
            self._field = _SAME_FIELD.get(name, name)
            self._append(match[2])
        elif not text or _OTHER_FIELD.match(text):
            self._field = None
        else:
            self._append(text)

    def add_to_abstract(self, text: str) -> None:
        """Add a line of the abstract, unless the entry is too large."""
        if self._has_room_for(text):
            self.abstract.append(text)

    def _append(self, text: str) -> None:
        if self._field and self._has_room_for(text):
            self._fields.setdefault(self._field, []).append(text.strip())

    def _has_room_for(self, text: str) -> bool:
        self._size += len(text) + 1
        return self._size <= limits.MAILING_ENTRY

    def field(self, name: str) -> str | None:
        """The text of a field on one line; None when the entry has no such field."""
        return " ".join(self._fields[name]) if name in self._fields else None

    def name(self) -> str:
        """The text that identifies this entry in messages to the user: its identifier, or else its title."""
        if self.written_id:
            return f"arXiv:{self.written_id}"
        title = self.field("title")
        return f"“{title[:80]}”" if title else "an entry"

    def entry(self, mailing: Mailing, index: int) -> Entry | Refused:
        """The entry that the collected lines describe; a Refused when it has no id or title, or is too large.

        `index` is the index of the entry in the file, from 1.
        """
        if self.written_id is None:
            return Refused(index, self.line, f"{self.name()} has no arXiv identifier")
        identifier = identifiers.arxiv_id(self.written_id)
        if identifier is None:
            return Refused(index, self.line, f"{self.written_id[:80]!r} is not an arXiv identifier")
        if self._size > limits.MAILING_ENTRY:
            return Refused(index, self.line, f"{self.name()} is larger than {limits.MAILING_ENTRY >> 20} MiB")
        title = fields.line(self.field("title"))
        if title is None:
            return Refused(index, self.line, f"{self.name()} has no title")
        is_replaced = self.is_replaced or mailing.section == "replaced"
        is_cross = self.is_cross or mailing.section == "cross"
        published = next((day for version, day in self.dates if version in (None, 1)), None)
        revisions = [(version, day) for version, day in self.dates if version and version > 1]
        last, revised_on = max(revisions, key=lambda each: each[0], default=(1, None))
        authors = author_list(self.field("authors"))
        paper = Paper(
            title=title,
            abstract=_abstract(self.abstract),
            authors=authors.authors,
            author_count=authors.total,
            published=published,
            updated=self.replaced_on or revised_on,
            arxiv_id=identifier.id,
            arxiv_version=identifier.version or (last if self.dates and not is_replaced else None),
            doi=fields.doi(self.field("doi")),
            categories=self._categories(identifier.id),
            venue=fields.line(self.field("journal-ref")),
            comment=fields.line(self.field("comments")),
            links=fields.links(identifier.id),
        )
        kind: AnnounceType = "replaced" if is_replaced else "cross" if is_cross else "new"
        return Entry(paper=paper, line=self.line, listed_on=mailing.listed_on(), announce_type=kind)

    def _categories(self, arxiv_id: str) -> tuple[str, ...]:
        """The categories of the paper.

        An old mailing contains only the archive (in the identifier) and subject classes of that archive.
        """
        if categories := self.field("categories"):
            return fields.categories(categories.split())
        archive, slash, _ = arxiv_id.partition("/")
        if not slash:
            return ()
        classes = (category_in(archive, each) for each in (self.field("subj-class") or "").split(";"))
        return fields.categories(filter(None, classes)) or (archive,)


def id_line(text: str) -> re.Match[str] | None:
    """The match of a line with an identifier: "arXiv:2303.00763 (*cross-listing*)" or "Paper: astro-ph/0601001"."""
    match = _ID.match(text)
    return match if match and match["rest"].strip() in ("", _CROSS) else None


def is_field(text: str) -> bool:
    """Whether a line starts one of the fields that come before the abstract."""
    return bool(_FIELD.match(text) or _DATE.match(text) or _REPLACED.match(text))


def _abstract(lines: list[str]) -> str | None:
    """The abstract in `lines`, where an indented line starts a new paragraph."""
    return fields.abstract("\n".join(f"\n{line.strip()}" if line[:1].isspace() else line for line in lines))


def _utc_day(written: str | None) -> date | None:
    """The day in UTC on which a mail was sent, from the date `written` in its header. None if that is not a date."""
    try:
        sent = parsedate_to_datetime(written or "")
        return (sent.astimezone(UTC) if sent.tzinfo else sent).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
