"""Makes the page with the statistics of what the user has read, for the dialog and for `recto stats`."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from store.search.highlighting import Highlights
from store.statistics.export import wait_name
from store.statistics.reading import Named, Statistics, Week
from store.statistics.terms import Term
from tui.render import charts, styled, wording
from tui.render.page_layout import MUTED, PageBuilder
from tui.render.pieces import Piece, fit

# The height of the charts over time (lines), and the width of the numbers beside them (cells).
_HEIGHT = 3
_SCALE = 6
_NAME_WIDTH = 26
_TERM_WIDTH = 30
# Texts that replace charts without data. Each says what the chart will show, and when it will have data.
_NO_READ = "Nothing yet. A paper counts in the week in which you mark it as done."
_NO_QUEUE = "Nothing yet. Each week will show how many papers were in the queue at its end."
_NO_AGE = "Nothing yet. From the day after you queue a paper, this shows how long papers wait."
_NO_DECISION = "Nothing yet. Each paper that you keep, skip, drop or mark as done counts on its day."
_NO_WAIT = "Nothing yet. When you mark a paper as done, it counts by the time since its listing."
_WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "Sun")


def statistics_text(found: Statistics, width: int) -> Content:
    """The page with all charts, at most `width` cells wide."""
    page = PageBuilder(width, Highlights())
    page.text(_summary(found), "bold $title")
    weeks = found.weeks[-max(1, width - _SCALE) :]
    # If there is enough room, each week is two cells wide.
    cells = 2 if width - _SCALE >= 2 * len(weeks) else 1
    read, queued = [week.read for week in weeks], [week.queued for week in weeks]
    ages = [week.queue_age or 0 for week in weeks]
    _over_time(page, "Papers read per week", weeks, read, cells, _NO_READ)
    _over_time(page, "Papers in the queue", weeks, queued, cells, _NO_QUEUE)
    _over_time(page, "Days that they have been there, on average", weeks, ages, cells, _NO_AGE)
    _decisions(page, found, weeks, cells)
    page.rule("From listing to reading")
    waits = [(wait_name(wait), wait.count) for wait in found.waits]
    if any(count for _, count in waits):
        _bars(page, waits, width)
    else:
        page.text(_NO_WAIT, MUTED)
    _named(page, "Topics of the papers read", found.topics, width)
    _named(page, "Organizations of the papers read", found.organizations, width)
    _terms(page, "Rising in titles", found.rising)
    _terms(page, "Falling in titles", found.falling)
    return page.page().content


def _summary(found: Statistics) -> str:
    papers = f"{wording.count(found.read, 'paper')} read of {found.papers:,}, {found.queued:,} in the queue."
    if found.typical_wait is None:
        return papers
    days = "the same day" if found.typical_wait < 1 else wording.count(round(found.typical_wait), "day")
    return f"{papers} You typically read a paper {days}{'' if found.typical_wait < 1 else ' after its listing'}."


def _over_time(
    page: PageBuilder, heading: str, weeks: Sequence[Week], values: Sequence[float], cells: int, nothing: str
) -> None:
    """Add a chart with a column for each week. The largest value is printed at the left end of the first line.

    If all values are 0, the text `nothing` is added instead.
    """
    most = max(values, default=0)
    page.rule(heading, f"this week {values[-1]:,.3g}" if most else "")
    if not most:
        page.text(nothing, MUTED)
        return
    for number, line in enumerate(charts.column_chart(values, _HEIGHT, cells)):
        scale = f"{most:,.3g}" if number == 0 and most else ""
        page.row((f"{scale:>{_SCALE - 1}} ", MUTED), (line, "$key"))
    page.row((" " * _SCALE, ""), (charts.month_axis([week.monday for week in weeks], cells), MUTED))


def _decisions(page: PageBuilder, found: Statistics, weeks: Sequence[Week], cells: int) -> None:
    """Add the heat map of decisions, in which a darker day has more decisions.

    The largest number is in the heading.
    """
    mondays = [week.monday for week in weeks]
    most = max(found.decisions.values(), default=0)
    page.rule("Papers that you decided on, day by day", f"most {most:,}" if most else "")
    if not most:
        page.text(_NO_DECISION, MUTED)
        return
    for name, line in zip(_WEEKDAYS, charts.heat_map(found.decisions, mondays, found.until, cells), strict=True):
        page.row((f"{name:>{_SCALE - 1}} ", MUTED), (line, "$key"))
    page.row((" " * _SCALE, ""), (charts.month_axis(mondays, cells), MUTED))


def _named(page: PageBuilder, heading: str, named: Sequence[Named], width: int) -> None:
    if named:
        page.rule(heading)
        _bars(page, [(each.name, each.count) for each in named], width)


def _bars(page: PageBuilder, named: Sequence[tuple[str, int]], width: int) -> None:
    """Add a line for each name: the name, a bar, and the number that the bar shows."""
    most = max((count for _, count in named), default=0)
    room = max(4, width - _NAME_WIDTH - len(f"{most:,}") - 2)
    for name, count in named:
        bar = charts.bar(count, most, room)
        gap = " " if bar else ""
        page.row((_cell(name, _NAME_WIDTH), ""), (bar, "$key"), (f"{gap}{count:,}", MUTED))


def _terms(page: PageBuilder, heading: str, terms: Sequence[Term]) -> None:
    """Add a line for each term: in how many of 1,000 titles it was in the twelve months before, and is now."""
    if not terms:
        return
    page.rule(heading, "of 1,000 titles, before → last 30 days")
    for term in terms:
        numbers = f"{term.before:>6,.1f} → {term.now:,.1f}"
        page.row((_cell(term.text, _TERM_WIDTH), ""), (numbers, MUTED))


def _cell(text: str, width: int) -> str:
    """A name from a listing, safe to display and exactly `width` cells wide."""
    return "".join(piece.text for piece in fit((Piece(styled.safe(text, 200)),), width - 1)) + " "
