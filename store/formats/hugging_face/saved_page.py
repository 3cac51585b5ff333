"""Read Hugging Face Daily Papers from a page saved as HTML.

A list page and the page of one paper contain the papers as JSON in an attribute, `data-props`. A page saved without
this attribute still has a card for each paper. A card (the box in which the site shows one paper) has fewer fields: the
number of authors but no names, and usually no abstract. A page that is truncated after the end of the JSON can still be
read completely.

Only the tag with the attribute, or one card at a time, is passed to the HTML parser, because the parser's time grows
with the square of the nesting depth.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO
from urllib.parse import unquote

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from store.formats.hugging_face import api_json
from store.formats.hugging_face.addresses import paper_addresses
from store.formats.hugging_face.byline import printed_date
from store.formats.hugging_face.cards import counted
from store.formats.hugging_face.page_parts import DOT
from store.formats.shared import ids_and_links, text_lines
from store.matching import identifiers
from store.model.entry import CutShort, Entry, Item, ListingDay, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Organization, Paper
from store.model.partial_date import MonthDay

NAME = "hf-html"
TITLE = "Hugging Face Daily Papers, saved page"
FAMILY = "hf"
EXAMPLE = "Daily Papers - Hugging Face.html"
STREAMS = False

# The values of data-target for a list of papers and for one paper. The whole value must match, because the target of
# the subscription banner also starts with "DailyPapers".
_TARGETS = ("DailyPapers", "PaperContent")
_TARGET = re.compile(rf'data-target="(?:{"|".join(_TARGETS)})"')
_DIV = re.compile(r"""<div(?:[\s/]++(?:[^\s=>"'/<]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'=<`]++))?)?)*+>""", re.I)
_CARD = re.compile(r"<(/?)article\b", re.I)
# The longest card that is parsed (characters). Cards on the site have about 6,000.
_LARGEST_CARD = 20_000
# Possessive quantifiers avoid exponential backtracking: without them, 30 comments at the start of a page take minutes.
_HTML = re.compile(
    r"\s*+(?:<!--(?>.{0,500}?-->)\s*+)*+<(?:!doctype\s+html|html|head|body|main|div|section|article)\b", re.I | re.S
)
_TITLE = re.compile(r"<title>[^<]{0,40}(?:Daily|Trending) Papers", re.I)
_CARD_LINK = re.compile(rf'href="(?:https://huggingface\.co)?/papers/{identifiers.NEW_ARXIV_ID}"')
_PAPER = re.compile(rf"(?:https?://huggingface\.co)?/papers/({identifiers.NEW_ARXIV_ID})")
_LOGIN = re.compile(r"(?:https?://huggingface\.co)?/login\?next=")
_PAGE_DAY = re.compile(r"https?://huggingface\.co/papers/date/(\d{4})-(\d\d)-(\d\d)")
_OWN_ADDRESS = re.compile(
    r"<!--\s*saved from url[^>]{0,300}-->|<link[^>]{0,200}canonical[^>]{0,300}>|<meta[^>]{0,200}og:url[^>]{0,300}>",
    re.I,
)
_AUTHORS = re.compile(r"(\d{1,6})\s+authors?")
_ORGANIZATION = re.compile(r"(?:https?://huggingface\.co)?/([\w.-]{1,96})")
# A paragraph of at least this many characters in a card is the abstract.
_SHORTEST_ABSTRACT = 40


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is a saved page of Daily Papers.

    It is near 1 when the page has the JSON of the papers in an attribute, or the title of Daily Papers.
    """
    text = text_lines.text(head)
    if not _HTML.match(text.lstrip("\ufeff")):
        return 0.0
    if _TARGET.search(text) or _TITLE.search(text):
        return 0.97
    return 0.6 if "huggingface.co" in text and _CARD_LINK.search(text) else 0.0


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield a ListingDay if the page has a date, and the entries. Raises ListingError when the page has no papers."""
    with text_lines.open_text(stream) as opened:
        page = opened.read()
    if not page.strip():
        raise ListingError("an empty file")
    data = _page_data(page)
    yield from _from_cards(page) if data is None else _from_json(data, _line_of(page))


def _page_data(page: str) -> str | None:
    """The JSON of the papers, incomplete if the page ends inside it; None when the page has no such JSON."""
    for tag in _DIV.finditer(page):
        if any(target in tag[0] for target in _TARGETS) and (props := _props(tag[0])):
            return props
    last = max((page.rfind(f'data-target="{target}"') for target in _TARGETS), default=-1)
    if last < 0:
        return None
    # The parser ignores an unfinished tag, so close the quoted value and the tag.
    open_tag = page[page.rfind("<", 0, last) :]
    return _props(open_tag + '">') or _props(open_tag + "'>")


def _props(tag: str) -> str | None:
    node = LexborHTMLParser(tag).css_first("div[data-target][data-props]")
    return node.attributes["data-props"] if node and node.attributes["data-target"] in _TARGETS else None


def _from_json(data: str, line: int) -> Iterator[Item]:
    """The items of the JSON in a page. Each item gets `line`, the number of the line with the attribute."""
    try:
        for item in api_json.read(io.BytesIO(data.encode("utf-8", "replace"))):
            if isinstance(item, CutShort):
                yield CutShort("the page is cut in the middle of the data of its papers")
            else:
                yield msgspec.structs.replace(item, line=line) if isinstance(item, Entry | Refused) else item
    except ListingError:
        raise ListingError("the data of the page's papers is not JSON; save the page again") from None


def _line_of(page: str) -> int:
    target = _TARGET.search(page)
    return page.count("\n", 0, target.start() if target else 0) + 1


def _from_cards(page: str) -> Iterator[Item]:
    """The entries of the complete cards, and a report if the page ends early."""
    is_cut = re.search(r"<html\b", page, re.I) is not None and re.search(r"</html\s*>", page, re.I) is None
    day = _page_day(page)
    index = counted = 0
    line = 1
    in_card = False
    for start, end, in_card in _cards(page):
        text = page[start:end]
        if in_card or not _CARD_LINK.search(text):
            continue
        if not index:
            if day:
                yield ListingDay(MonthDay(day.month, day.day, day.year))
            yield Warned(
                "the page was saved without its data: its cards have no authors, and may lack abstracts and dates"
            )
        index += 1
        line += page.count("\n", counted, start)
        counted = start
        yield _card(text, index, line, day)
    if in_card:
        yield CutShort("the page ends in the middle of a card")
    elif is_cut and index:
        yield CutShort("the page ends early")
    elif is_cut:
        raise ListingError("a page that is cut before its papers begin; save it again")
    elif not index:
        raise ListingError("not a page of Daily Papers: it has neither the data of papers nor their cards")


def _cards(page: str) -> Iterator[tuple[int, int, bool]]:
    """The start and end offsets of each card, and True if the page ends inside the card."""
    start: int | None = None
    for tag in _CARD.finditer(page):
        if start is not None:
            yield start, tag.start(), False
        start = None if tag[1] else tag.start()
    if start is not None:
        yield start, len(page), True


def _card(text: str, index: int, line: int, day: date | None) -> Entry | Refused:
    if len(text) > _LARGEST_CARD:
        return Refused(index, line, f"a card of more than {_LARGEST_CARD:,} characters")
    card = LexborHTMLParser(text)
    heading = card.css_first("h3") or card.css_first("h2")
    title = heading.text() if heading else ""
    if not title.strip():
        return Refused(index, line, "a card with no title")
    links = [(link.attributes.get("href") or "", link) for link in card.css("a[href]")]
    paper_id = next((match[1] for href, _ in links if (match := _PAPER.fullmatch(unquote(href)))), "")
    identity = ids_and_links.identity(arxiv_ids=[paper_id])
    text = card.text(separator="\n")
    authors = _AUTHORS.search(text)
    dates = (printed_date(" ".join(line.split())) for line in text.partition(DOT)[2].split("\n"))
    abstracts = (paragraph.text() for paragraph in card.css("p"))
    return Entry(
        paper=Paper(
            title=title,
            abstract=next((each for each in abstracts if len(each) >= _SHORTEST_ABSTRACT), None),
            author_count=int(authors[1]) if authors else None,
            organization=next((each for href, link in links if (each := _organization(href, link))), None),
            arxiv_id=identity.arxiv_id,
            arxiv_version=identity.arxiv_version,
            upvotes=next((_count(link) for href, link in links if _LOGIN.match(href)), None),
            comment_count=next((_count(link) for href, link in links if href.endswith("#community")), None),
            links=ids_and_links.links(*paper_addresses(paper_id, identity.arxiv_id)),
        ),
        line=line,
        listed_on=day,
        published_on=next((each[0] for each in dates if each), None),
    )


def _count(node: LexborNode) -> int | None:
    return counted(node.text(separator=" ").replace("Upvote", "").strip())


def _organization(href: str, link: LexborNode) -> Organization | None:
    """The organization that a link with a picture leads to; None for any other link."""
    slug = _ORGANIZATION.fullmatch(href)
    name = link.text(separator=" ").strip()
    return Organization(name, slug[1]) if slug and name and link.css_first("img, svg") else None


def _page_day(page: str) -> date | None:
    """The date in the page's address, such as /papers/date/2025-10-30; None if the page contains no such address."""
    for statement in _OWN_ADDRESS.finditer(page):
        if match := _PAGE_DAY.search(statement[0]):
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                return None
    return None
