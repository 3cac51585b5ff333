"""Finds the headings among the lines of a PDF.

Headings in the outline (the bookmarks) of the PDF are known already. Others are found by their numbers, the size and
font of their letters, and the space around them.
"""

from __future__ import annotations

import re
import statistics
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from store.texts import pdf_numbers
from store.texts.pdf_lines import Line
from store.texts.pdf_outline import Found
from store.texts.pdf_pages import Page

_NAMES = (
    r"abstract|introduction|references|bibliography|literature cited|works cited|acknowledge?ments?"
    r"|(?:concluding )?remarks|conclusions?|discussions?|results|methods|materials and methods|related work|background"
    r"|appendix|appendices|summary|keywords|index terms|ccs concepts|highlights|contents|table of contents"
    r"|declarations?|funding|data availability|author contributions?|competing interests?|conflicts? of interest"
    r"|supplementary materials?|supporting information|nomenclature|notation"
    r"|zusammenfassung|einleitung|literatur(?:verzeichnis)?|résumé|introducción|bibliographie"
)
# Matches a heading that is usual in papers, alone or with a few more words: "Results and discussion", "Appendix A:
# Proofs".
_USUAL = re.compile(
    rf"(?:{_NAMES})(?:\s+(?:and|of|on|from|for|in|statement)\b.{{0,40}})?|append(?:ix|ices)\b.{{0,80}}", re.IGNORECASE
)
_APPENDIX_NUMBER = re.compile(r"append(?:ix|ices)\s+(?:[A-H]|\d|[IVX]+)[.:]?", re.IGNORECASE)
# Matches a line that contains only the number of a chapter. The title of the chapter is printed below it in larger
# letters.
CHAPTER_NUMBER = re.compile(
    r"(?:chapter|part|kapitel|teil|chapitre|partie|capítulo|parte|capitolo)\s+(?:\d{1,2}|[IVX]+)[.:]?", re.IGNORECASE
)
# Matches "Theorem", "Figure" and similar words. They are often numbered and bold as headings are, but begin no heading.
STATEMENT = re.compile(
    r"(?:(?:main\s+)?(?:theorem|lemma|definition|proposition|corollary|remark|example|conjecture|claim|assumption"
    r"|hypothesis|problem|exercise|question|notation|observation|fact|axiom|property|case|step|satz|theorème|beispiel)s?"
    r"(?:\s+(?:\d|(?-i:[A-Z]))|\s*[.:(])|proof\b|(?:fig(?:ure|\.)|table|algorithm|listing|scheme|chart|plate)\s*"
    r"(?:S?\d|(?-i:[IVX]+\b))"
    r"|key\s?words\b.*\w{3}.*\w{3}|index terms\b\W+\w"
    r"|(?:msc|ams|acm)\b|pacs|jel\b|subject classification)",
    re.IGNORECASE,
)
# Matches the heading of the bibliography.
REFERENCES = re.compile(
    r"(?:[\dIVX]+\.?\s*)?(?:references|bibliography|literature cited|works cited)\W*", re.IGNORECASE
)
_WORDS = re.compile(r"[^\W\d_]{2,}")
_CONTENTS = re.compile(
    r"(?:table of )?contents|inhalt(?:sverzeichnis)?|sommaire|table des matières|índice", re.IGNORECASE
)
_PAGE_AT_END = re.compile(r"(?:[\s.…·]{3,}|\s)(?:\d{1,4}|[ivxl]{1,6})$")
_DOTS_AT_END = re.compile(r"(?:[.…·]\s*){4}\d+$")
# Page numbers and dots are searched for only in this many characters at the end of a line, because searching a long
# row of dots takes quadratic time.
_LONGEST_END = 60
# A heading has at most _LONGEST characters and MOST_LINES lines.
_LONGEST = 160
MOST_LINES = 3
# Letters count as larger if they have more than _LARGER times the size of the main text's letters. For a heading with a
# number, more than _A_LITTLE_LARGER times is enough.
_LARGER, _A_LITTLE_LARGER = 1.1, 1.04
# A line counts as bold if at least this share of its words (0 to 1) is bold. The same rule applies to italics and small
# capitals.
_MOSTLY = 0.75
# The space above a heading must be larger than this multiple of the size of the main text's letters.
_LEAST_GAP = 0.35
# A line counts as wide if it is wider than this share (0 to 1) of the usual width of lines. A heading in italics must
# not be wide, and the text below a heading without a number must be.
_WIDE = 0.6
# A line in italics without a number counts as a heading only if at least this many such lines look like headings.
_LEAST_ITALIC = 2
# More than _LONGEST_RUN successive lines that look like headings are a list, and not headings, if the distance between
# two of them is always less than _NEXT_LINE times the size of their letters.
_LONGEST_RUN, _NEXT_LINE = 4, 2.6


class Style(NamedTuple):
    """The appearance of the letters of a line: their size (points), and whether they are bold, italic or capitals."""

    size: float
    is_bold: bool
    is_italic: bool
    is_capital: bool


class Candidate(NamedTuple):
    """Lines that may be a heading.

    `parts` are the parts of its number: (2, 1) for "2.1". `depth` is the depth of the number, 2 for "2.1", or 0 if the
    number does not show it. `is_usual` is true for a heading that most papers have, such as "Abstract".
    `has_text_below` is true if the next line looks like running text.
    """

    lines: Sequence[Line]
    style: Style
    depth: int
    parts: tuple[int, ...]
    is_numbered: bool
    is_usual: bool
    has_text_below: bool


def levels(pages: Sequence[Page], body: float, outline: Found, *, is_bold_body: bool) -> dict[int, int]:
    """Maps the `id` of each line that is a heading to its level. The title of the paper is not among them.

    `body` is the size of the letters of the main text. `outline` are the headings that are known from the outline of
    the PDF. If these are most of the headings, another line is a heading only if its text is usual, such as "Abstract",
    or if its number fits between those of the known headings.
    """
    candidates = _candidates(pages, body, outline.levels, is_bold_body)
    candidates = _without_lists(_in_sequence(pages, candidates, outline))
    by_style: defaultdict[Style, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_style[candidate.style].append(candidate)
    accepted = {style: depth for style, found in by_style.items() if (depth := _depth(style, found, body)) is not None}
    ranks = {
        style: rank for rank, style in enumerate(sorted(accepted, key=lambda style: _rank(style, accepted[style])))
    }
    outline_styles = {
        _style(line, is_bold_body)
        for page in pages
        for line in page.lines
        if id(line) in outline.levels and line.size > body * _LARGER
    }
    result = dict(outline.levels)
    for candidate in candidates:
        style = candidate.style
        is_known = candidate.is_usual or bool(candidate.parts) or style in outline_styles
        if style not in accepted or (outline.is_complete and not is_known):
            continue
        level = min((candidate.depth or accepted[style] or min(ranks[style] + 1, 3)) + 1, 6)
        result.update((id(line), level) for line in candidate.lines)
    return result


def contents_lines(pages: Sequence[Page]) -> set[int]:
    """The `id` of each line of a printed table of contents. These lines repeat the headings, but are not headings."""
    found: set[int] = set()
    for page in pages:
        # A table of contents continues on the next page only if its lines have dots before the page numbers.
        is_inside, misses = False, 0
        for line in page.lines:
            end = line.text[-_LONGEST_END:]
            if _CONTENTS.fullmatch(line.text.strip(" .:")):
                is_inside, misses = True, 0
            elif _PAGE_AT_END.search(end) and (is_inside or _DOTS_AT_END.search(end)):
                is_inside, misses = True, 0
                found.add(id(line))
            elif is_inside:
                misses += 1
                is_inside = misses < 3
    return found


def _candidates(pages: Sequence[Page], body: float, known: Mapping[int, int], is_bold_body: bool) -> list[Candidate]:
    contents = contents_lines(pages)
    width = statistics.median(
        [line.right - line.left for page in pages for line in page.lines if len(line.text) > 30] or [0.0]
    )
    found: list[Candidate] = []
    for page in pages:
        runs = _with_appendix_titles(list(_runs(page.lines, known, contents, body)), body)
        for index, run in enumerate(runs):
            before = runs[index - 1][-1] if index else None
            after = runs[index + 1][0] if index + 1 < len(runs) else None
            if id(run[0]) in known or id(run[0]) in contents or len(run) > MOST_LINES:
                continue
            if (candidate := _candidate(run, before, after, body, width, is_bold_body)) is not None:
                found.append(candidate)
    return found


def _runs(
    lines: Sequence[Line], known: Collection[int], contents: Collection[int], body: float
) -> Iterator[list[Line]]:
    """The lines of a page in groups. The lines of a group look alike and follow each other closely, so they may be one
    heading.
    """
    run: list[Line] = []
    for line in lines:
        if run and not (
            id(line) not in known
            and id(run[-1]) not in known
            and id(line) not in contents
            and not is_usual(run[-1].text)
            and _goes_on(run[-1], line, body)
        ):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _with_appendix_titles(runs: Sequence[list[Line]], body: float) -> list[list[Line]]:
    """Join the group of lines with the number of an appendix ("Appendix A") and the group with its title below to one
    group.
    """
    result: list[list[Line]] = []
    for run in runs:
        last = result[-1] if result else None
        if (
            last is not None
            and len(last) == 1
            and len(run) < MOST_LINES
            and _APPENDIX_NUMBER.fullmatch(last[0].text)
            and run[-1].text[-1] not in ".:"
            and 0 < last[0].bottom - run[0].top + body < 1.6 * body
        ):
            last += run
        else:
            result.append(run)
    return result


def _goes_on(last: Line, line: Line, body: float) -> bool:
    """Whether a line has the style of the line above and follows it closely."""
    return (
        abs(last.size - line.size) < 0.35
        and abs(last.bold - line.bold) < 0.4
        and abs(last.italic - line.italic) < 0.6
        and _is_capital(last) == _is_capital(line)
        and -line.size < last.bottom - line.top < 0.6 * body
        and last.shared_width(line) > 0
        and pdf_numbers.match(line.text) is None
    )


def _candidate(
    run: Sequence[Line], before: Line | None, after: Line | None, body: float, width: float, is_bold_body: bool
) -> Candidate | None:
    line = run[0]
    text = " ".join(each.text for each in run)
    if len(text) > _LONGEST or not _WORDS.search(text) or line.math > 0.5 or line.size < body * 0.85:
        return None
    number = pdf_numbers.match(text)
    words = text[number.end() :] if number else text
    if not (words[0].isupper() or (number and words[0].isalnum())) or STATEMENT.match(words):
        return None
    usual = is_usual(text)
    style = _style(line, is_bold_body)
    is_larger = line.size > body * _LARGER
    stands_out = is_larger or style.is_bold or (style.is_capital and usual)
    if number:
        stands_out = stands_out or style.is_capital or style.is_italic or line.size > body * _A_LITTLE_LARGER
    elif style.is_italic and line.right - line.left < _WIDE * width and text[-1] not in ".:":
        stands_out = stands_out or _gap(before, line) > _LEAST_GAP * body
    if not (stands_out or (usual and _gap(before, line) > _LEAST_GAP * body)):
        return None
    if text.endswith((",", ";")) or (text.endswith(".") and not number and not usual and len(text) > 60):
        return None
    if not is_larger and not _has_room(line, before, after, body):
        return None
    has_text_below = after is None or (abs(after.size - body) < 1.1 and after.right - after.left > _WIDE * width)
    if not (is_larger or number or usual or has_text_below):
        return None
    return Candidate(
        run,
        style,
        pdf_numbers.depth(number),
        pdf_numbers.parts(number),
        number is not None,
        usual,
        has_text_below,
    )


def is_first(text: str) -> bool:
    """Whether `text` is a heading that most papers have, such as "Abstract", or a heading with the first number."""
    return is_usual(text) or bool(re.match(r"(?:1|I)\.?\s+[A-Z]", text))


def is_usual(text: str) -> bool:
    """Whether `text` is a heading that most papers have, such as "Abstract" or "5 Results and discussion"."""
    return bool(_USUAL.fullmatch(pdf_numbers.without_number(text.strip(" .:—–-"))))


def _in_sequence(pages: Sequence[Page], candidates: Sequence[Candidate], outline: Found) -> list[Candidate]:
    """The candidates whose numbers fit between the numbers of the others. Of "1", "2", "7" and "3", these are all but
    "7".
    """
    first_parts = {id(candidate.lines[0]): candidate.parts for candidate in candidates}
    if sum(pdf_numbers.is_roman(candidate.lines[0].text) for candidate in candidates) > 1:
        # If sections have Roman numbers, a number such as "1." numbers a part of a section. Ignore such numbers,
        # because they begin again in each section.
        first_parts = {key: parts if len(parts) > 1 else () for key, parts in first_parts.items()}
        candidates = [each._replace(depth=0, parts=()) if len(each.parts) == 1 else each for each in candidates]
    numbered: list[tuple[int, tuple[int, ...]]] = []
    for page in pages:
        for line in page.lines:
            if id(line) in outline.levels:
                parts = pdf_numbers.parts(pdf_numbers.match(line.text))
            else:
                parts = first_parts.get(id(line), ())
            if parts:
                numbered.append((id(line), parts))
    kept = pdf_numbers.in_sequence([parts for _, parts in numbered])
    dropped = {key for (key, _), is_kept in zip(numbered, kept, strict=True) if not is_kept}
    return [candidate for candidate in candidates if id(candidate.lines[0]) not in dropped]


def _without_lists(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates, without long sequences that have no text between them. Such a sequence is a list, for example of
    names.
    """
    result: list[Candidate] = []
    run: list[Candidate] = []

    def close() -> None:
        if len(run) <= _LONGEST_RUN:
            result.extend(run)
        run.clear()

    for candidate in candidates:
        if candidate.is_usual or candidate.parts:
            close()
            result.append(candidate)
            continue
        if run and not _follows(run[-1], candidate):
            close()
        run.append(candidate)
    close()
    return result


def _follows(before: Candidate, candidate: Candidate) -> bool:
    """Whether a candidate directly follows another one, with no text between them."""
    last, first = before.lines[-1], candidate.lines[0]
    if last.page != first.page or last.shared_width(first) <= 0:
        return False
    return 0 <= last.bottom - first.top + first.size < _NEXT_LINE * first.size


def _has_room(line: Line, before: Line | None, after: Line | None, body: float) -> bool:
    """Whether a line stands alone as a heading does: no text is beside it, and it does not continue the line above."""
    for other in (before, after):
        if other is not None and line.shared_height(other) > 0.5 * (line.top - line.bottom):
            same_column = abs((other.left + other.right) - (line.left + line.right)) < 2 * 180
            if same_column and 0 <= max(line.left - other.right, other.left - line.right) < 60:
                return False
    return (
        before is None
        or before.bottom < line.top - 60
        or _gap(before, line) > _LEAST_GAP * body * 0.5
        or before.top < line.bottom
    )


def _gap(before: Line | None, line: Line) -> float:
    """The space above a line (points); a large number for the first line of a column."""
    if before is None or before.bottom < line.bottom:
        return 1000.0
    return before.bottom - line.top


def _style(line: Line, is_bold_body: bool) -> Style:
    return Style(
        round(line.size * 2) / 2,
        line.bold >= _MOSTLY and not is_bold_body,
        line.italic >= _MOSTLY,
        _is_capital(line),
    )


def _is_capital(line: Line) -> bool:
    letters = [letter for letter in line.text if letter.isalpha()]
    return line.small_caps >= _MOSTLY or (len(letters) >= 3 and sum(map(str.isupper, letters)) > 0.9 * len(letters))


def _depth(style: Style, found: Sequence[Candidate], body: float) -> int | None:
    """The depth of the headings with a style: 1 for sections. The result is 0 if the depth is not known, and None if
    lines with this style are not headings.
    """
    depths = sorted(candidate.depth for candidate in found if candidate.depth)
    if depths and len(depths) >= 0.3 * len(found):
        return depths[len(depths) // 2]
    if any(candidate.is_usual for candidate in found):
        return 1 if style.size >= body else 0
    if style.size > body * _LARGER:
        return 0
    if sum(candidate.is_numbered for candidate in found) >= 0.3 * len(found):
        return 0
    with_text = sum(candidate.has_text_below for candidate in found)
    is_used_often = style.is_bold or (style.is_italic and with_text >= _LEAST_ITALIC)
    return 0 if is_used_often and with_text >= _MOSTLY * len(found) else None


def _rank(style: Style, depth: int) -> tuple[int, float, bool, bool]:
    return (depth or 9, -style.size, not style.is_capital, not style.is_bold)
