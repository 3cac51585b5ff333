"""Finds the web addresses of a paper in its fields and its abstract, and checks whether an address is safe to open."""

from __future__ import annotations

import ipaddress
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

from store.model.paper import Paper

if TYPE_CHECKING:
    from linkify_it import LinkifyIt

_LABELS = {"page": "page", "pdf": "PDF", "code": "code", "project": "project", "model": "model", "dataset": "data"}
# Only the first characters of an abstract, at most this many, are searched for addresses: the library linkify-it, which
# searches them, is slow on long text that resembles addresses.
_LONGEST_ABSTRACT = 10_000
# Matches addresses that `may_open` would return unchanged. Most addresses of papers match, and matching takes only a
# small part of the time that checking an address takes.
_SIMPLE = re.compile(
    r"https?://[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9-]{1,63})*(?:/[A-Za-z0-9/_.~-]*)?(?:\?[A-Za-z0-9/_.~=&-]+)?"
)
# Matches a host name in ASCII. International host names are converted to punycode before they are matched.
_HOST = re.compile(r"[a-z0-9_][a-z0-9._-]*")
# Letters that Python and browsers convert to punycode in different ways. Addresses with such a letter in the host name
# are refused, because the browser might open another host than the one that the screen shows.
_AMBIGUOUS = re.compile("[ßς]")
# An address without "https://" is recognized in an abstract only if it has one of these top-level domains. The list is
# short, because with all domains, a missing space between two sentences, as in "learning.In", would look like an
# address.
_TOP_LEVEL_DOMAINS = [
    "com",
    "org",
    "net",
    "io",
    "ai",
    "edu",
    "gov",
    "dev",
    "co",
    "uk",
    "de",
    "fr",
    "ch",
    "cn",
    "jp",
    "app",
]
# This pattern matches in every text in which linkify-it finds a web address. It saves time: nearly all abstracts have
# no match, so linkify-it, which takes 0.8 ms, is not called for them, and the pattern takes a hundredth of that time.
# "xn--" begins an international domain.
_MAY_MENTION = re.compile(rf"//|\.(?:{'|'.join(_TOP_LEVEL_DOMAINS)}|xn--)", re.IGNORECASE)


class Address(NamedTuple):
    """A web address, and a word for its target, for example "PDF" or "code"."""

    label: str
    url: str


def page(paper: Paper) -> str | None:
    """The address of the paper's web page: the address in a listing, or else one made from the arXiv id or the DOI.

    None when the paper has no such address, no arXiv id and no DOI.
    """
    listed = next((link.url for link in paper.links if link.kind == "page"), None)
    if listed:
        return listed
    if paper.arxiv_id:
        return f"https://arxiv.org/abs/{paper.arxiv_id}"
    if paper.doi:
        return f"https://doi.org/{quote(paper.doi)}"
    return None


def best(paper: Paper) -> str | None:
    """The address of the paper's web page, or else the first of its other addresses. None when it has no address."""
    return page(paper) or next((link.url for link in of(paper)), None)


def pdf(paper: Paper) -> str | None:
    """The address of the PDF: the address in a listing, or else one made from the arXiv id.

    None when the paper has neither.
    """
    listed = next((link.url for link in paper.links if link.kind == "pdf"), None)
    return listed or (f"https://arxiv.org/pdf/{paper.arxiv_id}" if paper.arxiv_id else None)


def of(paper: Paper) -> list[Address]:
    """All addresses of a paper, each once: its page, its PDF, then all others.

    Addresses that are safe to open are in the form that `may_open` returns. Other addresses are unchanged, and must not
    be opened.
    """
    links = [Address("page", url) for url in (page(paper),) if url]
    links += [Address("PDF", url) for url in (pdf(paper),) if url]
    links += [Address(_LABELS[link.kind], link.url) for link in paper.links]
    links += _mentioned(paper)
    unique: dict[str, Address] = {}
    for label, url in links:
        shown = may_open(url) or url
        unique.setdefault(shown, Address(label, shown))
    return list(unique.values())


def may_open(url: str) -> str | None:
    """`url` in the form in which it is passed to a browser, or None when it is not safe to open.

    Only http and https addresses with a host are safe. International host names are converted to punycode and special
    characters are percent-encoded, so that the screen shows exactly the address that the browser opens.
    """
    if _SIMPLE.fullmatch(url):
        return url
    if "\\" in url or " " in url or not url.isprintable():
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or "%" in host:
        return None
    try:
        if "[" in parts.netloc:
            plain = f"[{ipaddress.IPv6Address(host)}]"
        elif _AMBIGUOUS.search(host) or not _HOST.fullmatch(plain := host.encode("idna").decode("ascii").lower()):
            return None
    except ValueError:
        return None
    place = plain if port is None else f"{plain}:{port}"
    keep = "/:;,@&=+!*()~%-._"
    return urlunsplit(
        (
            parts.scheme,
            place,
            quote(parts.path, keep),
            quote(parts.query, keep + "?"),
            quote(parts.fragment, keep + "?"),
        )
    )


def _mentioned(paper: Paper) -> list[Address]:
    """The addresses in the abstract of a paper that are safe to open."""
    if not paper.abstract or not _MAY_MENTION.search(paper.abstract):
        return []
    matches = _linkify().match(paper.abstract[:_LONGEST_ABSTRACT]) or []
    return [
        Address(_kind(url), url)
        for match in matches
        if match.schema in ("http:", "https:", "") and (url := may_open(match.url))
    ]


def _kind(url: str) -> str:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return "code" if host in ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org") else "link"


@cache
def _linkify() -> LinkifyIt:
    # Imported here and not at the top of the module, because importing the tables of linkify-it takes 20 ms.
    from linkify_it import LinkifyIt

    finder = LinkifyIt(options={"fuzzy_email": False})
    finder.tlds(_TOP_LEVEL_DOMAINS)
    return finder
