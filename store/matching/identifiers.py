"""DOIs, arXiv ids and addresses, as bibliographies write them: in fields of their own, in links, in notes.

An identifier in a field of its own may stand bare. In running text it counts only where it is announced ("doi:",
"arXiv:", an address), so that a page range or a report number is never taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote

from store.matching.arxiv_subjects import category
from store.model.paper import Link, LinkKind

# The archives of ids from before April 2007: arxiv.org/help/arxiv_identifier and its list of subsumed archives.
_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs"
    "|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol"
    "|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con"
)
_ARXIV = (
    rf"(?:(?P<new>\d\d(?:0[1-9]|1[0-2])\.\d{{4,5}})|(?P<archive>{_ARCHIVES})(?:\.[a-z]{{2}})?/(?P<number>\d{{7}}))"
    r"(?:v(?P<version>[1-9]\d{0,2}))?(?!\d)"
)
_ARXIV_ALONE = re.compile(rf"\s*(?:arxiv\s*:?\s*|abs[/-])?{_ARXIV}(?:\.pdf)?\s*(?:\[[^\]]*\]\s*)?\.?", re.IGNORECASE)
_ARXIV_ANNOUNCED = re.compile(
    r"(?:\barxiv(?:\s+(?:e-?prints?|preprints?|id|no\.?))?\s{0,2}[:./,]?\s{0,2}"
    r"|\barxiv\.org:|\b(?:arxiv|alphaxiv|ar5iv)(?:\.labs\.arxiv)?\.org/(?:abs|pdf|html|format|ps|src|e-print)/"
    rf"|\bhuggingface\.co/papers/){_ARXIV}",
    re.IGNORECASE,
)
_CATEGORY = re.compile(
    r"(?:astro-ph|cs|econ|eess|math|nlin|q-bio|q-fin|stat)\.[A-Z]{2}"
    r"|(?:cond-mat|physics)\.[a-z]{2,6}(?:-[a-z]{2,5})?"
    r"|hep-(?:ex|lat|ph|th)|nucl-(?:ex|th)|gr-qc|math-ph|quant-ph|astro-ph|cond-mat"
)
_CATEGORY_BESIDE_ID = re.compile(r"\barxiv:\s?\S{9,20}\s\[([\w.-]{2,18})\]", re.IGNORECASE)

_DOI = r"10\.\d{4,9}(?:\.\d{1,9}){0,4}/"
# Brackets and "<" are part of some DOIs, in a field of their own (SICI).
_DOI_ALONE = re.compile(rf"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi\s?(?:[:=]\s?)?){{0,3}}({_DOI}\S+)", re.IGNORECASE)
_DOI_ANNOUNCED = re.compile(
    rf"(?:\bdoi(?:\.org/|\.acm\.org/|\s?(?:[:=]\s?)?)|/doi/(?:[a-z]{{2,8}}/)?)({_DOI}[^\s\"<>{{}}|\\^]+)",
    re.IGNORECASE,
)
_DOI_TAIL = re.compile(r"(?:/(?:full|abstract|pdf|epdf|html?|meta)|\.pdf)?(?:[?#].*)?$")
_ARXIV_DOI = "10.48550/arxiv."

_ADDRESS = re.compile(r"https?://(?:(?![;,]https?://)[^\s<>\"{}|\\^`])+", re.IGNORECASE)
_BARE_HOST = re.compile(r"www\.[a-z0-9-]{1,63}\.[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_HOST = re.compile(r"https?://(?:[^/?#@]*@)?(?:www\.)?([^/?#:]+)(?::\d+)?([^?#]*)", re.IGNORECASE)
_CODE_HOSTS = {"github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "gitee.com", "sr.ht"}
_PUBMED_ID = re.compile(r"\bPMID\W{0,3}(\d{1,8})(?!\d)", re.IGNORECASE)


class ArxivId(NamedTuple):
    """An arXiv id without its version ("2301.00001", "hep-th/9603067"), and the version where one was given."""

    id: str
    version: int | None


def arxiv_id(field: str | None) -> ArxivId | None:
    """The id that a field made for one holds: bare, with "arXiv:" before it, or in an address.

    A subject class in an old one is left out, as arXiv does: "math.GT/0309136" is "math/0309136".
    """
    if not field:
        return None
    return _arxiv(_ARXIV_ALONE.fullmatch(field)) or arxiv_in(field)


def arxiv_in(text: str) -> ArxivId | None:
    """The first arXiv id that is announced as one in `text`: "arXiv:…", an address, "abs/…", a DOI of arXiv."""
    return _arxiv(_ARXIV_ANNOUNCED.search(text))


def arxiv_page(arxiv_id: str) -> str:
    """The address of a paper on arXiv."""
    return f"https://arxiv.org/abs/{arxiv_id}"


def arxiv_pdf(arxiv_id: str) -> str:
    """The address of a paper's PDF on arXiv, of its newest version."""
    return f"https://arxiv.org/pdf/{arxiv_id}"


def categories_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The arXiv categories among `texts`, each once: "cs.LG", "Computer Science - Machine Learning", "arXiv:… [cs.LG]".

    A name without its archive ("Superconductivity") is a keyword like any other.
    """
    found: dict[str, None] = {}
    for text in texts:
        beside = _CATEGORY_BESIDE_ID.search(text)
        said = beside[1] if beside else text.strip()
        if _CATEGORY.fullmatch(said):
            found[said] = None
        elif " - " in said and (named := category(said)):
            found[named] = None
    return tuple(found)


def doi(field: str) -> str | None:
    """The DOI that a field made for one holds, bare and in lower case."""
    alone = _DOI_ALONE.fullmatch(field.strip())
    return _bare(alone[1]) if alone else doi_in(field)


def doi_in(text: str) -> str | None:
    """The first DOI that is announced as one in `text`: "doi:…", or an address that holds it."""
    announced = _DOI_ANNOUNCED.search(text)
    return _bare(_DOI_TAIL.sub("", _unwrapped(announced[1]), count=1)) if announced else None


def is_arxiv_doi(found: str) -> bool:
    """Whether a DOI is the one that arXiv itself gives a paper."""
    return found.startswith(_ARXIV_DOI)


def addresses(text: str) -> tuple[str, ...]:
    """The http and https addresses in `text`, in order, each once."""
    found = dict.fromkeys(_unwrapped(match[0]) for match in _ADDRESS.finditer(text))
    if not found and (bare := _BARE_HOST.fullmatch(text.strip())):
        found[f"http://{bare[0]}"] = None
    return tuple(found)


def links(pages: Iterable[str], pdfs: Iterable[str] = ()) -> tuple[Link, ...]:
    """Links of the addresses in the texts `pages` and `pdfs`, each once; the kind is told by the address."""
    found: dict[str, Link] = {}
    for default, texts in (("page", pages), ("pdf", pdfs)):
        for text in texts:
            for address in addresses(text):
                found.setdefault(address, Link(_kind(address, default), address))
    return tuple(found.values())


def pubmed_page(text: str) -> str | None:
    """The address of the PubMed record that `text` names ("PMID: 23439512")."""
    named = _PUBMED_ID.search(text)
    return f"https://pubmed.ncbi.nlm.nih.gov/{named[1]}/" if named else None


def without_identifiers(text: str) -> str:
    """`text` with every address, DOI, arXiv id (with its category) and PubMed id taken out."""
    for pattern in (_CATEGORY_BESIDE_ID, _DOI_ANNOUNCED, _ARXIV_ANNOUNCED, _PUBMED_ID, _ADDRESS):
        text = pattern.sub(" ", text)
    return _DOI_ALONE.sub(" ", text)


def _arxiv(match: re.Match[str] | None) -> ArxivId | None:
    if match is None:
        return None
    version = int(match["version"]) if match["version"] else None
    return ArxivId(match["new"] or f"{match['archive'].lower()}/{match['number']}", version)


def _bare(said: str) -> str | None:
    said = _unwrapped(unquote(said) if "%" in said else said).lower()
    return said if re.fullmatch(_DOI + r"\S+", said) else None


def _unwrapped(said: str) -> str:
    """`said` without the punctuation of the sentence around it; a bracket that it opened itself stays."""
    surplus = {closing: said.count(closing) - said.count(opening) for opening, closing in ("()", "[]", "{}", "<>")}
    end = len(said)
    while end:
        last = said[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in ".,;:!?'\"":
            break
        end -= 1
    return said[:end]


def _kind(address: str, default: str) -> LinkKind:
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
