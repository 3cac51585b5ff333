"""arXiv ids, arXiv categories, DOIs and addresses: their patterns, and functions that recognize and normalize them.

There are three kinds of functions. Functions named `exact_…` accept only text that is an identifier and nothing else.
`arxiv_id` and `doi` find an identifier in a field that is meant for one; there "2301.00001" alone is an arXiv id.
Functions named `…_in` search running text, in which "2301.00001" may also be something else, such as a page range or a
report number. So they recognize an identifier only after "doi:" or "arXiv:", or in an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from urllib.parse import unquote

from store.matching.arxiv_subjects import category
from store.model.paper import Link, LinkKind
from store.model.partial_date import PartialDate

# The archives of arXiv (https://arxiv.org/category_taxonomy), in four groups: those whose subject classes are in
# capitals ("cs.CL"), those whose classes are in small letters ("cond-mat.str-el"), those without classes, and those
# that arXiv closed before 2007.
_CAPITAL_CLASSES = "astro-ph|cs|econ|eess|math|nlin|q-bio|q-fin|stat"
_SMALL_CLASSES = "cond-mat|physics"
_NO_CLASSES = "gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|nucl-ex|nucl-th|quant-ph"
_CLOSED = (
    "acc-phys|adap-org|alg-geom|ao-sci|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|dg-ga|funct-an|mtrl-th"
    "|patt-sol|plasm-ph|q-alg|solv-int|supr-con"
)
# The archives that occur in arXiv ids from before April 2007, from arxiv.org/help/arxiv_identifier and the list of
# subsumed archives there.
_ARCHIVES = f"astro-ph|cs|math|nlin|q-bio|{_SMALL_CLASSES}|{_NO_CLASSES}|{_CLOSED}"
# An arXiv id since April 2007: year and month, then four or five digits.
NEW_ARXIV_ID = r"\d\d(?:0[1-9]|1[0-2])\.\d{4,5}"
# An arXiv id from before April 2007, for example "math.GT/0309136": an archive, sometimes with a subject class, and
# seven digits. Use this only in patterns that ignore the case of letters.
OLD_ARXIV_ID = rf"(?:{_ARCHIVES})(?:\.[a-z]{{2}})?/\d{{7}}"
_ARXIV = (
    rf"(?:(?P<new>{NEW_ARXIV_ID})|(?P<archive>{_ARCHIVES})(?:\.[a-z]{{2}})?/(?P<number>\d{{7}}))"
    r"(?:v(?P<version>[1-9]\d{0,2}))?(?!\d)"
)
_ARXIV_ALONE = re.compile(rf"\s*(?:arxiv\s*:?\s*|abs[/-])?{_ARXIV}(?:\.pdf)?\s*(?:\[[^\]]*\]\s*)?\.?", re.IGNORECASE)
_ARXIV_ANNOUNCED = re.compile(
    r"(?:\barxiv(?:\s+(?:e-?prints?|preprints?|id|no\.?))?\s{0,2}[:./,]?\s{0,2}"
    r"|\barxiv\.org:|\b(?:arxiv|alphaxiv|ar5iv)(?:\.labs\.arxiv)?\.org/(?:abs|pdf|html|format|ps|src|e-print)/"
    rf"|\bhuggingface\.co/papers/){_ARXIV}",
    re.IGNORECASE,
)
# An arXiv category: an archive with a subject class, or an archive that has no subject classes.
CATEGORY = re.compile(
    rf"(?:{_CAPITAL_CLASSES})\.[A-Z]{{2}}|(?:{_SMALL_CLASSES})\.[a-z]{{2,6}}(?:-[a-z]{{2,5}})?"
    rf"|{_NO_CLASSES}|astro-ph|cond-mat"
)
# An arXiv category or archive that exists or has existed, with or without a subject class.
_ANY_CATEGORY = re.compile(
    rf"(?:{_CAPITAL_CLASSES}|{_SMALL_CLASSES}|{_NO_CLASSES}|{_CLOSED})(?:\.[A-Za-z]+(?:-[a-z]+)*)?"
)
_WITH_CLASSES = re.compile(rf"{_CAPITAL_CLASSES}|{_SMALL_CLASSES}")
_CATEGORY_BESIDE_ID = re.compile(r"\barxiv:\s?\S{9,20}\s\[([\w.-]{2,18})\]", re.IGNORECASE)

# The prefix of a DOI, up to the slash.
DOI_PREFIX = r"10\.\d{4,9}(?:\.\d{1,9}){0,4}/"
# Matches a text that consists only of a DOI. It may contain brackets and "<", because some DOIs do, namely those made
# from a SICI, an identifier of journal articles. In running text, however, "<" ends a DOI.
_DOI_ALONE = re.compile(rf"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi\s?(?:[:=]\s?)?){{0,3}}({DOI_PREFIX}\S+)", re.I)
_DOI_ANNOUNCED = re.compile(
    rf"(?:\bdoi(?:\.org/|\.acm\.org/|\s?(?:[:=]\s?)?)|/doi/(?:[a-z]{{2,8}}/)?)({DOI_PREFIX}[^\s\"<>{{}}|\\^]+)",
    re.IGNORECASE,
)
_DOI_TAIL = re.compile(r"(?:/(?:full|abstract|pdf|epdf|html?|meta)|\.pdf)?(?:[?#].*)?$")
# The beginning of the DOIs that arXiv itself registers for its papers. The rest of such a DOI is the arXiv id.
ARXIV_DOI = "10.48550/arxiv."
_EXACT_ARXIV_ID = re.compile(
    rf"(?:arxiv:\s*|(?:https?://)?(?:[a-z]+\.)?arxiv\.org/(?:abs|pdf|html)/)?({NEW_ARXIV_ID}|{OLD_ARXIV_ID})"
    r"(?:v(\d{1,4}))?(?:\.pdf)?",
    re.I | re.A,
)
_EXACT_DOI = re.compile(rf"(?:doi:\s*|(?:https?://)?(?:dx\.)?doi\.org/)?({DOI_PREFIX}\S+)", re.I)

_ARXIV_MONTH = re.compile(r"(\d\d)(0[1-9]|1[0-2])", re.A)

_ADDRESS = re.compile(r"https?://(?:(?![;,]https?://)[^\s<>\"{}|\\^`])+", re.IGNORECASE)
_BARE_HOST = re.compile(r"www\.[a-z0-9-]{1,63}\.[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_HOST = re.compile(r"https?://(?:[^/?#@]*@)?(?:www\.)?([^/?#:]+)(?::\d+)?([^?#]*)", re.IGNORECASE)
_CODE_HOSTS = {"github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "gitee.com", "sr.ht"}
_PUBMED_ID = re.compile(r"\bPMID\W{0,3}(\d{1,8})(?!\d)", re.IGNORECASE)


class ArxivId(NamedTuple):
    """An arXiv id, split into the id without the version ("2301.00001", "hep-th/9603067") and the version, or None."""

    id: str
    version: int | None


def exact_arxiv_id(text: str) -> ArxivId | None:
    """The arXiv id if `text` is nothing but an arXiv id, else None. "arXiv:" or an address of arXiv may precede the id.

    The subject class of an old id is removed, because "math.GT/0309136" and "math/0309136" identify the same paper.
    """
    match = _EXACT_ARXIV_ID.fullmatch(text.strip())
    if match is None:
        return None
    number = match[1]
    if "/" in number:
        archive, number = number.split("/")
        number = f"{archive.split('.')[0].lower()}/{number}"
    return ArxivId(number, int(match[2]) if match[2] else None)


def exact_doi(text: str) -> str | None:
    """The DOI in lower case if `text` is nothing but a DOI, else None. "doi:" or "https://doi.org/" may precede it."""
    match = _EXACT_DOI.fullmatch(text.strip())
    name = match[1].lower().rstrip(".,;") if match else ""
    return name if name and not name.endswith("/") else None


def arxiv_id(field: str | None) -> ArxivId | None:
    """The arXiv id in a field that is meant for an arXiv id, or None.

    The field may contain the id alone, after "arXiv:", or in an address. The subject class of an old id is removed, as
    in `exact_arxiv_id`.
    """
    if not field:
        return None
    return _arxiv(_ARXIV_ALONE.fullmatch(field)) or arxiv_in(field)


def arxiv_in(text: str) -> ArxivId | None:
    """The first arXiv id in running text, or None.

    Only an id after "arXiv:", in an address or in a DOI of arXiv counts.
    """
    return _arxiv(_ARXIV_ANNOUNCED.search(text))


def arxiv_month(arxiv_id: str) -> PartialDate | None:
    """The month in which arXiv assigned an id, such as January 2023 for "2301.00001"; None if the id has no month."""
    match = _ARXIV_MONTH.match(arxiv_id.rpartition("/")[2])
    if match is None:
        return None
    # The first two digits are the year. arXiv began in 1991, so 91 to 99 mean 1991 to 1999, and smaller numbers mean
    # years from 2000 on.
    year = int(match[1]) + (1900 if int(match[1]) >= 91 else 2000)
    return PartialDate(date(year, int(match[2]), 1), "month")


def arxiv_page(arxiv_id: str) -> str:
    """The address of a paper on arXiv."""
    return f"https://arxiv.org/abs/{arxiv_id}"


def arxiv_pdf(arxiv_id: str) -> str:
    """The address of the PDF of a paper on arXiv, in its newest version."""
    return f"https://arxiv.org/pdf/{arxiv_id}"


def is_category(text: str) -> bool:
    """Whether `text` is a category or archive of arXiv ("cs.CL", "math"), or one that arXiv has closed ("cmp-lg")."""
    return _ANY_CATEGORY.fullmatch(text) is not None


def has_classes(text: str) -> bool:
    """Whether `text` is an arXiv archive with subject classes, such as "math" but not "hep-th". Ignores case."""
    return _WITH_CLASSES.fullmatch(text.lower()) is not None


def category_code(text: str) -> str | None:
    """The arXiv category `text` in its usual spelling ("cs.CL" for "CS.cl").

    None for other text and former categories.
    """
    archive, dot, subject_class = text.lower().partition(".")
    code = f"{archive}{dot}{subject_class if archive in _SMALL_CLASSES.split('|') else subject_class.upper()}"
    return code if CATEGORY.fullmatch(code) else None


def categories_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The arXiv categories that occur in `texts`, each once.

    A category is written as "cs.LG", "Computer Science - Machine Learning" or "arXiv:2301.00001 [cs.LG]". A subject
    without its archive ("Superconductivity") is ignored, because it may be an ordinary keyword.
    """
    categories: dict[str, None] = {}
    for text in texts:
        beside_id = _CATEGORY_BESIDE_ID.search(text)
        candidate = beside_id[1] if beside_id else text.strip()
        if CATEGORY.fullmatch(candidate):
            categories[candidate] = None
        elif " - " in candidate and (code := category(candidate)):
            categories[code] = None
    return tuple(categories)


def doi(field: str) -> str | None:
    """The DOI in a field that is meant for a DOI, or None. The DOI is in lower case, without "doi:" or an address."""
    alone = _DOI_ALONE.fullmatch(field.strip())
    return _bare(alone[1]) if alone else doi_in(field)


def doi_in(text: str) -> str | None:
    """The first DOI in running text that comes after "doi:" or in an address; else None."""
    announced = _DOI_ANNOUNCED.search(text)
    return _bare(_DOI_TAIL.sub("", _unwrapped(announced[1]), count=1)) if announced else None


def is_arxiv_doi(doi: str) -> bool:
    """Whether arXiv itself registered the DOI `doi`, which must be in lower case."""
    return doi.startswith(ARXIV_DOI)


def addresses(text: str) -> tuple[str, ...]:
    """The http and https addresses in `text`, in the order of the text, each once."""
    urls = dict.fromkeys(_unwrapped(match[0]) for match in _ADDRESS.finditer(text))
    if not urls and (bare := _BARE_HOST.fullmatch(text.strip())):
        urls[f"http://{bare[0]}"] = None
    return tuple(urls)


def links(pages: Iterable[str], pdfs: Iterable[str] = ()) -> tuple[Link, ...]:
    """Links to all addresses that occur in the texts `pages` and `pdfs`, each address once.

    The kind of a link is found from its address, for example "code" for a repository on GitHub. If the address shows no
    kind, the link is a "pdf" if the address is from `pdfs`, and a "page" if it is from `pages`.
    """
    links_by_url: dict[str, Link] = {}
    for default, texts in (("page", pages), ("pdf", pdfs)):
        for text in texts:
            for address in addresses(text):
                links_by_url.setdefault(address, Link(_kind(address, default), address))
    return tuple(links_by_url.values())


def pubmed_page(text: str) -> str | None:
    """The address of the PubMed record that `text` names, for example with "PMID: 23439512"; None if it names none."""
    match = _PUBMED_ID.search(text)
    return f"https://pubmed.ncbi.nlm.nih.gov/{match[1]}/" if match else None


def without_identifiers(text: str) -> str:
    """`text` without addresses, DOIs, arXiv ids (and their categories) and PubMed ids."""
    for pattern in (_CATEGORY_BESIDE_ID, _DOI_ANNOUNCED, _ARXIV_ANNOUNCED, _PUBMED_ID, _ADDRESS):
        text = pattern.sub(" ", text)
    return _DOI_ALONE.sub(" ", text)


def _arxiv(match: re.Match[str] | None) -> ArxivId | None:
    if match is None:
        return None
    version = int(match["version"]) if match["version"] else None
    return ArxivId(match["new"] or f"{match['archive'].lower()}/{match['number']}", version)


def _bare(text: str) -> str | None:
    """A DOI in lower case, with percent escapes decoded and without punctuation after it; None if no DOI is left."""
    name = _unwrapped(unquote(text) if "%" in text else text).lower()
    return name if re.fullmatch(DOI_PREFIX + r"\S+", name) else None


def _unwrapped(text: str) -> str:
    """`text` without punctuation at its end. A closing bracket remains if its opening bracket is in `text`."""
    if text[-1:].isalnum():
        return text
    surplus = {closing: text.count(closing) - text.count(opening) for opening, closing in ("()", "[]", "{}", "<>")}
    end = len(text)
    while end:
        last = text[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in ".,;:!?'\"":
            break
        end -= 1
    return text[:end]


def _kind(address: str, default: str) -> LinkKind:
    """The kind of link that follows from the host and path of an address; if none follows, `default` or "page"."""
    match = _HOST.match(address)
    if match is None:
        return "page"
    host, path = match[1].lower(), match[2]
    if host in _CODE_HOSTS and path.count("/") >= 2:
        return "code"
    if path.lower().endswith(".pdf") or (host.endswith("arxiv.org") and path.startswith("/pdf/")):
        return "pdf"
    if host == "huggingface.co" and path.startswith("/datasets/"):
        return "dataset"
    return "pdf" if default == "pdf" else "page"
