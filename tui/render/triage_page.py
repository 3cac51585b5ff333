"""The texts of the screen for triage: the page of the paper to decide on, the progress, and the decisions.

To triage is to go through the papers of a list one by one and to decide on each. One such pass is called a sitting.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from textual.content import Content

from store.marks.journal import Marked
from store.marks.return_day import Until
from store.marks.sittings import Decision
from store.marks.stored_marks import Marks
from store.papers.paper_details import PaperDetails
from store.search.highlighting import Highlights
from store.text import result_sentence, tex
from tui.render import page_layout, paper_page, styled, wording

# The line with the authors has at most this many names. If a paper has more authors, the line ends with their number.
_MOST_AUTHORS = 8
# The headings in the summary after a sitting (a pass through papers): one for each kind of decision, in the order in
# which they are shown.
HEADINGS: dict[Decision, str] = {
    "keep": "Kept, in the reading queue",
    "bookmark": "Bookmarked",
    "later": "Postponed",
    "hide": "Hidden",
    "skip": "Skipped",
}
# The words for the kinds of decisions in messages.
WORDS: dict[Decision, str] = {
    "keep": "kept",
    "bookmark": "bookmarked",
    "later": "postponed",
    "hide": "hid",
    "skip": "skipped",
}
_MINUTE = 60
_RESULT_STYLE = "bold $note"
_MUTED = "$muted"
# A text that says why a paper is in the list is truncated to this length (characters).
_LONGEST_REASON = 400


class TriagePage(NamedTuple):
    """The page of a paper in three parts: `head`, `abstract` and `rest`.

    `result` is the range of characters in `abstract` of the sentence that states the result of the paper, or None.
    """

    head: Content
    abstract: Content
    rest: Content
    result: tuple[int, int] | None

    def with_result(self) -> Content:
        """The abstract, in which the sentence that states the result is highlighted."""
        return self.abstract.stylize(_RESULT_STYLE, *self.result) if self.result else self.abstract


def page(
    known: PaperDetails, highlights: Highlights, *, is_filtered: bool, today: date, reason: str = ""
) -> TriagePage:
    """The page of a paper. `reason` is the explanation of its rank by the model of the user's taste, or "".

    The first part contains the title, the authors, the reason why the paper is in the list, the note and the summary.
    The abstract and other details are in the other parts.
    """
    body = known.paper
    head = [page_layout.lit(styled.title(body.title), highlights, "bold $title")]
    byline = _byline(known)
    if byline:
        head.append(page_layout.lit(byline, highlights, "$byline"))
    parts = [Content("\n").join(head), Content.styled(_why(known, highlights, is_filtered, today), _MUTED)]
    if reason:
        parts.append(Content.assemble(("For you  ", f"bold {_MUTED}"), (styled.safe(reason, _LONGEST_REASON), "")))
    if known.marks.note:
        parts.append(
            Content.assemble(("Your note  ", "bold $note"), (styled.safe_text(known.marks.note), "italic")),
        )
    if body.ai_summary:
        summary = page_layout.lit(styled.safe_text(tex.for_display(body.ai_summary)), highlights)
        parts.append(Content.assemble(("In short  ", f"bold {_MUTED}"), summary))
    if body.abstract:
        text = styled.safe_text(tex.for_display(body.abstract))
        abstract, result = page_layout.lit(text, highlights), result_sentence.find(text)
    else:
        abstract, result = Content.styled("No listing gives its abstract.", f"italic {_MUTED}"), None
    return TriagePage(Content("\n\n").join(parts), abstract, _rest(known, highlights), result)


def preview(known: PaperDetails, width: int) -> Content:
    """A preview of the next paper in muted colours, below a line of `width` cells: its title, authors and abstract."""
    body = known.paper
    heading = "The next paper"
    rule = "─" * max(1, width - len(heading) - 3)
    first = Content.assemble(("─ ", "$panel"), (heading, _MUTED), (f" {rule}", "$panel"))
    texts = [styled.title(body.title), _byline(known)]
    about = body.ai_summary or body.abstract
    texts += ["", styled.safe_text(tex.for_display(about))] if about else []
    return Content("\n").join([first, Content(), Content.styled("\n".join(texts), _MUTED)])


def _byline(known: PaperDetails) -> str:
    body = known.paper
    published = body.publication_date
    counts = [f"{sign} {number:,}" for sign, number in (("▲", body.upvotes), ("✎", body.comment_count)) if number]
    parts = [
        paper_page.authors(known, _MOST_AUTHORS),
        styled.safe(body.organization.name, 100) if body.organization else "",
        styled.day_name(*published) if published else "",
        *counts,
    ]
    return " · ".join(filter(None, parts))


def _why(known: PaperDetails, highlights: Highlights, is_filtered: bool, today: date) -> str:
    """Why the paper is in the list, for example because its postponement has ended or because it matches the filter.

    Returns "" if there is no reason to show.
    """
    parts: list[str] = []
    if known.marks.later and not known.marks.waits(today):
        because = known.marks.later_because
        arrived = f"because “{styled.title(because)}” arrived" if because else "you postponed it"
        parts.append(f"back today: {arrived}")
    if known.listings:
        listing = known.listings[0]
        name = styled.safe(listing.path.rsplit("/", 1)[-1], 60)
        day = f", listed {styled.day_name(listing.listed_on)}" if listing.listed_on else ""
        parts.append(f"no. {listing.position} of {name}{day}")
        if listing.announce_type in ("cross", "replaced"):
            parts.append({"cross": "cross-listed", "replaced": "replaced"}[listing.announce_type])
        others = len({each.path for each in known.listings}) - 1
        if others > 0:
            parts.append(f"also in {others} other listing{'s' if others > 1 else ''}")
    if is_filtered and (matched := _matched(known, highlights)):
        parts.append(f"matches in the {matched}")
    parts += _own(known.marks)
    return " · ".join(parts)


def _matched(known: PaperDetails, highlights: Highlights) -> str:
    body = known.paper
    places = {
        "title": styled.title(body.title),
        "authors": paper_page.authors(known),
        "organization": body.organization.name if body.organization else "",
        "venue": body.venue or "",
        "abstract": body.abstract or "",
    }
    named = [name for name, text in places.items() if text and highlights.spans(text)]
    return " and ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))


def _own(marks: Marks) -> list[str]:
    own = [
        "★ bookmarked" if marks.bookmarked else "",
        f"no. {marks.queue_position} in your queue" if marks.queue_position else "",
        f"rated {marks.rating} of 5" if marks.rating else "",
        "you are reading it" if marks.status == "reading" else "you are done with it" if marks.status == "done" else "",
        " ".join(f"#{styled.safe(tag, 40)}" for tag in marks.tags),
    ]
    return [part for part in own if part]


def _rest(known: PaperDetails, highlights: Highlights) -> Content:
    body = known.paper
    facts = [
        ("Venue", tex.for_display(body.venue or "")),
        ("Comment", tex.for_display(body.comment or "")),
        ("Categories", " ".join(body.categories)),
        ("Keywords", ", ".join(body.ai_keywords)),
        ("Links", ", ".join(dict.fromkeys(link.kind for link in body.links if link.kind != "page"))),
    ]
    lines = [
        Content.assemble((f"{name:<12}", _MUTED), page_layout.lit(styled.safe(value, 400), highlights))
        for name, value in facts
        if value
    ]
    return Content("\n").join(lines)


def progress_text(left: int, seconds: float, kept: int) -> str:
    """The progress of a pass through papers as text, for example "37 left · about 6 minutes · kept 4".

    `left` is the number of papers left, `seconds` the expected time for them (s), and `kept` the number of papers kept.
    """
    return " · ".join(filter(None, (f"{left:,} left", _duration(seconds) if left else "", f"kept {kept:,}")))


def progress_bar(done: int, left: int, width: int) -> Content:
    """A progress bar of `width` cells. Its bright part stands for the papers on which the user has decided."""
    full = width if not left else min(width - 1, width * done // (done + left)) if width else 0
    return Content.assemble(("━" * full, "$primary"), ("─" * (width - full), "$panel"))


def decision_text(decision: Decision, title: str, until: Until | None) -> str:
    """The message about a decision on one paper, for example "kept: A Title"."""
    when = "a similar paper arrives" if until == "similar" else styled.day_name(until) if until else ""
    to = f" until {when}" if when and decision == "later" else ""
    return f"{WORDS[decision]}{to}: {styled.title(title)}"


def taken_back_text(steps: Sequence[Marked]) -> str:
    """The message about decisions that the user has undone, for example "taken back: kept 1 paper"."""
    if not steps:
        return "nothing was taken back"
    if len(steps) > 1:
        return f"taken back: {wording.count(len(steps), 'decision')}"
    return f"taken back: {wording.mark_text(steps[0].label, len(steps[0].papers))}"


def _duration(seconds: float) -> str:
    if seconds < _MINUTE:
        return "less than a minute"
    minutes = round(seconds / _MINUTE)
    if minutes >= 100:
        return f"about {round(minutes / 60)} hours"
    return f"about {minutes} minute{'s' if minutes > 1 else ''}"
