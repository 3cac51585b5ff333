"""Conversions that the bibliography formats share: names, dates, journal references, kinds of item, whole papers.

A paper has no fields for volume, issue and pages. So its field `venue` contains a whole reference, such as "Journal
12(3), 45–67".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from store.formats.shared import ids_and_links, markup, text_lines
from store.matching import identifiers
from store.model.entry import Warned
from store.model.paper import Author, Paper
from store.model.partial_date import UNDATED, PartialDate
from store.text import author_names, missing_values

# Kinds of items that are not works, such as notes and attachments. They are spelled in lower case and without spaces.
_NO_PAPERS = {"note", "notes", "attachment", "annotation", "memo", "attachmentfile", "attachmentlink"}
_NO_LETTER = re.compile(r"[^a-z]+")

# Suffixes of names. The Roman numerals "I" and "V" are left out, because in a name they are usually initials.
_SUFFIX = re.compile(r"(?:jr|sr|junior|senior|esq|2nd|3rd|[4-9]th)\.?|i{2,3}|iv|vi{1,3}", re.IGNORECASE)

# Values that programs print in place of a missing given name. "Null" with a capital is not in the list, because it is a
# family name.
_NO_PART = ("null", "undefined", "nan")

_YEAR = r"(?<!\d)(?P<year>1\d{3}|2[01]\d\d)"
_YEAR_FIRST = re.compile(_YEAR + r"(?:[-/.](?P<month>\d{1,2})(?!\d)(?:[-/.](?P<day>\d{1,2})(?!\d))?|(?!\d))")
_COMPACT = re.compile(r"(?P<year>1\d{3}|2[01]\d\d)(?P<month>\d\d)(?P<day>\d\d)?")
_YEAR_LAST = re.compile(
    r"(?<!\d)(?P<a>\d{1,2})(?P<sign>[/.-])(?P<b>\d{1,2})(?:(?P=sign)(?P<year>1\d{3}|2[01]\d\d))?(?!\d)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_NAMED_MONTH = re.compile(
    r"(?:(?<!\d)(?P<before>\d{1,2})(?:st|nd|rd|th)?(?:\s?[-–]{1,2}\s?\d{1,2}(?:st|nd|rd|th)?)?[\s~.,-]{0,3})?"
    rf"(?<![a-z]){_MONTH_NAME}(?![a-z])\.?"
    r"(?:[\s~,-]{0,3}(?P<after>\d{1,2})(?:st|nd|rd|th)?(?![\d:]))?",
    re.IGNORECASE,
)

# Only this many characters of a text are searched for a date. Even a long date is shorter, for example
# "14th-18th of September 2010, revised version".
_LONGEST_DATE = 120

_DASHES = re.compile(r"\s?(?:-{2,}|[–—])\s?|(?<=\d)\s?[-‐‑]\s?(?=\d)")
# Labels before the number of a volume or issue, and before pages.
_LABEL_OF_A_NUMBER = re.compile(r"\A(?:v|vol|volume|no|nr|num|iss|issue|p|pp|pages?)(?:\.\s?|\s)(?=\d)", re.IGNORECASE)
# Texts in the fields for volume, issue and pages that mean an unknown number: 0, "no issue", and "No Pagination
# Specified", which Ovid writes as pages.
_NO_NUMBER = re.compile(
    r"0+(?:\W{1,2}0+)?|no\W{1,2}(?:pagination\W{1,2})?specified|no (?:issue|volume|pages?)(?: number)?", re.IGNORECASE
)
# Ovid writes the catalogue number of a journal, "eag, 7805975" or "101676033", in place of an issue. A catalogue number
# is recognized by its form and because it is longer than _LONGEST_ISSUE.
_LONGEST_ISSUE = 6
_CATALOGUE_NUMBER = re.compile(r"(?:[a-z\d]{2,4}, )?\d{7,9}[\dr]?", re.IGNORECASE)
# Names of arXiv in a field for the venue. They are dropped, because the arXiv id already shows that the paper is on
# arXiv.
_PREPRINT = re.compile(
    r"(?:the\s)?(?:arxiv(?:\.org|\.cornell\.edu)?|corr|cornell university(?: library)?)(?:[\s:,(/.-].{0,60})?",
    re.IGNORECASE | re.DOTALL,
)
_BEFORE_COMMENT = re.compile(r"\A\s*(?:arXiv:\s?\S{9,24}(?: \[[\w.-]{2,18}\])?\s+)?Comments?:\s+")
_LABEL = re.compile(r"\b(?:doi|pmc?id|arxiv|url|https?|available|at|from|online|eprint|preprint)\b", re.IGNORECASE)
_WORD = re.compile(r"\w")
# Notes in which a database describes its own record and not the paper, for example "Times Cited: 5".
_OF_THE_DATABASE = re.compile(
    r"(?:export date|cited by|isi document delivery no|times cited)\b.*|\W*prepublished\W*", re.IGNORECASE | re.DOTALL
)
# A line such as "Comment: 12 pages" in "extra", which is Zotero's field for free text.
_EXTRA_LINE = re.compile(r"[ \t]*([A-Za-z][\w .-]{0,40}?)[ \t]*:[ \t]*(\S.*)")


def start(head: bytes) -> str:
    """The start of a file as text for `sniff`, without leading white space and byte order mark.

    Every line end becomes a line feed.
    """
    return text_lines.text(head).replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff \t\n")


def is_paper(kind: str | None) -> bool:
    """Whether an item of the kind `kind` can be a paper. Notes, attachments and annotations cannot."""
    return kind is None or _NO_LETTER.sub("", kind.lower()) not in _NO_PAPERS


def left_out(count: int) -> Warned:
    """The warning that `count` items were left out because they are notes or attachments."""
    what = "a note or attachment was" if count == 1 else f"{count} notes and attachments were"
    return Warned(f"{what} left out: only papers are kept")


def person(name: str, *, jr_second: bool = False) -> str:
    """The name with the given name first: "Ann van Dyck" for "van Dyck, Ann", "John Doe Jr" for "Doe, John, Jr".

    BibTeX writes the suffix second: "Doe, Jr, John". With `jr_second`, the second of three parts counts as the suffix
    even if it does not look like one, unless a later part looks like one. A comma inside braces is part of the name.
    Some programs write "null" for a missing given name.
    """
    if name.count(",") < 2 and "{" not in name:
        last, _, second = name.partition(",")
        return _of_two(last.strip(), second.strip())
    parts = [part for part in (part.strip() for part in split_top(name, ",")) if part]
    if len(parts) < 3:
        return _of_two(*parts)
    last, second, *rest = parts
    ends = [part for part in rest if _SUFFIX.fullmatch(part)]
    if _SUFFIX.fullmatch(second) or (jr_second and not ends):
        return f"{' '.join(rest)} {last} {second}"
    return f"{second} {last} {' '.join(rest)}"


def _of_two(last: str = "", second: str = "") -> str:
    """The name that consists of these two parts. Each of them may be empty."""
    if not last or not second:
        return last or second
    if second in _NO_PART:
        return last
    return f"{last} {second}" if _SUFFIX.fullmatch(second) else f"{second} {last}"


def is_suffix(text: str) -> bool:
    """Whether `text`, a part of a name, is a suffix such as "Jr." or "III"."""
    return _SUFFIX.fullmatch(text) is not None


def authors(names: Iterable[str]) -> tuple[Author, ...]:
    """Authors from names that have the given name first. Texts that are not names, such as "et al.", are left out.

    Texts with digits are kept, because the importer needs them: it turns "72 others" into a count of authors, and
    reports any other number in place of a name.
    """
    return tuple([Author(name) for name in names if author_names.is_name(name) or any(map(str.isdigit, name))])


def split_top(text: str, at: str) -> list[str]:
    """`text` split at every character `at` outside braces."""
    if at not in text:
        return [text]
    if "{" not in text:
        return text.split(at)
    parts: list[str] = []
    start = depth = 0
    for token in re.finditer(rf"\\.|[{{}}{re.escape(at)}]", text, re.DOTALL):
        if token[0] == "{":
            depth += 1
        elif token[0] == "}":
            depth = max(0, depth - 1)
        elif token[0] == at and depth == 0:
            parts.append(text[start : token.start()])
            start = token.end()
    return [*parts, text[start:]]


def when(*texts: str | None) -> PartialDate | None:
    """The date that `texts` contain together, possibly only a month or a year; None when none of them contains a year.

    The year is that of the first text with a year. Month and day come from the most precise of the texts that have the
    same year or no year.
    """
    dates = [parts for text in texts if text and (parts := _parts(text[:_LONGEST_DATE]))]
    year = next((year for year, _, _ in dates if year), None)
    if year is None:
        return None
    fitting = [(month, dom) for own_year, month, dom in dates if month and own_year in (None, year)]
    month, dom = max(fitting, key=lambda parts: parts[1] is not None, default=(None, None))
    if not month:
        return PartialDate(date(year, 1, 1), "year")
    try:
        return PartialDate(date(year, month, dom)) if dom else PartialDate(date(year, month, 1), "month")
    except ValueError:
        return PartialDate(date(year, month, 1), "month")


def year_at_least(date: PartialDate | None, *, arxiv_id: str | None) -> PartialDate | None:
    """`date`, reduced to its year if it is 1 January and the arXiv id is not from that month.

    Some indexes write 1 January when they know only the year. An arXiv id from that January confirms the month, so then
    `date` is returned unchanged.
    """
    if not date or date.precision != "day" or (date.first_day.month, date.first_day.day) != (1, 1):
        return date
    in_january = (arxiv_id or "").rpartition("/")[2].startswith(f"{date.first_day:%y%m}")
    return date if in_january else PartialDate(date.first_day, "year")


def month(text: str) -> str:
    """The month in a field that contains only a month, in the form that `when` can parse: "03" becomes "Mar"."""
    text = text.strip()
    return _MONTHS[int(text) - 1] if re.fullmatch(r"0?[1-9]|1[0-2]", text) else text


def venue(
    name: str | None, volume: str | None = None, issue: str | None = None, pages: str | None = None
) -> str | None:
    """A journal reference, "Journal 12(3), 45–67". `name` is the journal, series, school or publisher.

    None when `name` is empty or is a name of arXiv.
    """
    if not name or not name.strip() or is_arxiv(name):
        return None
    reference = name.strip()
    volume, issue, pages = volume and _number(volume), issue and _number(issue), pages and _number(pages)
    if issue and len(issue) > _LONGEST_ISSUE and _CATALOGUE_NUMBER.fullmatch(issue):
        issue = None
    if volume:
        reference += f" {volume}"
    if issue:
        reference += f"({issue})" if volume else f" ({issue})"
    if pages and (pages := _DASHES.sub("–", pages)):
        reference += f", {pages}"
    return reference


def _number(text: str) -> str | None:
    """A volume, issue or page range without a label such as "v." or "pp." before it; None if it has no meaning."""
    text = text.strip()
    if "1" <= text[:1] <= "9":
        return text
    if not text or missing_values.is_no_text(text) or _NO_NUMBER.fullmatch(text):
        return None
    return _LABEL_OF_A_NUMBER.sub("", text, count=1)


def is_arxiv(name: str) -> bool:
    """Whether `name`, in a field for a journal or publisher, means arXiv: "arXiv preprint arXiv:2301.00001", "CoRR"."""
    return _PREPRINT.fullmatch(name.strip()) is not None


def pages(first: str | None, last: str | None) -> str | None:
    """A page range from its first and last page. `first` may already be the whole range, for example "45-67"."""
    if first and last and last not in first.split("-"):
        return f"{first}-{last}"
    return first or last


def plain(text: str | None) -> str | None:
    """`text` without the markup that publishers use; None when nothing is left."""
    return (markup.plain(text) or "").strip() or None


def extra(text: str) -> dict[str, str]:
    """The values of the lines "Name: value" of Zotero's field "extra", by name in lower case.

    The key "" has all other lines.
    """
    values: dict[str, str] = {}
    for each in text.splitlines():
        match = _EXTRA_LINE.fullmatch(each)
        name, value = (match[1].lower(), match[2]) if match and not match[2].startswith("//") else ("", each.strip())
        if value:
            values[name] = f"{values[name]}\n{value}" if name in values else value
    return values


def remark(text: str | None) -> str | None:
    """The comment in a note, without the prefix that Zotero adds to comments from arXiv.

    The prefix is, for example, "arXiv:2303.00763 [cs] Comment:". None when the note only repeats an identifier or an
    address, or does not describe the paper ("Export Date: 12 March 2023; Cited By: 5").
    """
    text = _BEFORE_COMMENT.sub("", text or "", count=1)
    if not text or _OF_THE_DATABASE.fullmatch(text.strip()):
        return None
    rest = _LABEL.sub(" ", identifiers.without_identifiers(text))
    return text if _WORD.search(rest) else None


def paper(
    *,
    title: str,
    abstract: str | None = None,
    authors: Sequence[Author] = (),
    published: PartialDate | None = None,
    venue: str | None = None,
    comment: str | None = None,
    dois: Iterable[str | None] = (),
    eprints: Iterable[str | None] = (),
    urls: Iterable[str | None] = (),
    pdfs: Iterable[str | None] = (),
    mentions: Iterable[str | None] = (),
    categories: Iterable[str] = (),
    keywords: Iterable[str] = (),
) -> Paper:
    """The paper that the fields of an item describe.

    `dois`, `eprints`, `urls` and `pdfs` are the contents of the fields for DOIs, arXiv ids, addresses of pages and
    addresses of PDF files. `mentions` are texts that may contain any of these. Keywords that are arXiv categories are
    added to `categories`. From a DOI that arXiv registered, the arXiv id is read; such a DOI is not stored as the DOI.
    """
    in_urls, in_pdfs, in_mentions = _without_empty(urls), _without_empty(pdfs), _without_empty(mentions)
    identity = ids_and_links.identity(dois=dois, arxiv_ids=eprints, mentions=[*in_urls, *in_pdfs, *in_mentions])
    links = identifiers.links(in_urls, in_pdfs)
    pubmed = next((page for text in in_mentions if (page := identifiers.pubmed_page(text))), None)
    if pubmed and all(link.url != pubmed for link in links):
        links = (*links, *identifiers.links([pubmed]))
    day, known_to = published or UNDATED
    return Paper(
        title=title,
        abstract=abstract,
        authors=tuple(authors),
        published=day,
        published_to=known_to,
        arxiv_id=identity.arxiv_id,
        arxiv_version=identity.arxiv_version,
        doi=identity.doi,
        categories=tuple(dict.fromkeys([*categories, *identifiers.categories_in([*keywords, *in_mentions])])),
        venue=venue,
        comment=remark(comment),
        links=links,
    )


def _without_empty(texts: Iterable[str | None]) -> list[str]:
    return [text for text in texts if text]


# The results are cached, because many papers of a list have the same year or date.
@lru_cache(1024)
def _parts(text: str) -> tuple[int | None, int | None, int | None] | None:
    """The year, month and day in `text`, each None if it is missing. None if `text` contains no date."""
    text = text.strip()
    if compact := _COMPACT.fullmatch(text):
        return _checked(compact["year"], compact["month"], compact["day"])
    first = _YEAR_FIRST.search(text)
    if first and first["month"]:
        return _checked(first["year"], first["month"], first["day"])
    if last := _YEAR_LAST.search(text):
        a, b = last["a"], last["b"]
        # The day comes first if points separate the numbers, or if the first number is too large for a month. Otherwise
        # the month comes first, as in American dates.
        if last["sign"] == "." or int(a) > 12:
            a, b = b, a
        if last["year"] or not first:
            return _checked(last["year"] or (first and first["year"]), a, b)
    year = first["year"] if first else None
    if month_match := _NAMED_MONTH.search(text):
        number = str(_MONTHS.index(month_match["name"][:3].lower()) + 1)
        return _checked(year, number, month_match["before"] or month_match["after"])
    return (int(year), None, None) if year else None


def _checked(year: str | None, month: str | None, dom: str | None) -> tuple[int | None, int | None, int | None]:
    """The parts of a date as numbers. A month or day that is out of range becomes None."""
    number = int(month) if month and 1 <= int(month) <= 12 else None
    is_valid_day = number is not None and dom is not None and 1 <= int(dom) <= 31
    return int(year) if year else None, number, int(dom) if is_valid_day and dom else None
