"""The detail page of a paper, with everything that the library stores about it, as Textual `Content`."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content, Span

from store.model.partial_date import PartialDate
from store.papers import addresses
from store.papers.queries import Appearance, PaperDetails
from store.papers.revisions import Change
from store.search.highlighting import Highlights
from store.text import tex
from tui.render import styled, wording

# The width of the column of field names, such as "Venue" (cells).
_NAME_WIDTH = 14
# The width of the column of days: "29 Oct 2026" and two spaces (cells).
_DAY_WIDTH = 13
# The largest numbers of authors and of listings on the page. After them the page says, for example, "and 2,900 more".
_MOST_AUTHORS = 60
_MOST_LISTINGS = 20
# The fields in which matches of the filter are highlighted.
_SEARCHED = ("Organization", "Venue")

MATCH_STYLE = "bold $match"
_MUTED = "$muted"


def paper(known: PaperDetails, highlights: Highlights) -> Content:
    """The detail page of one paper, with the matches of the filter highlighted."""
    body = known.paper
    parts = [lit(styled.title(body.title), highlights, "bold $title")]
    if names := authors(known):
        parts.append(lit(names, highlights, "$byline"))
    parts.append(Content("\n").join(_facts(known, highlights)))
    if known.marks.note:
        parts.append(
            Content.assemble(
                ("Your note\n", "bold $note"), Content.styled(styled.safe_text(known.marks.note), "italic")
            )
        )
    if body.abstract:
        parts.append(lit(styled.safe_text(tex.for_display(body.abstract)), highlights))
    else:
        parts.append(Content.styled("No listing gives its abstract.", "italic $muted"))
    if body.ai_summary:
        parts.append(
            Content.assemble(
                ("In short ", f"bold {_MUTED}"), Content(styled.safe_text(tex.for_display(body.ai_summary)))
            )
        )
    if links := addresses.of(body):
        parts.append(_links(links))
    parts += map(_change, known.changes)
    parts.append(_listings(known.listings))
    return Content("\n\n").join(parts)


def lit(text: str, highlights: Highlights, style: str = "") -> Content:
    """`text` in `style`, except that the ranges that match the filter have MATCH_STYLE."""
    spans = [Span(start, end, MATCH_STYLE) for start, end in highlights.spans(text)]
    whole = [Span(0, len(text), style)] if style else []
    return Content(text, spans=[*whole, *spans])


def authors(known: PaperDetails, most: int = _MOST_AUTHORS) -> str:
    """The names of the first `most` authors and how many more there are; "" when none is known."""
    body = known.paper
    if not body.authors:
        if body.author_count:
            return f"{body.author_count:,} author{'s' if body.author_count != 1 else ''}"
        return ""
    names = ", ".join(styled.safe(tex.for_display(author.name), 200) for author in body.authors[:most])
    more = len(body.authors) - most
    return f"{names} and {more:,} more" if more > 0 else names


def _facts(known: PaperDetails, highlights: Highlights) -> list[Content]:
    body, marks = known.paper, known.marks
    version = f" v{body.arxiv_version}" if body.arxiv_version else ""
    listed = [day for day in (known.first_listed, known.last_listed) if day]
    counts = [
        f"{number:,} {noun}{'' if number == 1 else 's'}"
        for number, noun in ((body.upvotes, "upvote"), (body.comment_count, "comment"))
        if number
    ]
    statuses = {
        "new": "",
        "seen": "",
        "reading": "you are reading it",
        "done": "you are done with it",
        "hidden": "hidden",
    }
    own = [
        "★ bookmarked" if marks.bookmarked else "",
        f"no. {marks.queue_position} in the queue" if marks.queue_position else "",
        statuses[marks.status],
        " ".join(f"#{tag}" for tag in marks.tags),
    ]
    facts = [
        ("Organization", body.organization.name if body.organization else ""),
        ("Published", styled.day_name(*body.publication_date) if body.publication_date else ""),
        (
            "Revised",
            styled.day_name(body.updated)
            if body.updated and PartialDate(body.updated) != body.publication_date
            else "",
        ),
        ("Listed", " to ".join(dict.fromkeys(styled.day_name(day) for day in listed))),
        ("Received", ", ".join(counts)),
        ("arXiv", f"{body.arxiv_id}{version}" if body.arxiv_id else ""),
        ("DOI", body.doi or ""),
        ("Categories", " ".join(body.categories)),
        ("Venue", tex.for_display(body.venue or "")),
        ("Decision", body.decision or ""),
        ("Track", body.track or ""),
        ("Score", wording.score_text(body)),
        ("Comment", tex.for_display(body.comment or "")),
        ("Keywords", ", ".join(body.ai_keywords)),
        ("Yours", " · ".join(filter(None, own))),
    ]
    return [
        Content.assemble(
            (f"{name:<{_NAME_WIDTH}}", _MUTED),
            lit(styled.safe(value, 500), highlights if name in _SEARCHED else Highlights()),
        )
        for name, value in facts
        if value
    ]


def _links(links: Sequence[addresses.Address]) -> Content:
    lines = [
        Content.assemble(
            (f"{number:>2} ", "$key"),
            (f"{each.label:<{_NAME_WIDTH - 3}}", _MUTED),
            Content.styled(styled.safe(each.url, 300), "underline"),
        )
        for number, each in enumerate(links, 1)
    ]
    return Content("\n").join([Content.styled("Links (f opens one)", _MUTED), *lines])


def _change(change: Change) -> Content:
    """One field that a later version of the paper changed: the name of the field, and its earlier text."""
    return Content.assemble(
        (f"{wording.change_text(change)}\n", _MUTED),
        Content.styled(styled.safe_text(tex.for_display(change.before)), "italic"),
    )


def _listings(appearances: Sequence[Appearance]) -> Content:
    lines = [Content.styled("Appeared in", _MUTED)]
    for each in appearances[:_MOST_LISTINGS]:
        day = styled.day_name(each.listed_on) if each.listed_on else "undated"
        name = each.path.rsplit("/", 1)[-1]
        lines.append(
            Content.assemble(
                (f"   {day:<{_DAY_WIDTH}}", ""),
                (f"no. {each.position:<4} {_received(each)}{styled.safe(name, 200)}", _MUTED),
            )
        )
    if len(appearances) > _MOST_LISTINGS:
        lines.append(Content.styled(f"   and {len(appearances) - _MOST_LISTINGS} more", _MUTED))
    return Content("\n").join(lines)


def _received(each: Appearance) -> str:
    """The upvotes, comments and announcement type in one listing of a paper, for example "▲12 ✎4 replaced "."""
    parts = [
        f"▲{each.upvotes:,}" if each.upvotes is not None else "",
        f"✎{each.comments:,}" if each.comments else "",
        each.announce_type if each.announce_type in ("cross", "replaced") else "",
    ]
    return "".join(f"{part} " for part in parts if part)
