"""Fetches the pictures of a web page that is stored as the full text of a paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from store.fetching import http_get, sites
from store.fetching.http_get import Validators
from store.fetching.network import TemporaryError, display_url
from store.fetching.polite import PoliteRequests
from store.fetching.sites import Site
from store.model.errors import ListingError
from store.text.clean import line

# Limits for the pictures of one text: their number, the size of each picture, and the size of all together (bytes).
MOST_PICTURES = 200
_MOST_BYTES = 8 * 2**20
_MOST_BYTES_IN_ALL = 64 * 2**20
# The pause between requests to a site (s).
_PAUSE_SECONDS = 1.0


class FetchedPictures(NamedTuple):
    """The contents of the fetched picture files, by link, and a sentence for each picture that could not be fetched."""

    files: dict[str, bytes]
    failures: list[str]


def fetch_pictures(
    requests: PoliteRequests,
    source: str,
    links: Sequence[str],
    *,
    on_step: Callable[[int, int], None] = lambda done, of: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> FetchedPictures:
    """Fetch the pictures to which `links` lead. `source` is the address or the path of the page.

    If the page came from the web, pictures that are on another site are not fetched, because that site would learn that
    the user reads the page.

    `on_step` is called before each picture, with the number of pictures tried so far and the number of all pictures.
    """
    fetched = FetchedPictures({}, [])
    left = _MOST_BYTES_IN_ALL
    for number, link in enumerate(links[:MOST_PICTURES]):
        if should_stop():
            break
        on_step(number, len(links))
        url = link
        try:
            url = _absolute(source, link)
            site = _site(source, url)
            body = requests.run(site.address, _PAUSE_SECONDS, partial(_body, url, site, min(left, _MOST_BYTES)))
        except (TemporaryError, ListingError) as error:
            fetched.failures.append(f"{display_url(url)}: {error}")
            continue
        fetched.files[link] = body
        left -= len(body)
    return fetched


def _absolute(source: str, link: str) -> str:
    """The address to which `link` on the page `source` leads. Raises ListingError when it is not a valid web
    address.
    """
    try:
        url = urljoin(source, link)
        urlsplit(url)
    except ValueError as error:
        raise ListingError(f"there can be no such address ({line(str(error))})") from error
    return url


def _site(source: str, url: str) -> Site:
    """The site of a picture. Raises ListingError when pictures must not be fetched from this site."""
    arxiv = sites.arxiv_pages()
    if url.startswith(f"{arxiv.address}/"):
        site = arxiv
    else:
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname:
            raise ListingError("it has no https address; fetch the text again with: recto fetch text ID --again")
        site = Site(f"https://{parts.netloc}")
    if urlsplit(source).scheme in ("http", "https") and not source.startswith(f"{site.address}/"):
        raise ListingError("it is on another site than the page")
    return site


def _body(url: str, site: Site, most: int) -> bytes:
    answer = http_get.get(url, site, Validators(), max_bytes=most)
    # `get` returns None only for a request with validators, and this request has none.
    assert answer is not None
    return answer.body
