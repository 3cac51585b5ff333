"""Find the paper that a web address leads to: its arXiv id or its DOI, or at least whether it is a page of a paper."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from store.formats.shared.ids_and_links import Identity
from store.matching import identifiers
from store.matching.identifiers import NEW_ARXIV_ID, OLD_ARXIV_ID, ArxivId

# Only this many characters of an address are searched. No identifier starts later in an address.
_LONGEST = 2_000
# The largest number of nested redirections that are resolved. For example, a mail filter wraps the redirection of an
# alert in its own.
_DEEPEST = 4

# Addresses that redirect to another address: the host, and the query parameters that may contain the other address.
_REDIRECTIONS = (
    (re.compile(r"scholar\.google\.[a-z.]{2,6}", re.I), ("url",)),
    (re.compile(r"(?:www\.)?google\.[a-z.]{2,6}", re.I), ("url", "q")),
    (re.compile(r".*\.safelinks\.protection\.outlook\.com", re.I), ("url",)),
    (re.compile(r"urldefense\.proofpoint\.com|l\.facebook\.com|(?:www\.)?getpocket\.com|feedproxy\.google\.com"), (
        "u", "url"
    )),
    (re.compile(r"(?:.*\.)?(?:linkedin|twitter|x|slack|discord|reddit)\.com", re.I), ("url", "u")),
)  # fmt: skip
_URL_DEFENSE = re.compile(r"https://urldefense\.com/v3/__(.{1,2000}?)__;", re.I)
_ARXIV_AT_END = re.compile(rf"/(?P<id>(?:{NEW_ARXIV_ID}|{OLD_ARXIV_ID})(?:v\d{{1,3}})?)(?:\.pdf)?/?(?:[?#].*)?", re.I)
# DBLP's key of a paper on arXiv, for example "journals/corr/abs-2601-20030".
_DBLP_ARXIV = re.compile(r"/corr/abs-(\d{4})-(\d{4,5})\b", re.I)
_DOI = re.compile(rf"{identifiers.DOI_PREFIX}[^\s?#\"<>&]+", re.I)
# The version and the kind of page that bioRxiv and medRxiv append to a DOI in an address.
_SERVER_TAIL = re.compile(r"(?<=\d)v\d{1,2}(?:\.[a-z+-]{2,20}){0,3}\Z", re.I)
_PAGE_TAIL = re.compile(
    r"(?:/(?:full(?:/html)?|fulltext|abstract|pdf|epdf|html?|meta|summary|references|v\d)|\.(?:pdf|full|abstract|html))+\Z",
    re.I,
)
_TRACKING = re.compile(r"(?:utm_\w+|rss|af|fc|ff|v|mc_[ce]id|dgcid|campaign|ref|source|via|feed)=|rss\Z", re.I)
# Sites whose addresses contain the last part of a DOI: patterns of the host and of the path, and a template of the DOI.
_DOI_OF_PATH = (
    (re.compile(r"(?:www\.)?nature\.com"), re.compile(r"/articles/([a-z]\d{5}-\d{3}-\d{4,5}-[\dxyzw])"), "10.1038/{}"),
    (re.compile(r"(?:www\.)?nature\.com"), re.compile(r"/articles/((?:nature|n[a-z]{2,8})[\d.]{3,12})"), "10.1038/{}"),
    (re.compile(r"elifesciences\.org"), re.compile(r"/(?:articles|reviewed-preprints)/(\d{4,6})"), "10.7554/elife.{}"),
    (re.compile(r"zenodo\.org"), re.compile(r"/records?/(\d{3,9})"), "10.5281/zenodo.{}"),
)
# Addresses that lead to a paper, but do not contain its arXiv id or DOI.
_PAPER_SITES = re.compile(
    r"https?://(?:www\.)?(?:"
    r"openreview\.net/(?:forum|pdf)\?|aclanthology\.org/[A-Z\d][\w.-]{4,}|proceedings\.mlr\.press/v\d+/\w"
    r"|(?:papers|proceedings)\.(?:nips|neurips)\.cc/paper|openaccess\.thecvf\.com/content"
    r"|(?:api\.)?semanticscholar\.org/(?:paper|reader|corpusid|arxiv)[/:]"
    r"|pubmed\.ncbi\.nlm\.nih\.gov/\d|(?:pmc\.)?ncbi\.nlm\.nih\.gov/(?:pmc/)?(?:articles|pubmed)/|europepmc\.org/\w+"
    r"|sciencedirect\.com/science/article|ieeexplore\.ieee\.org/(?:abstract/)?document/\d|jmlr\.org/papers/"
    r"|(?:papers\.)?ssrn\.com/\w|inspirehep\.net/(?:literature|record)/|ui\.adsabs\.harvard\.edu/abs/"
    r"|eprint\.iacr\.org/\d{4}/|hal\.science/\w|chemrxiv\.org/engage|preprints\.org/manuscript"
    r"|researchsquare\.com/article|osf\.io/preprints|philpapers\.org/rec|dblp\.(?:org|uni-trier\.de)/rec"
    r"|jstor\.org/stable|academic\.oup\.com/\w+/(?:article|advance)|cell\.com/[\w-]+/(?:fulltext|abstract)"
    r"|nature\.com/articles/|science\.org/doi|researchgate\.net/publication/|mdpi\.com/\d{4}-\d|ecva\.net/papers"
    r"|isca-archive\.org/|ojs\.aaai\.org/|ijcai\.org/proceedings|usenix\.org/conference/.{1,80}/presentation"
    r"|biorxiv\.org/content|medrxiv\.org/content|scholar\.archive\.org/work|alphaxiv\.org/|paperswithcode\.com/paper/"
    r")",
    re.I,
)


def target(address: str) -> str:
    """The address to which `address` redirects, for example through an alert, a search engine or a mail filter.

    An address that is not a known redirection is returned unchanged.
    """
    address = address.strip()[:_LONGEST]
    for _ in range(_DEEPEST):
        if defended := _URL_DEFENSE.match(address):
            address = defended[1]
            continue
        try:
            parts = urlsplit(address)
            names = next((names for host, names in _REDIRECTIONS if host.fullmatch(parts.hostname or "")), ())
            values = dict(parse_qsl(parts.query, max_num_fields=50)) if names else {}
        except ValueError:
            return address
        inner = next((values[name] for name in names if values.get(name, "").startswith(("http:", "https:"))), None)
        if inner is None:
            return address
        address = inner[:_LONGEST]
    return address


def without_tracking(address: str) -> str:
    """`address` without the parameters that record where a visitor comes from, for example "utm_source"."""
    before, mark, query = address.partition("?")
    if not mark:
        return address
    query, fragment_mark, fragment = query.partition("#")
    parameters = "&".join(each for each in query.split("&") if not _TRACKING.match(each))
    return before + (f"?{parameters}" if parameters else "") + fragment_mark + fragment


def identity_of(address: str) -> Identity:
    """The arXiv id or the DOI in an address. All fields are None when the address contains neither."""
    address = target(address)
    if arxiv := _whole(identifiers.arxiv_in(unquote(address))):
        return Identity(arxiv.id, arxiv.version, None)
    if doi := _doi(address):
        return Identity(None, None, doi)
    if dblp := _DBLP_ARXIV.search(address):
        address = f"https://arxiv.org/{dblp[1]}.{dblp[2]}"
    at_end = _ARXIV_AT_END.search(address)
    arxiv = _whole(identifiers.arxiv_id(at_end["id"]) if at_end and at_end.end() == len(address) else None)
    return Identity(arxiv.id, arxiv.version, None) if arxiv else Identity(None, None, None)


def is_of_paper(address: str) -> bool:
    """Whether an address leads to a paper: it has an identifier, or it is a page of a paper on a known site."""
    identity = identity_of(address)
    return bool(identity.arxiv_id or identity.doi or _PAPER_SITES.match(target(address)))


def _whole(arxiv: ArxivId | None) -> ArxivId | None:
    """`arxiv` if its number has all digits: five since 2015, four before; otherwise None.

    Digits may be missing from an address at the end of a truncated file.
    """
    if arxiv is None or "/" in arxiv.id:
        return arxiv
    month, _, number = arxiv.id.partition(".")
    return arxiv if len(number) == (5 if month >= "1501" else 4) else None


def _doi(address: str) -> str | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    for site, pattern, doi in _DOI_OF_PATH:
        if site.fullmatch(host) and (match := pattern.match(parts.path)):
            return doi.format(match[1].lower())
    doi_match = _DOI.search(unquote(f"{parts.path}?{parts.query}"[:_LONGEST]))
    if doi_match is None:
        return None
    text = _PAGE_TAIL.sub("", doi_match[0])
    if host.endswith(("biorxiv.org", "medrxiv.org")):
        text = _PAGE_TAIL.sub("", _SERVER_TAIL.sub("", text))
    return identifiers.doi(text)
