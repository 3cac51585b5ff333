"""The columns of the list: which values of a paper are shown in its line, where, and with which signs.

The function `marks` makes the text before the title, `facts` the text at the right end of the line, and `about` the
second line. `Columns` has the widths of the columns. tui/render/paper_line.py fits them into the width of the list.

The values come from ListRow (store/papers/list_rows.py). To show a value that the library does not store yet, first add
a field to `Paper` (CONTRIBUTING.md, "A field of Paper"). The tests are in tests/tui/render/test_list_columns.py.
"""

from __future__ import annotations

from collections import namedtuple
from datetime import date

from store.text import dates
from tui.render.cell_width import width as width_of
from tui.render.display_text import safe
from tui.render.pieces import Line, Piece, highlighted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from store.papers.list_rows import ListRow

_STATUS_MARK = {"new": "●", "seen": " ", "reading": "◐", "done": "✓", "hidden": "∅"}
# The styles in which tags are drawn. Other parts of a line use these styles as well, because each additional style
# would slow down drawing in Textual.
TAG_STYLES = ("tag", "place", "star", "key")
_DATE_WIDTH = 10
# The width of the time since a paper was put into the queue or a collection, such as "5d" (cells).
_AGE_WIDTH = 5
# The name of the person who added a paper to a shared collection is truncated to this width (cells).
_LONGEST_PERSON = 14
# arXiv's types of announcements, each with the word that a line shows for it. A paper that was announced as new gets no
# word.
_ANNOUNCED: dict[str | None, str] = {"cross": "cross-listed", "replaced": "replaced"}
# The signs beside the titles in the list, each with its meaning, for the help.
SIGNS_HELP: tuple[tuple[str, str], ...] = (
    ("●", "new"),
    ("◐", "being read"),
    ("✓", "done"),
    ("∅", "hidden"),
    ("★", "bookmarked"),
    ("q1  q2", "place in the queue"),
    ("4/5", "your rating"),
    ("▲12  ✎3", "upvotes, comments"),
    ("⤳  ↻", "cross-listed, replaced"),
    ("⚂", "chosen by chance, in For you"),
)


class Columns(namedtuple("_Columns", ("today", "place", "upvotes", "comments", "day", "only_day"))):
    """The widths of the columns of a list (cells). A column that is empty in all rows has the width 0.

    `place` is the column for the position in the reading queue, before the title. Its width is 0 in all views except
    "Queue". `day` is the column for the date. If all rows have the same date, rows do not show it: `only_day` is that
    date, and the column has the width 0.
    """

    __slots__ = ()
    today: date
    place: int
    upvotes: int
    comments: int
    day: int
    only_day: str | None

    @classmethod
    def none(cls, today: date, place: int = 0) -> Columns:
        """The columns of a list without rows. All widths except `place` are 0."""
        return cls(today, place, 0, 0, 0, None)

    def including(self, rows: Iterable[ListRow]) -> Columns:
        """These columns, made wider where the values of `rows` need it."""
        upvotes, comments, width, only_day = self.upvotes, self.comments, self.day, self.only_day
        for row in rows:
            if row.upvotes:
                upvotes = max(upvotes, len(_count(row.upvotes, "▲")))
            if row.comment_count:
                comments = max(comments, len(_count(row.comment_count, "✎")))
            published = row.published or ""
            if width:
                width = max(width, width_of(_day(published, self.today)))
            elif only_day is None:
                only_day = published
            elif only_day != published:
                width = max(width_of(_day(each, self.today)) for each in (only_day, published))
        return self._replace(upvotes=upvotes, comments=comments, day=width, only_day=only_day)

    @property
    def marks_width(self) -> int:
        """The width of the marks before a title (cells): the status, the bookmark and the position in the queue."""
        return 3 + (self.place + 1 if self.place else 0)


def marks(row: ListRow, columns: Columns) -> Line:
    marks = (Piece(_STATUS_MARK[row.status], f"status-{row.status}"), Piece("★ " if row.bookmarked else "  ", "star"))
    if not columns.place:
        return marks
    place = str(row.queue_position or "")
    return (*marks, Piece(f"{place if len(place) <= columns.place else '+':>{columns.place}} ", "place"))


def announced(row: ListRow) -> Line:
    """The sign before the title of a paper that is cross-listed, replaced, or chosen at random by the view "For you".

    Only lists with one line for each paper use the sign. In lists with two lines, the second line says this in words.
    """
    sign = "⚂ " if row.is_by_chance else {"cross": "⤳ ", "replaced": "↻ "}.get(row.announce_type or "")
    return (Piece(sign, "heading"),) if sign else ()


def facts(row: ListRow, columns: Columns) -> Line:
    """The values at the right end of a line, such as the rating, the date of publication and the counts.

    Further values are the position in the queue, and the day until which the paper is postponed.

    In the queue and in a collection, the time since the paper was put there replaces the date of publication.
    """
    facts: list[Piece] = []
    if row.queue_position and not columns.place:
        facts.append(Piece(f"q{row.queue_position}" if row.queue_position < 1000 else "q+", "place"))
    if row.rating:
        facts.append(Piece(f"{row.rating}/5", "place"))
    if row.later and row.later > columns.today.isoformat():
        # "similar" is UNTIL_SIMILAR in store/marks/registers.py. Importing that module would slow down the start.
        until = "similar" if row.later == "similar" else _day(row.later, columns.today)
        facts.append(Piece(f"until {until}", "place"))
    if row.addition:
        # In a collection, show who added a paper and when, instead of the date of the paper.
        since = f"{age(row.addition.at, columns.today):>{_AGE_WIDTH}}"
        who = safe(row.addition.by, _LONGEST_PERSON) if row.addition.by else ""
        facts.append(Piece(f"{who} {since}", "place") if who else Piece(since, "muted"))
    elif columns.place:
        # In the queue, show how long the paper has been in it, instead of the date of the paper.
        facts.append(Piece(f"{age(row.queued_at, columns.today):>{_AGE_WIDTH}}", "muted"))
    elif columns.day:
        day = _day(row.published or "", columns.today)
        facts.append(Piece(" " * (columns.day - width_of(day)) + day, "muted"))
    for count, sign, width in ((row.upvotes, "▲", columns.upvotes), (row.comment_count, "✎", columns.comments)):
        if width:
            facts.append(Piece(f"{_count(count, sign):>{width}}", "muted"))
    return tuple(facts)


def about(row: ListRow, byline: str, spans: Sequence[tuple[int, int]], columns: Columns) -> Line:
    """The text of a paper's second line.

    It begins with the reason why the paper is in the list, if there is one. After that come the announcement type, the
    organization, the authors, the decision of a conference, the score and the tags.
    """
    parts: list[Line] = []
    if row.is_by_chance:
        parts.append((Piece("by chance", "heading"),))
    if because := _because(row, columns):
        parts.append((Piece(safe(because, 60), "place"),))
    if row.announce_type in _ANNOUNCED:
        parts.append((Piece(_ANNOUNCED[row.announce_type], "heading"),))
    if byline:
        parts.append(highlighted(byline, spans, "muted"))
    if row.decision or row.score is not None:
        # Show, for example, "Oral 8.5". The word "score" is left out, because the names of decisions may be long.
        mean = "" if row.score is None else f"{' ' if row.decision else 'score '}{row.score / 100:g}"
        parts.append((Piece(safe(row.decision or "", 40), "heading"), Piece(mean, "muted")))
    parts += [(Piece(f"#{safe(tag, 40)}", tag_style(tag)),) for tag in row.tags]
    pieces: list[Piece] = []
    for part in parts:
        if pieces:
            pieces.append(Piece(" · ", "muted"))
        pieces.extend(part)
    return tuple(pieces)


def _because(row: ListRow, columns: Columns) -> str:
    """Why the paper is in the list; "" if unknown.

    The reason is the one that was stored when the paper was put into the queue or the collection, or the similar paper
    whose arrival ended the paper's postponement.
    """
    if columns.place:
        return row.queued_because or ""
    if row.addition:
        return row.addition.because or ""
    return f"back: “{row.later_because}” arrived" if row.later_because else ""


def byline_of(row: ListRow) -> str:
    """The organization and the authors of a paper as the list shows them.

    If the names of the authors are unknown, their number is shown.
    """
    authors = row.author_count
    names = safe(row.byline, 120) if row.byline else ""
    if not names and authors:
        names = f"{authors} author{'s' if authors != 1 else ''}"
    organization = safe(row.organization, 60) if row.organization else ""
    return " · ".join(filter(None, (organization, names)))


def tag_style(tag: str) -> str:
    """The name of the style in which a tag is drawn. It depends only on the name of the tag."""
    return TAG_STYLES[sum(tag.encode("utf-8", "replace")) % len(TAG_STYLES)]


def age(since: str | None, today: date) -> str:
    """How long ago a time (ISO 8601 in UTC) was, in at most five cells: "today", "5d", "3w", "2y".

    The result is "" for None. It is also "" for a text that is not a time, which another program may have stored.
    """
    try:
        days = (today - date.fromisoformat((since or "")[:10])).days
    except ValueError:
        return ""
    for length, unit in ((365, "y"), (7, "w"), (1, "d")):
        if days >= length * (2 if unit != "d" else 1):
            return f"{min(days // length, 999)}{unit}"
    return "today"


def _day(stored: str, today: date) -> str:
    """The date of publication as the list shows it, with a day, a month or only a year; "" when it is unknown."""
    return safe(dates.stored_name(stored, today), _DATE_WIDTH + 1) if stored else ""


def _count(number: int | None, sign: str) -> str:
    """A sign and a count of at most three digits, for example "▲12k" for 12,345. Returns "" for 0 and None."""
    if not number:
        return ""
    for unit in ("", "k", "M", "G", "T", "P"):
        if number < 1000:
            return f"{sign}{number}{unit}"
        number //= 1000
    return f"{sign}+"
