"""Read lists of links to papers in plain text, Markdown and Org.

A line with a link to a paper is an entry. The title of the paper is the text of the link. If that text is not a title,
the title is bold or quoted text in the line, or the words before the link, or, if the line contains only the link, the
line above. Other links in the line, for example to code, are added to the paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from store.formats.arxiv import listing_text, mailing
from store.formats.bibliography import csl_yaml, pubmed_summary, pubmed_text
from store.formats.feeds import names
from store.formats.hugging_face import copied_page
from store.formats.links.linked_papers import LinkedPapers
from store.formats.links.page_titles import page_title, title_in_list
from store.formats.shared import paper_addresses, text_lines
from store.matching import identifiers
from store.matching.identifiers import DOI_PREFIX, NEW_ARXIV_ID, OLD_ARXIV_ID
from store.model import limits
from store.model.entry import CutShort, Entry, Item
from store.model.errors import ListingError

NAME = "links"
TITLE = "Lists of links: plain text, Markdown, Org"
FAMILY = "links"
EXAMPLE = "reading-list.md"
STREAMS = True

_URL = r"https?://[^\s<>\"'`|\[\]{}\\^]{3,2000}"
# Matches a link in Markdown, Org or HTML, an address without a text, or an identifier.
_LINK = re.compile(
    r"\[(?P<text>(?:[^\[\]\n]|\[[^\[\]\n]{0,200}\]){0,500})\]\(\s?<?(?P<target>[^()\s<>]{1,2000}(?:\([^()\s]{0,200}\)[^()\s<>]{0,200})?)>?"
    r"(?:\s+(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'))?\s?\)"
    r"|\[\[(?P<org>[^\[\]\s]{1,2000})\](?:\[(?P<org_text>[^\[\]\n]{1,500})\])?\]"
    r"|<a\s[^<>]{0,300}?href=[\"'](?P<html>[^\"'<>\s]{1,2000})[\"'][^<>]{0,300}>(?P<html_text>[^<>\n]{0,500})</a>"
    rf"|(?P<url>{_URL})"
    rf"|(?<![\w./])(?P<arxiv>arXiv\s?:\s?(?:{NEW_ARXIV_ID}|{OLD_ARXIV_ID})(?:v\d{{1,3}})?)(?!\w)"
    rf"|(?<![\w./])(?P<doi>doi\s?:\s?{DOI_PREFIX}[^\s<>\"|\[\]]{{1,200}})"
    r"|(?<![\w./:])(?P<bare>(?:arxiv\.org/(?:abs|pdf)|doi\.org|huggingface\.co/papers|openreview\.net)/[^\s<>\"|\[\]]{4,300})",
    re.I,
)
_MAY_LINK = re.compile(r"://|\]\(|\[\[|[aA][rR][xX]iv|\b10\.\d|\d{4}\.\d{4}|/\d{7}|doi|DOI|href|openreview|huggingface")
# A line that is only an identifier, with or without a bullet.
_ALONE = re.compile(
    rf"[-*+•\d.)\s]{{0,8}}(?P<id>(?:{NEW_ARXIV_ID}|{OLD_ARXIV_ID})(?:v\d{{1,3}})?|{DOI_PREFIX}\S{{1,200}})[\s,;]*", re.I
)
_BOLD = re.compile(r"\*\*([^*\n]{6,400})\*\*|__([^_\n]{6,400})__|[“\"]([^”\"\n]{6,400})[”\"]|<b>([^<>\n]{6,400})</b>")
_BULLET = re.compile(r"\s{0,12}(?:[-*+•‣◦]|\d{1,4}[.)]|#{1,6}|>|\||<li\b[^<>]{0,80}>)\s*")
_LOW_HEADING = re.compile(r"\s{0,3}#{3,6}\s")
# The number of lines above a link that are searched for the title of its paper.
_LINES_ABOVE = 3
_HEADING = re.compile(r"\s{0,3}(?:#{1,6}\s|\*{1,6}\s(?=[A-Z])|={3,}|-{3,})")
_AUTHORS_AND_OTHERS = re.compile(r".{0,200}\bet\.? al\.?\s*", re.I)
# The text that other formats write before an address: "UR  - ", "url = {", "  \"url\": \"", "\\ ( ". A line that starts
# in such a way is not counted by `sniff`.
_KEY_BEFORE = re.compile(
    r"\s*(?:[A-Za-z][\w-]{0,20}\s*(?:-|=|:\s*[\"{])|[\"'{\\%]|<(?!(?:li|a|td|tr|p|b)\b)|[A-Z][A-Z\d]\s)"
)
# A text counts as a list of links if at least the first share (from 0 to 1) of its lines link to papers, or if at least
# the second share of its lines are list items or table rows that link to papers. The second share is lower, because
# lists also contain headings and remarks.
_SHARE, _SHARE_OF_ITEMS = 0.25, 0.15
_MOST_LINES = 500
# Other text formats whose entries contain links to papers. Their files are not lists of links.
_WITH_LINKS = (copied_page, listing_text, mailing, pubmed_summary, pubmed_text, csl_yaml)


class _Link(NamedTuple):
    """A link in a line: its address, its text or None, and the offsets of its start and end in the line."""

    address: str
    text: str | None
    start: int
    end: int


def sniff(head: bytes, name: str) -> float:
    """The certainty that the file is a list of links to papers: 0.6 or 0.

    It is 0.6 if enough lines link to papers, unless another text format fits the file.
    """
    if text_lines.is_binary(head):
        return 0.0
    text = text_lines.text(head).lstrip("\ufeff")
    if text.lstrip()[:1] in ("{", "@", "%") or text.lstrip()[:5].lower() in (
        "<!doc",
        "<html",
        "<?xml",
        "<rss ",
        "<feed",
    ):
        return 0.0
    lines = [line for line in text.splitlines()[:_MOST_LINES] if line.strip()]
    counts = [_leads_to_paper(line) for line in lines]
    leading = sum(1 for count in counts if count)
    items = sum(1 for count in counts if count == 2)
    enough = leading >= _SHARE * len(lines) or (items and items >= _SHARE_OF_ITEMS * len(lines))
    if not leading or not enough:
        return 0.0
    return 0.0 if any(other.sniff(head, name) for other in _WITH_LINKS) else 0.6


def read(stream: BinaryIO) -> Iterator[Item]:
    """An entry for each paper to which a line links. Raises ListingError when no line has a link."""
    papers = LinkedPapers()
    above: list[str] = []
    is_empty = True
    is_cut = False
    number = 0
    with text_lines.open_text(stream) as opened:
        while raw := opened.readline(limits.MAIL_LINE):
            number += 1
            line = raw.strip("\ufeff\r\n")
            is_empty = is_empty and not line.strip()
            links = _links(line)
            yield from _entries(line, number, links, above, papers)
            above = [*above[1 - _LINES_ABOVE :], line] if line.strip() and not links else []
            is_cut = not raw.endswith("\n") and _is_open(line)
    if is_empty:
        raise ListingError("an empty file")
    if is_cut:
        yield CutShort(f"the file ends in the middle of a link, line {number}")
    elif not papers.has_links:
        raise ListingError("a text without links to papers")
    yield from papers.remarks()


def _is_open(line: str) -> bool:
    """Whether a line ends inside a Markdown link."""
    return line.rfind("[") > line.rfind("]") or line.rfind("](") > line.rfind(")") or line.endswith("]")


def _leads_to_paper(line: str) -> int:
    """A rating of how certainly `line` is an entry of a list of links.

    The result is 2 for a list item or a table row with a link to a paper, 1 for another line with such a link, and 0
    for all other lines.
    """
    if _KEY_BEFORE.match(line):
        return 0
    links = _links(line)
    first = next((link for link in links if paper_addresses.is_of_paper(link.address)), None)
    if first is None or line[: first.start].endswith((",", '"', "(", "\t")):
        return 0
    return 2 if _BULLET.match(line) or first.text else 1


def _links(line: str) -> list[_Link]:
    # This fast path handles nearly all lines of other texts.
    if not _MAY_LINK.search(line):
        return []
    if alone := _ALONE.fullmatch(line):
        identifier = alone["id"]
        address = (
            f"https://doi.org/{identifier}" if identifier.startswith("10.") else f"https://arxiv.org/abs/{identifier}"
        )
        return [_Link(address, None, 0, len(line))]
    return [_link(match) for match in _LINK.finditer(line)]


def _link(match: re.Match[str]) -> _Link:
    text: str | None = None
    if match["arxiv"]:
        number = match["arxiv"].partition(":")[2].strip()
        address = f"https://arxiv.org/abs/{number}"
    elif match["doi"]:
        address = f"https://doi.org/{identifiers.doi(match['doi']) or ''}"
    elif match["url"] or match["bare"]:
        address = (match["url"] or f"https://{match['bare']}").rstrip(".,;:!?*_")
        if address.endswith(")") and address.count("(") < address.count(")"):
            address = address.rstrip(")")
    else:
        address = match["target"] or match["org"] or match["html"] or ""
        text = match["text"] or match["org_text"] or match["html_text"]
    return _Link(address, text, match.start(), match.end())


def _entries(line: str, number: int, links: list[_Link], above: list[str], papers: LinkedPapers) -> Iterator[Entry]:
    """The entries of a line: one for each paper to which the line links."""
    leading = [link for link in links if paper_addresses.is_of_paper(link.address)]
    if not leading:
        papers.left_out += bool(links)
        return
    # Several links may lead to the same paper, for example to its page and its PDF. If any link has an identifier,
    # links without one are ignored.
    firsts: dict[object, _Link] = {}
    for link in leading:
        identity = paper_addresses.identity_of(link.address)
        firsts.setdefault(identity.arxiv_id or identity.doi or link.address, link)
    identified = [link for link in firsts.values() if any(paper_addresses.identity_of(link.address)[::2])]
    chosen = identified or list(firsts.values())[:1]
    others = [link.address for link in links if link not in leading] if len(chosen) == 1 else []
    for link in chosen:
        title = page_title(link.text) if link.text else None
        if title is None and len(chosen) == 1:
            title = _title_beside(line, links, above)
        if entry := papers.entry(link.address, title, others=others, line=number):
            yield entry


def _title_beside(line: str, links: list[_Link], above: list[str]) -> str | None:
    """The title of the only paper in `line`, whose link has no title as its text.

    The title may be in the rest of the line or in the lines `above`.
    """
    candidates = [each for match in _BOLD.finditer(line) for each in match.groups() if each]
    candidates += [link.text for link in links if link.text]
    before = line[: links[0].start]
    if "|" in before or line.lstrip().startswith("|"):
        candidates += [cell for cell in line.split("|") if not _LINK.search(cell)]
    elif any(map(str.isalnum, before)):
        candidates.append(_BULLET.sub("", before, count=1))
    else:
        candidates += _titles_above(above)
    titles = (
        title for each in candidates if not _AUTHORS_AND_OTHERS.fullmatch(each) and (title := title_in_list(each))
    )
    return next((title for title in titles if _is_capital(title) and len(title.split()) > 1), None)


def _titles_above(lines: list[str]) -> Iterator[str]:
    """Texts above a link that may be its title: low headings (level 3 to 6) and bold text, then the nearest line.

    A line that contains only names of people is skipped, because it is the line of authors.
    """
    for line in reversed(lines):
        bold = _BOLD.search(line)
        if bold or _LOW_HEADING.match(line):
            yield next(each for each in bold.groups() if each) if bold else _BULLET.sub("", line, count=1)
    for line in reversed(lines):
        text = _BULLET.sub("", line, count=1).strip(" *_")
        if not _HEADING.match(line) and not names.in_line(text).authors:
            yield text
            return


def _is_capital(title: str) -> bool:
    """Whether a text starts like a title, and not in the middle of a sentence."""
    first = next((letter for letter in title if letter.isalnum()), "")
    return not first.islower() or any(letter.isupper() for letter in title.split()[0])
