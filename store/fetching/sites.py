"""The addresses of the sites from which recto fetches. Environment variables can set other addresses, for example
mirrors.

Each function raises ListingError when the value of its variable is not a plain http or https address.
"""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit

import msgspec

from store.model.errors import ListingError


class Site(msgspec.Struct, frozen=True):
    """A site. `is_configured` is True if its address comes from an environment variable."""

    address: str
    is_configured: bool = False


def hugging_face() -> Site:
    return _site("RECTO_HF_URL", "https://huggingface.co")


def arxiv() -> Site:
    """The site of arXiv's API, which returns data about papers, but no HTML and PDF files."""
    return _site("RECTO_ARXIV_URL", "https://export.arxiv.org")


def arxiv_pages() -> Site:
    """The web site of arXiv, which has the HTML and PDF files of papers."""
    return _site("RECTO_ARXIV_URL", "https://arxiv.org")


def crossref() -> Site:
    return _site("RECTO_CROSSREF_URL", "https://api.crossref.org")


def retraction_watch() -> Site:
    """The table of Retraction Watch, treated as a separate site whose address is the address of the file."""
    table = "https://gitlab.com/crossref/retraction-watch-data/-/raw/main/retraction_watch.csv"
    return _site("RECTO_RETRACTIONS_URL", table)


def _site(variable: str, default: str) -> Site:
    """The site whose address is the value of the environment variable `variable` or, if that is empty, `default`."""
    address = os.environ.get(variable, "").strip().rstrip("/")
    if not address or address == default:
        return Site(default)
    try:
        parts = urlsplit(address)
        # `port` raises ValueError for a port that is not a number.
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_address = False
    if (
        not is_address
        or parts.username is not None
        or parts.query
        or parts.fragment
        or re.search(r"[^\x21-\x7e]", address)
    ):
        raise ListingError(f"{variable} is not an address; set it to one like {default}, or to nothing")
    return Site(address, is_configured=True)
