"""The addresses of a paper: those its listings give, those its abstract mentions; and whether one may be opened."""

from __future__ import annotations

import ipaddress
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

from store.model.paper import Paper

if TYPE_CHECKING:
    from linkify_it import LinkifyIt

_LABELS = {"page": "page", "pdf": "PDF", "code": "code", "project": "project", "dataset": "data"}
# Addresses are looked for in so many letters of an abstract (the finder is slow on what only looks like one).
_LONGEST_ABSTRACT = 10_000
# What is left of the name of any host once it is in punycode.
_HOST = re.compile(r"[a-z0-9_][a-z0-9._-]*")
# Python's punycode and that of browsers lead to different hosts.
_AMBIGUOUS = re.compile("[ßς]")
# Endings of names that abstracts mention without "https://"; "learning.In" is no address.
_ENDINGS = ["com", "org", "net", "io", "ai", "edu", "gov", "dev", "co", "uk", "de", "fr", "ch", "cn", "jp", "app"]


class Found(NamedTuple):
    """An address and what it leads to."""

    label: str
    url: str


def page(paper: Paper) -> str | None:
    """Where the paper is read about, if a listing says or its ids tell."""
    given = next((link.url for link in paper.links if link.kind == "page"), None)
    if given:
        return given
    if paper.arxiv_id:
        return f"https://arxiv.org/abs/{paper.arxiv_id}"
    if paper.doi:
        return f"https://doi.org/{quote(paper.doi)}"
    return None


def best(paper: Paper) -> str | None:
    """Its page; where none is known the first address it has, its code or project."""
    return page(paper) or next((found.url for found in of(paper)), None)


def pdf(paper: Paper) -> str | None:
    """Where its text is."""
    given = next((link.url for link in paper.links if link.kind == "pdf"), None)
    return given or (f"https://arxiv.org/pdf/{paper.arxiv_id}" if paper.arxiv_id else None)


def of(paper: Paper) -> list[Found]:
    """Every address of a paper once, in the order in which a reader wants them and the form in which it opens."""
    found = [Found("page", url) for url in (page(paper),) if url]
    found += [Found("PDF", url) for url in (pdf(paper),) if url]
    found += [Found(_LABELS[link.kind], link.url) for link in paper.links]
    found += _mentioned(paper)
    first: dict[str, Found] = {}
    for label, url in found:
        shown = may_open(url) or url
        first.setdefault(shown, Found(label, shown))
    return list(first.values())


def may_open(url: str) -> str | None:
    """`url` in the form that goes to a browser, if it is http(s) with a host; None for anything else.

    International names become punycode and everything but plain letters is escaped, so that what is shown is what
    is opened.
    """
    if "\\" in url or any(letter.isspace() or not letter.isprintable() for letter in url):
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


def _mentioned(paper: Paper) -> list[Found]:
    if not paper.abstract or "." not in paper.abstract:
        return []
    matches = _linkify().match(paper.abstract[:_LONGEST_ABSTRACT]) or []
    return [
        Found(_kind(url), url)
        for match in matches
        if match.schema in ("http:", "https:", "") and (url := may_open(match.url))
    ]


def _kind(url: str) -> str:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return "code" if host in ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org") else "link"


@cache
def _linkify() -> LinkifyIt:
    # Imported here: its tables take 20 ms.
    from linkify_it import LinkifyIt

    finder = LinkifyIt(options={"fuzzy_email": False})
    finder.tlds(_ENDINGS)
    return finder
