"""Convert Hugging Face pages in Markdown to plain lines, without the syntax of headings, links and pictures.

Headings of level 3 or deeper are titles of papers. The arXiv ids of the papers are in the addresses of the links.
"""

from __future__ import annotations

import re

from store.matching import identifiers

SITE = r"(?:https?://(?:www\.)?(?:huggingface\.co|hf\.co))?"
# Private-use characters that mark arXiv ids from links (OPEN before, CLOSE after the id) and the starts of titles. They
# are removed from the input first, so that a page cannot contain them itself.
OPEN, CLOSE, TITLE = "\ue0f0", "\ue0f1", "\ue0f2"
OWN = str.maketrans("", "", OPEN + CLOSE + TITLE)

# A link at the start of a line or at the end of a short line. An abstract may contain a link in the middle of a line.
_MARKDOWN = re.compile(
    rf"^[^\n\[]{{0,12}}\[[^\[\]\n]{{0,300}}\]\({SITE}/(?:papers/\d{{4}}\.\d|models\)|datasets\)|login\?next=)|"
    rf"^[^\n\[]{{0,40}}\]\({SITE}/papers/\d{{4}}\.\d|"
    r"^#{1,3} [^\n]{0,200}(?:Daily|Trending) Papers",
    re.M,
)
_PAPER = re.compile(rf"{SITE}/papers/({identifiers.NEW_ARXIV_ID})(?:v\d{{1,3}})?/?")

# A long address may be broken into several lines.
_ADDRESS = r"[^()\s]{0,2000}(?:\n[^()\s]{1,200}){0,3}"
_TARGET = rf"\(({_ADDRESS})(?:[ ]\"[^\"\n]{{0,300}}\")?\)"
# The text of an organization's picture is its slug (its name in addresses). The picture is directly before the
# organization's name.
_PICTURE = re.compile(rf"!\[([^\[\]]{{0,200}})\]\({_ADDRESS}\)(\s?)(?=(\w?))")
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
_NO_UPVOTES = re.compile(rf"\[(\s*)\\?-(\s*)\](?:{_TARGET}|\[\d{{1,5}}\])")
_LINK = re.compile(rf"\[([^\[\]]*)\](?:{_TARGET}|\[\d{{1,5}}\])")
# The end of a link whose text contains brackets, in one of two forms: "](address)" or "][5]".
_LINK_END = re.compile(r"\](?:\(((?:https?:/)?/[^()\s]{0,2000})\)|\[\d{1,5}\])")
_LINK_START = re.compile(r"^[ \t]*+\[(?=[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*$)", re.M)
_BULLETS = re.compile(r"^([ \t]*+\[?+)[ \t]*+(?:[-*+][ \t\\]++)++(?=\S)", re.M)
_LONE_BULLETS = re.compile(r"^[ \t]*+\[?+[ \t]*+(?:[-*+][ \t\\]*+)++$", re.M)
_HEADING = re.compile(r"^[ ]{0,3}(#{1,6})[ \t]+", re.M)
_RULE = re.compile(r"^[ \t]*+(?:={3,}+|-{3,}+|`{2,}+\w*+|\*{3,}+|(?:\*[ \t]++){2,}+\*?+)[ \t]*+$", re.M)
_BREAK = re.compile(r"\\{1,4}(?=[ \t]*$)|\\{1,4}(?=[ ]{2})", re.M)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|~$<>-])")


def is_markdown(content: str) -> bool:
    """Whether the page contains links or headings in Markdown."""
    return _MARKDOWN.search(content) is not None


def words(content: str) -> str:
    """The words of a page without Markdown syntax. Line numbers stay the same.

    The words of a link to a paper are followed by its arXiv id between OPEN and CLOSE. The character TITLE is before
    each title.
    """
    content = content.translate(OWN)
    content = _PICTURE.sub(_pictured, content)
    content = _NO_UPVOTES.sub(r"\1\-\2", content)
    content = _LONE_BULLETS.sub("", content)
    content = _RULE.sub("", content)
    content = _BULLETS.sub(r"\1", content)
    content = _LINK.sub(_linked, content)
    content = _LINK_END.sub(lambda match: _named(match[1]), content)
    content = _LINK_START.sub("", content)
    content = _HEADING.sub(lambda match: TITLE if len(match[1]) > 2 else "", content)
    return _ESCAPED.sub(r"\1", _BREAK.sub("", content))


def paper_named(address: str) -> str | None:
    """The arXiv id in the address of a paper's page."""
    match = _PAPER.fullmatch(address)
    return match[1] if match else None


def _pictured(picture: re.Match[str]) -> str:
    """The slug (name in addresses) in the text of a picture, if the name of an organization follows the picture."""
    slug = picture[1] if picture[3] and _SLUG.fullmatch(picture[1]) else ""
    return f"{picture[2]}{slug} " if slug else picture[2]


def _linked(link: re.Match[str]) -> str:
    """The words of a link. A space separates them from a link or date directly before ("May 29[6](…)")."""
    before = link.string[link.start() - 1 : link.start()]
    apart = " " if before == ")" or (before.isdigit() and link[1][:1].isdigit()) else ""
    address = (link[2] or "").replace("\n", "")
    return f"{apart}{link[1]}{_named(address)}"


def _named(address: str | None) -> str:
    paper_id = paper_named(address or "")
    return f"{OPEN}{paper_id}{CLOSE}" if paper_id else ""
