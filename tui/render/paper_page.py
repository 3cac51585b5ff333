"""The detail page of a paper, with everything that the library has about the paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from textual.content import Span

from store.marks.registers import UNTIL_SIMILAR
from store.marks.stored_marks import Marks, Place
from store.model.partial_date import PartialDate
from store.papers import addresses
from store.papers.paper_details import Appearance, PaperDetails
from store.search.highlighting import Highlights
from store.text import tex
from store.text.dates import stored_name
from tui.render import explanation as explanations
from tui.render import styled, wording
from tui.render.explanation import Explanation
from tui.render.page_layout import MUTED, Block, Page, PageBuilder

# The width of the column with the days of listings (cells). The longest date, such as "29 Oct 2026", and two spaces fit
# into it.
_DAY_WIDTH = 13
# The largest numbers of authors below the title, of authors in the section of authors, and of listings. If a paper has
# more, the page shows, for example, "and 2,900 more".
_FIRST_AUTHORS = 12
_MOST_AUTHORS = 60
_MOST_LISTINGS = 20
# The largest number of highlights on the page, and the largest length of each (characters).
_MOST_HIGHLIGHTS = 20
_LONGEST_HIGHLIGHT = 600
# The colour for each of the styles in which tags are drawn.
_TAG_COLORS = {"tag": "$tag", "place": "$organization", "star": "$star", "key": "$key"}
_STATUSES = {
    "new": "",
    "seen": "",
    "reading": "you are reading it",
    "done": "you are done with it",
    "hidden": "hidden",
}


class PageKeys(NamedTuple):
    """The keys that a page shows; "" for an action that has no key.

    These keys open the web page, the PDF and a link, filter by a keyword, edit the note, list similar papers, and ask
    for more or less of something, such as an author, in the view "For you".
    """

    page: str
    pdf: str
    link: str
    keywords: str
    note: str
    similar: str
    more: str
    less: str


def paper(
    known: PaperDetails,
    highlights: Highlights,
    width: int,
    keys: PageKeys,
    explanation: Explanation = explanations.NOTHING,
) -> Page:
    """The detail page of one paper, `width` cells wide, with the matches of the filter highlighted.

    `explanation` contains the reasons why the paper is where it is in the list, and the similar papers.
    """
    body = known.paper
    page = PageBuilder(width, highlights)
    _add_head(page, known, highlights)
    _add_own_marks(page, known, keys.note)
    explanations.add_reasons(page, explanation, keys.more, keys.less)
    _add_highlights(page, known)
    if body.ai_summary:
        page.rule("In short")
        page.text(styled.safe_text(tex.for_display(body.ai_summary)))
    page.rule("Abstract")
    if body.abstract:
        page.text(styled.safe_text(tex.for_display(body.abstract)))
    else:
        page.text("No listing gives its abstract.", f"italic {MUTED}")
    if facts := _facts(known):
        page.rule("Facts")
        page.facts(facts)
    if len(body.authors) > _FIRST_AUTHORS:
        page.rule("Authors")
        page.text(authors(known), "$byline")
    if keywords := [styled.safe(keyword, 200) for keyword in body.ai_keywords]:
        page.rule("Keywords", f"{keys.keywords} filters by one" if keys.keywords else "")
        page.choices(filter(None, keywords))
    if links := addresses.of(body):
        page.rule("Links", f"{keys.link} opens one" if keys.link else "")
        page.links(_keyed(links, keys))
    explanations.add_similar(page, explanation, keys.similar)
    _add_changes(page, known)
    _add_listings(page, known.listings)
    return page.page()


def _add_head(page: PageBuilder, known: PaperDetails, highlights: Highlights) -> None:
    """Add the title, the authors and the organization. If the paper was retracted, a line above them says so."""
    if known.retraction:
        page.text(styled.safe(f"RETRACTED: {known.retraction.text}", 600), "bold $text-error")
        if known.retraction.notice:
            page.text(styled.safe(f"The notice is doi:{known.retraction.notice}", 300), "$text-error")
    page.text(styled.title(known.paper.title), "bold $title")
    if byline := _byline(known, highlights, _FIRST_AUTHORS):
        page.text(byline, "$byline")
    if known.paper.organization:
        page.text(styled.safe(known.paper.organization.name, 500), "$organization")


def authors(known: PaperDetails, most: int = _MOST_AUTHORS) -> str:
    """The names of the first `most` authors, and the number of further authors; "" when no author is known."""
    return _byline(known, Highlights(), most)


def _byline(known: PaperDetails, highlights: Highlights, most: int) -> str:
    """The first `most` authors, further authors whose names match the filter, and the number of authors left out."""
    body = known.paper
    if not body.authors:
        return wording.count(body.author_count, "author") if body.author_count else ""
    names = [styled.safe(tex.for_display(author.name), 200) for author in body.authors[:_MOST_AUTHORS]]
    shown = [*names[:most], *(name for name in names[most:] if highlights.spans(name))]
    more = len(body.authors) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")


def _add_changes(page: PageBuilder, known: PaperDetails) -> None:
    """Add the changes of the paper: new versions and venues, and changed texts with the differences highlighted."""
    if known.fact_changes:
        page.rule("New since it was first listed")
        page.facts([(each.field.capitalize(), wording.fact_change_text(each)) for each in known.fact_changes])
    if not known.changes:
        return
    # Imported here, because few papers have changed.
    from tui.render import text_change

    for change in known.changes:
        page.rule(wording.change_text(change))
        before, after = (styled.safe_text(tex.for_display(text)) for text in (change.before, change.after))
        page.block(text_change.block(before, after))


def _add_own_marks(page: PageBuilder, known: PaperDetails, note_key: str) -> None:
    """Add the user's own marks: the tags, the note, and one line with all other marks."""
    if own := _own_marks(known):
        page.text(own, "$star")
    if known.marks.tags:
        page.block(_tags(known.marks.tags))
    if known.marks.note:
        # Imported here, because few papers have a note.
        from tui.render import note_text

        page.rule("Your note", f"{note_key} edits it" if note_key else "")
        for block in note_text.blocks(known.marks.note):
            page.block(block)
    for text in known.lost_notes:
        page.rule("Lost to a note on another machine", f"recto sync forget {known.id} removes it")
        page.text(styled.safe_text(text))


def _add_highlights(page: PageBuilder, known: PaperDetails) -> None:
    """Add the passages of the full text that the user highlighted, each with its note."""
    if not known.highlights:
        return
    page.rule("Your highlights")
    for number, highlight in enumerate(known.highlights[:_MOST_HIGHLIGHTS]):
        if number:
            page.text("")
        page.text(f"“{styled.safe(highlight.quotation, _LONGEST_HIGHLIGHT)}”")
        if highlight.note:
            page.text(styled.safe_text(highlight.note), "italic")
    if len(known.highlights) > _MOST_HIGHLIGHTS:
        page.text(f"and {len(known.highlights) - _MOST_HIGHLIGHTS} more", MUTED)


def _own_marks(known: PaperDetails) -> str:
    """One line of text with the user's own marks, except the tags and the note."""
    marks = known.marks
    parts = [
        "★ bookmarked" if marks.bookmarked else "",
        _queued(known),
        *(_collected(each) for each in known.collections),
        f"rated {marks.rating} of 5" if marks.rating else "",
        _STATUSES[marks.status],
        _postponed(marks),
    ]
    return " · ".join(filter(None, parts))


def _postponed(marks: Marks) -> str:
    """The end of the paper's postponement, or what has ended it; "" if the paper was not postponed."""
    if marks.later_because:
        return f"back because “{styled.title(marks.later_because)}” arrived"
    if marks.later == UNTIL_SIMILAR:
        return "postponed until a similar paper arrives"
    return f"postponed until {styled.safe(stored_name(marks.later, date.today()), 20)}" if marks.later else ""


def _queued(known: PaperDetails) -> str:
    """The paper's position in the queue, with the time and the reason: "no. 2 in the queue for 3 weeks (view New)".

    Returns "" if the paper is not in the queue.
    """
    marks = known.marks
    if not marks.queue_position:
        return ""
    waited = wording.waited(known.times.queued, datetime.now().astimezone())
    since = "" if not waited else " since today" if waited == "today" else f" for {waited}"
    because = f" ({styled.safe(marks.queued_because, 100)})" if marks.queued_because else ""
    return f"no. {marks.queue_position} in the queue{since}{because}"


def _collected(place: Place) -> str:
    """The position of the paper in a collection, and who put it there, when and why.

    For example "no. 2 in Group (Bob, 3 weeks ago: the proof)".
    """
    waited = wording.waited(place.added_at, datetime.now().astimezone()) if place.added_by or place.because else ""
    when = "" if not waited else "today" if waited == "today" else f"{waited} ago"
    how = ", ".join(filter(None, (styled.safe(place.added_by or "", 60), when)))
    reason = styled.safe(place.because or "", 200)
    about = ": ".join(filter(None, (how, reason)))
    return f"no. {place.position} in {styled.safe(place.name, 60)}{f' ({about})' if about else ''}"


def _tags(tags: Sequence[str]) -> Block:
    """The tags of a paper as a text in which each tag has its own colour."""
    text = ""
    spans: list[Span] = []
    for tag in tags:
        name = f"#{styled.safe(tag, 60)}"
        spans.append(Span(len(text), len(text) + len(name), _TAG_COLORS[styled.tag_style(tag)]))
        text += f"{name} "
    return Block(text.rstrip(), tuple(spans))


def _facts(known: PaperDetails) -> list[tuple[str, str]]:
    body = known.paper
    version = f" v{body.arxiv_version}" if body.arxiv_version else ""
    listed = [day for day in (known.first_listed, known.last_listed) if day]
    counts = [
        wording.count(number, noun)
        for number, noun in ((body.upvotes, "upvote"), (body.comment_count, "comment"), (body.stars, "star"))
        if number
    ]
    is_revised = body.updated is not None and PartialDate(body.updated) != body.publication_date
    facts = [
        ("Published", styled.day_name(*body.publication_date) if body.publication_date else ""),
        ("Revised", styled.day_name(body.updated) if body.updated and is_revised else ""),
        ("Listed", " to ".join(dict.fromkeys(styled.day_name(day) for day in listed)) + _place(known)),
        ("Received", ", ".join(counts)),
        ("Submitted by", body.submitter or ""),
        ("arXiv", f"{body.arxiv_id}{version}" if body.arxiv_id else ""),
        ("DOI", body.doi or ""),
        ("Cited as", known.citation_key or ""),
        ("Categories", " ".join(body.categories)),
        # Show the number of authors only if it is larger than the number of known names. It is larger if a listing
        # names only some of the authors.
        (
            "Authors",
            f"{body.author_count:,}" if body.author_count and body.author_count > len(body.authors) > 0 else "",
        ),
        ("Venue", tex.for_display(body.venue or "")),
        ("Decision", body.decision or ""),
        ("Track", body.track or ""),
        ("Score", wording.score_text(body)),
        ("Comment", tex.for_display(body.comment or "")),
    ]
    return [(name, shown) for name, value in facts if (shown := styled.safe(value, 500))]


def _place(known: PaperDetails) -> str:
    """The position of the paper in its newest listing, for example ", no. 3"; "" when no listing has a date."""
    newest = max(
        (each for each in known.listings if each.listed_on), key=lambda each: str(each.listed_on), default=None
    )
    return f", no. {newest.position}" if newest else ""


def _keyed(links: Sequence[addresses.Address], keys: PageKeys) -> list[tuple[str, str, str]]:
    """The links as tuples of key, label and address.

    The web page and the PDF have keys of their own. All other links have one common key, which is followed by the
    number of the link, for example "o 3".
    """
    own_keys = {"page": keys.page, "PDF": keys.pdf}
    return [
        (own_keys.pop(link.label, f"{keys.link} {number}" if keys.link else ""), link.label, styled.safe(link.url, 300))
        for number, link in enumerate(links, 1)
    ]


def _add_listings(page: PageBuilder, appearances: Sequence[Appearance]) -> None:
    page.rule("Appeared in")
    for each in appearances[:_MOST_LISTINGS]:
        day = styled.day_name(each.listed_on) if each.listed_on else "undated"
        name = styled.safe(each.path.rsplit("/", 1)[-1], 200)
        page.row((f"{day:<{_DAY_WIDTH}}", ""), (f"no. {each.position:<4} {_received(each)}{name}", MUTED))
    if len(appearances) > _MOST_LISTINGS:
        page.row((f"and {len(appearances) - _MOST_LISTINGS} more", MUTED))


def _received(each: Appearance) -> str:
    """The upvotes, comments and announcement type in one listing of a paper, for example "▲12 ✎4 replaced "."""
    parts = [
        f"▲{each.upvotes:,}" if each.upvotes is not None else "",
        f"✎{each.comments:,}" if each.comments else "",
        each.announce_type if each.announce_type in ("cross", "replaced") else "",
    ]
    return "".join(f"{part} " for part in parts if part)
