"""Fetches the full text of a paper from the first address that has it."""

from __future__ import annotations

from functools import partial

import msgspec

from store.fetching import http_get
from store.fetching.http_get import Answer, Validators
from store.fetching.network import TemporaryError, display_url
from store.fetching.polite import PoliteRequests
from store.fetching.response import is_web_page
from store.fetching.text_request import TextRequest, text_requests
from store.model.errors import ListingError
from store.model.paper import Paper

# The signature "%PDF-" of a PDF must be in this many bytes at the start of an answer.
_PDF_HEAD = 1_024
# LaTeXML, with which arXiv makes HTML, gives this class to the element around a paper. If arXiv has no HTML version of
# a paper, it sends a page without this class.
_LATEXML = b"ltx_document"
# Markdown with fewer bytes than this is only an abstract, and not a full text.
_SHORTEST_MARKDOWN = 8_000


class FetchedText(msgspec.Struct, frozen=True):
    """A full text: the address from which it was fetched, its content and its format."""

    request: TextRequest
    body: bytes


def fetch_text(requests: PoliteRequests, paper: Paper) -> FetchedText:
    """The full text of a paper, from the first of its addresses that has one.

    Raises ListingError, with the reason for each address, when no address has the full text.
    """
    reasons: list[str] = []
    for request in text_requests(paper):
        try:
            return FetchedText(request, requests.run(request.site.address, request.pause, partial(_body, request)))
        except (TemporaryError, ListingError) as error:
            reasons.append(f"{display_url(request.url)}: {error}")
    if not reasons:
        raise ListingError("no listing gives an arXiv id or the address of a PDF; attach a file with: recto attach")
    raise ListingError("could not fetch its text; " + "; ".join(reasons))


def _body(request: TextRequest) -> bytes:
    """Fetch the content at an address. Raises ListingError when it is not a full text in the requested format."""
    answer: Answer | None = http_get.get(request.url, request.site, Validators())
    # `get` returns None only for a request with validators, and this request has none.
    assert answer is not None
    body = answer.body
    if request.format == "pdf" and b"%PDF-" not in body[:_PDF_HEAD]:
        raise ListingError("the answer is no PDF")
    if request.format == "html" and _LATEXML not in body:
        raise ListingError("the answer is no paper in HTML")
    if request.format == "markdown" and (len(body) < _SHORTEST_MARKDOWN or is_web_page(body)):
        raise ListingError("the answer is no full text in Markdown")
    return body
