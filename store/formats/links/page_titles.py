"""Find the title of a paper in the title of a web page or a bookmark, or in the text of a link."""

from __future__ import annotations

import re

from store.formats.bibliography import fields
from store.matching import identifiers

# Texts that sites add to the title of a page: _BEFORE comes before the title of the paper, _SITE and _BEHIND after it.
_BEFORE = re.compile(
    rf"\A\s*(?:\[(?:{identifiers.NEW_ARXIV_ID}|{identifiers.OLD_ARXIV_ID})(?:v\d{{1,3}})?\]\s*|[(\[]PDF[)\]]\s+"
    r"|Paper page - |arXiv:\S{9,24}\s+|Title:\s+)+",
    re.I,
)
_SITE = (
    r"OpenReview(?:\.net)?|arXiv(?:\.org)?(?: e-Print archive)?|alphaXiv|ScienceDirect|Nature(?: [A-Z]\w+){0,3}"
    r"|Science(?: \w+){0,2}"
    r"|bioRxiv|medRxiv|SpringerLink|Springer Nature Link|ACM Digital Library|Proceedings of .{3,80}|IEEE .{3,60}"
    r"|IEEE Xplore|PubMed|PMC|Semantic Scholar|ACL Anthology|Hugging Face|PNAS|Papers ?[Ww]ith ?Code|ResearchGate"
    r"|Request PDF|Wiley Online Library|Oxford Academic|Frontiers|MDPI|PLOS \w+|Phys\. Rev\.? .{1,30}|SSRN"
    r"|Google Scholar"
    r"|NeurIPS.{0,40}|Cell|The Lancet.{0,40}|JMLR|PMLR|dblp|INSPIRE|NASA/ADS|Europe PMC|ar5iv"
)
_BEHIND = re.compile(rf"(?:\s+[|–—·:-]+\s+(?:{_SITE}))+\s*\Z")
_MARKS = re.compile(r"(?:[*_`~]{1,3}|==)(?=\S)|(?<=\S)(?:[*_`~]{1,3}|==)")
_LEADING = re.compile(
    r"\A(?:[^\w\"“'‘(\[¿¡$\\]+|\[[^\[\]]{0,40}\](?!\()|\((?:19|20)\d\d[^()]{0,20}\)|\d{1,3}[.)]\s"
    # A venue before a title: "(NeurIPS'23) ", "(ICLR 2024 Oral) ".
    r"|\([A-Z][\w&.-]{1,15}(?: [A-Z][\w-]{1,12})?[ '’]{0,2}(?:(?:19|20)\d\d|(?<=['’])\d\d)(?: [A-Za-z ]{1,20})?\)"
    r"|(?:19|20)\d\d[-/.]\d\d?(?:[-/.]\d\d?)?\b|(?:19|20)\d\d\b(?=\s*[:,|-]))+"
)
# A venue after a title: ", NeurIPS 2017", " (ICLR'24)".
_VENUE_BEHIND = re.compile(
    r"\s*[,(\[]\s?(?:[A-Z][\w&.-]{1,15}(?: [A-Z][\w-]{1,12})?)?[ '’]{0,2}(?:(?:19|20)\d\d|(?<=['’])\d\d)[)\]]?\Z"
)
# A formatted reference, in which authors and journal surround the title: "A. Alpha. A title. Journal (2020)."
_REFERENCE = re.compile(r"\b[A-Z]\.[ ,-]|\bet al\b|\((?:19|20)\d\d[a-z]?\)[.,:]|\. [^.]{3,300}\. ")
# Texts of links that describe the target of the link, for example "PDF" or "read the paper here".
_GENERIC = re.compile(
    r"(?:(?:the|full|view|read|download|see|open|project|my|links?|to|on|at|original|official|here|more|online|this)"
    r"\s+)*"
    r"(?:papers?|pdf|arxiv|abs|abstract|html|doi|link|url|here|code|github|page|website|site|project|demo|video|slides"
    r"|poster|blog|post|dataset|data|model|models|weights|huggingface|hugging face|openreview|source|article|text"
    r"|publisher|bibtex|cite|supp(?:lement(?:ary)?)?|appendix|preprint|version|review|reviews|talk|twitter|tweet|thread"
    r"|semantic scholar|google scholar|scholar|details|discussion|notes?|colab|notebook|more|full text|online"
    r"|paper link"
    r"|paper page|project page|arxiv link|pdf link|x|null|none|n/?a)"
    r"(?:\s*(?:paper|pdf|link|page|version|[.:»→>]|\d{1,2}))*",
    re.I,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+\.(?:pdf|html?)", re.I)
_LETTER = re.compile(r"[^\W\d_]")
# Quotation marks and brackets that may enclose a title.
_AROUND = ('""', "“”", "‘’", "''", "[]", "„“", "«»")
# A title of one word has at least this many characters. A shorter word is taken for a label, such as "PDF".
_SHORTEST_WORD = 9
_LONGEST = 400


def page_title(text: str) -> str | None:
    """The title of a paper in `text`, the title of a page. None when `text` is an address, an identifier or a label."""
    text = " ".join((fields.plain(text) or "").split())
    text = _BEHIND.sub("", _BEFORE.sub("", text)).strip()
    return text if _is_title(text) else None


def title_in_list(text: str) -> str | None:
    """The title of a paper in `text`, a list item, without Markdown and without leading numbers, dates and tags.

    None when `text` is a formatted reference, an address, an identifier or a label.
    """
    text = " ".join(_MARKS.sub("", fields.plain(text) or "").split())
    text = _VENUE_BEHIND.sub("", _LEADING.sub("", text).rstrip(" -–—:|,;([").strip())
    if _REFERENCE.search(text):
        return None
    if text[:1] + text[-1:] in _AROUND:
        text = text[1:-1].strip()
    return page_title(text)


def _is_title(text: str) -> bool:
    if not text or len(text) > _LONGEST or _ADDRESS.fullmatch(text) or _GENERIC.fullmatch(text):
        return False
    if identifiers.arxiv_id(text) or identifiers.exact_doi(text) or not _LETTER.search(text):
        return False
    return " " in text or len(text) >= _SHORTEST_WORD or not text.isascii()
