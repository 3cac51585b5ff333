"""Convert the cards of Hugging Face pages to the layout of a daily page: title, abstract, byline.

A card is the box in which the site shows one paper.

A card of the front page has the lines "Submitted by", the submitter's name, upvotes, title, "·", authors and comments.
A card of the trending page ends with the footer "Upvote", "117", "GitHub", "3.29k", "arXiv Page".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from store.formats.hugging_face.byline import AUTHORS, printed_date
from store.formats.hugging_face.page_parts import DOT, SURELY_ABSTRACT, Card, Line, is_long

# `without_cards` replaces all lines of a card below its title by one line with this text.
BELOW_TITLE = "…"
_SUBMITTED = "Submitted by"
_SUBMITTED_BY = re.compile(rf"{_SUBMITTED}\s?[\w.-]{{1,60}}(?: on [A-Z][a-z]{{2}} \d{{1,2}})?")
_COUNT = re.compile(r"\d{1,7}|\d{1,3}(?:,\d{3})+|\d{1,4}(?:\.\d{1,2})?[kKM]|-")
_INITIALS = re.compile(r"[A-Z]{1,3}|\+\d{1,4}")
_MOST_INITIALS = 8
_NAME_AND_COMMENTS = re.compile(r"(\S.*)\s(\d{1,4})")
# The largest number of lines of a card, from the line with the upvotes to the line with the comments.
_LONGEST_CARD = 12
_LONGEST_ORGANIZATION = 60
_TIMES = {"": 1, "k": 1_000, "K": 1_000, "M": 1_000_000}
_UPVOTE = re.compile(r"Upvote(?:\s?(\d[\d.,]{0,8}[kKM]?|-))?(?=\Z|\s?GitHub|\s?arXiv Page|\s?Project Page)")
_FOOTER = re.compile(r"\s?(?:GitHub(?:\s?(\d[\d.,]{0,8}[kKM]?))?|(?:arXiv|Project) Page)|(?<=\S)\s(?:arXiv|Project)\Z")
_IN_ONE_LINE = re.compile(
    r"(?:(\S.{0,150}?)\s*)?·\s*((?:Published on )?[A-Z][a-z]{2,8}\.?\s\d{1,2}(?:,\s?\d{4})?(?:\s\d{1,7})?)"
)


def without_footers(lines: Sequence[Line]) -> list[Line]:
    """Convert the lines of a trending page to the form of a daily page.

    The footers of cards are removed, and the upvotes in a footer are stored in the line above it. A byline on one line
    is split into three lines.
    """
    out: list[Line] = []
    has_footers = any("arXiv Page" in line.text for line in lines)
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if (vote := _UPVOTE.match(line.text)) and out and not _above_abstract(lines, at - 1):
            below = f"Upvote {lines[at].text}" if line.text == "Upvote" and at < len(lines) else ""
            if voted := _UPVOTE.match(below):
                vote, at = voted, at + 1
            rest = vote.string[vote.end() :]
            out[-1] = out[-1]._replace(upvotes=counted(vote[1]))
            at = _footer_end(lines, at, rest) if not rest or _is_footer(rest) else at
        elif has_footers and out and _is_footer(line.text) and not _above_abstract(lines, at - 1):
            at = _footer_end(lines, at, line.text)
        elif one := _IN_ONE_LINE.fullmatch(line.text):
            out += [line._replace(text=text) for text in (one[1], DOT, one[2]) if text]
        else:
            out.append(line)
    return out


def without_cards(lines: Sequence[Line]) -> list[Line]:
    """Convert the lines of any page to the form of a daily page.

    A count of upvotes on a separate line is stored in the Line of the title below it, and comment counts are appended
    to the line of the date. A card of the front page becomes a title and a byline of one line.
    """
    first = lines[_submitted(lines, 0) :]
    voted = len(first) > 1 and _COUNT.fullmatch(first[0].text) and not is_long(first[1])
    out: list[Line] = []
    upvotes: int | None = None
    at = 0
    while at < len(lines):
        line = lines[at]
        below = lines[at + 1].text if at + 1 < len(lines) else ""
        is_count = _COUNT.fullmatch(line.text) and not line.is_title and len(below) < SURELY_ABSTRACT
        submitted = _submitted(lines, at)
        if submitted and at + submitted >= len(lines):
            # The file ends inside a card.
            out.append(line)
            break
        if submitted and (card := _card(lines, at + submitted)):
            title, at = card
            out += title
            continue
        if submitted:
            at += submitted - 1
        elif line.text == DOT and AUTHORS.fullmatch(below) and not _is_organization(out):
            pass
        elif (
            is_count
            and line.text != "-"
            and _takes_comments(out)
            and (not voted or not below or _submitted(lines, at + 1) or _is_count(lines, at + 1))
        ):
            out[-1] = out[-1]._replace(text=f"{out[-1].text} {counted(line.text)}")
        elif is_count and voted and below:
            upvotes = counted(line.text)
        elif AUTHORS.fullmatch(line.text) and out:
            _drop_initials(out)
            out.append(line)
        else:
            out.append(line if upvotes is None else line._replace(upvotes=upvotes))
            upvotes = None
        at += 1
    return out


def _card(lines: Sequence[Line], start: int) -> tuple[list[Line], int] | None:
    """The title and byline of the card whose upvotes or title are at `start`, and the offset of the next card.

    None when the lines contain an abstract or a date, or when they can be read in more than one way.
    """
    end = start
    while end < len(lines) and not _submitted(lines, end):
        if end - start > _LONGEST_CARD or is_long(lines[end]) or printed_date(lines[end].text):
            return None
        end += 1
    if end - start < 2:
        return None
    upvotes = counted(lines[start].text)
    title, *rest = lines[start if upvotes is None else start + 1 : end]
    texts = [line.text for line in rest if line.text != DOT]
    authors = next((match for text in texts if (match := AUTHORS.fullmatch(text))), None)
    counts = [text for text in texts if _COUNT.fullmatch(text)]
    names = [text for text in texts if not AUTHORS.fullmatch(text) and not _COUNT.fullmatch(text)]
    if len(names) > 1 or len(counts) > 1 or title.text == DOT or AUTHORS.fullmatch(title.text):
        return None
    if not authors and not (names and (counts or end < len(lines))):
        return None
    name = names[0] if names else None
    if name and not authors and not counts and (both := _NAME_AND_COMMENTS.fullmatch(name)):
        name, counts = both[1], [both[2]]
    comments = counts[0] if counts else authors[2] if authors else None
    card = Card(int(authors[1]) if authors else None, name, counted(comments) or 0)
    return [title._replace(upvotes=upvotes), rest[-1]._replace(text=BELOW_TITLE, card=card)], end


def counted(text: str | None) -> int | None:
    """Parse a printed count: "3.29k" is 3290, "1,024" is 1024 and "-" is 0. Returns None for any other text."""
    if text is None or not _COUNT.fullmatch(text):
        return None
    if text == "-":
        return 0
    unit = text[-1] if text[-1] in _TIMES else ""
    return round(float(text.removesuffix(unit).replace(",", "")) * _TIMES[unit])


def is_card(lines: Sequence[Line], at: int) -> bool:
    """Whether the line at `at` contains the submitter or the upvotes, which are printed above the title of a card."""
    return _submitted(lines, at) > 0 or _is_count(lines, at)


def _drop_initials(lines: list[Line]) -> None:
    """Remove initials from the end of `lines` if they follow an abstract. The initials replace pictures of authors."""
    end = len(lines)
    while end and len(lines) - end < _MOST_INITIALS and _INITIALS.fullmatch(lines[end - 1].text):
        end -= 1
    if end and is_long(lines[end - 1]):
        del lines[end:]


def _submitted(lines: Sequence[Line], at: int) -> int:
    """The number of lines from `at` on that contain the submitter of a paper: 0, 1 or 2."""
    if at >= len(lines):
        return 0
    if lines[at].text == _SUBMITTED:
        return 2
    return 1 if _SUBMITTED_BY.fullmatch(lines[at].text) and not _above_abstract(lines, at) else 0


def _is_count(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is a count, and not a title that consists of digits."""
    return bool(_COUNT.fullmatch(lines[at].text)) and not lines[at].is_title and not _above_abstract(lines, at)


def _is_organization(lines: Sequence[Line]) -> bool:
    """Whether the last line is the name of an organization: a short line below an abstract."""
    return len(lines) > 1 and len(lines[-1].text) <= _LONGEST_ORGANIZATION and is_long(lines[-2])


def _takes_comments(lines: Sequence[Line]) -> bool:
    """Whether a number that follows `lines` is a comment count: `lines` end in a byline without a comment count."""
    if lines and (authors := AUTHORS.fullmatch(lines[-1].text)):
        return authors[2] is None
    date_line = printed_date(lines[-1].text) if len(lines) > 1 and lines[-2].text == DOT else None
    return date_line is not None and date_line[1] is None


def _is_footer(text: str) -> bool:
    at = 0
    while match := _FOOTER.match(text, at):
        at = match.end()
    return at > 0 and at == len(text)


def _footer_end(lines: Sequence[Line], at: int, last: str) -> int:
    """The index after the last line of a footer, of which the line at `at` may be a part. `last` is the text of the
    line before.
    """
    while at < len(lines):
        if last.endswith("GitHub") and _COUNT.fullmatch(lines[at].text) and lines[at].text != "-":
            last = ""
        elif last.endswith(("arXiv", "Project")) and lines[at].text == "Page":
            # "arXiv Page" or "Project Page" was broken into two lines.
            last = ""
        elif _is_footer(lines[at].text):
            last = lines[at].text
        else:
            break
        at += 1
    return at


def _above_abstract(lines: Sequence[Line], at: int) -> bool:
    return at + 1 < len(lines) and is_long(lines[at + 1])
