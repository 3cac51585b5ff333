"""The addresses of a paper: those its listings give, those its abstract mentions; and whether one may be opened."""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
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


class BrowserError(Exception):
    """An address was not opened; the message says why."""


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


def open_in_browser(url: str) -> Callable[[], bool]:
    """Hand `url`, as `may_open` gave it, to the browser: one argument, no shell, no output.

    What comes back tells whether it has failed by now: the openers of desktops end soon, with a code that says whether
    there was anything to open it with. Raises BrowserError when there is no browser, or it does not start.
    """
    command = _browser()
    if command is None:
        raise BrowserError("no browser found")
    try:
        process = subprocess.Popen(
            [*command, url],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise BrowserError(f"{Path(command[0]).name} did not start: {error.strerror}") from error
    # However long it is open: a process that nobody waits for stays in the system's table when it has ended.
    threading.Thread(target=process.wait, name="browser", daemon=True).start()
    return lambda: bool(process.poll())


def _browser() -> list[str] | None:
    """The command that opens an address. BROWSER comes first, as everywhere."""
    for name in os.environ.get("BROWSER", "").split(os.pathsep):
        words = name.replace("%s", "").split()
        if words and (found := shutil.which(words[0])):
            return [found, *words[1:]]
    if sys.platform == "darwin":
        return ["/usr/bin/open"]
    for name in ("xdg-open", "gio", "wslview"):
        if found := shutil.which(name):
            return [found, "open"] if name == "gio" else [found]
    for name in ("firefox", "chromium", "google-chrome", "w3m", "lynx"):
        if (found := shutil.which(name)) and os.environ.get("DISPLAY", os.environ.get("WAYLAND_DISPLAY")):
            return [found]
    return None


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
