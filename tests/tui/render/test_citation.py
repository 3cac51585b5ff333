"""A citation is one line to paste: authors, year, title, venue and address. Unknown values are left out."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.marks.stored_marks import Marks
from store.model.paper import Author, Link, Organization, Paper
from store.papers.paper_details import PaperDetails
from tests.tui.hostile import PAYLOADS, seen, texts
from tui.render import citation


def known(**fields: Any) -> PaperDetails:
    """A paper with this data besides its title."""
    return PaperDetails(
        id=1,
        paper=Paper(**({"title": "On Patience"} | fields)),
        first_listed=None,
        last_listed=None,
        marks=Marks(),
        listings=(),
        sources={},
    )


def people(*names: str) -> tuple[Author, ...]:
    return tuple(map(Author, names))


@pytest.mark.parametrize(
    ("fields", "cited"),
    [
        ({}, "On Patience."),
        ({"authors": people("Aino Sipilä")}, "Aino Sipilä. On Patience."),
        (
            {"authors": people("A. One", "B. Two", "C. Three"), "published": date(2025, 3, 1)},
            "A. One, B. Two, C. Three (2025). On Patience.",
        ),
        (
            {"authors": people("A. One", "B. Two", "C. Three", "D. Four"), "published": date(2025, 3, 1)},
            "A. One et al. (2025). On Patience.",
        ),
        ({"authors": people("A. One", "B. Two", "C. Three", "D. Four")}, "A. One et al. On Patience."),
        ({"organization": Organization("KAIST AI"), "published": date(2025, 9, 26)}, "KAIST AI (2025). On Patience."),
        ({"published": date(2025, 9, 26)}, "(2025). On Patience."),
        ({"published": date(2025, 1, 1), "published_to": "year"}, "(2025). On Patience."),
        ({"venue": "Journal of Waiting"}, "On Patience. Journal of Waiting."),
        ({"title": "Who Waits?", "venue": "Proc. WAIT."}, "Who Waits? Proc. WAIT."),
        ({"title": "Wait!"}, "Wait!"),
        ({"title": "Waiting."}, "Waiting."),
        ({"title": "Sorting in $O(n^2)$"}, "Sorting in O(n²)."),
        ({"arxiv_id": "2510.01234"}, "On Patience. https://arxiv.org/abs/2510.01234"),
        ({"doi": "10.1000/x"}, "On Patience. https://doi.org/10.1000/x"),
        (
            {"doi": "10.1000/x", "links": (Link("page", "https://a.example/é"),)},
            "On Patience. https://a.example/%C3%A9",
        ),
        ({"links": (Link("page", "javascript:alert(1)"),)}, "On Patience."),
    ],
)
def test_a_citation_says_what_is_known(fields: dict[str, Any], cited: str) -> None:
    assert citation.plain(known(**fields)) == cited


@settings(max_examples=150, deadline=None)
@given(texts, texts, st.lists(texts, max_size=5), st.none() | texts, st.none() | texts)
def test_a_citation_is_one_line_whatever_is_in_the_paper(
    title: str, venue: str, names: list[str], doi: str | None, organization: str | None
) -> None:
    cited = citation.plain(
        known(
            title=title,
            venue=venue,
            authors=people(*names),
            doi=doi,
            organization=Organization(organization) if organization is not None else None,
            links=(Link("page", doi or ""),),
        )
    )
    assert "\n" not in seen(cited)
    assert len(cited) < 60_000


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_reaches_the_clipboard(payload: str) -> None:
    text = PAYLOADS[payload]
    paper = known(title=text, venue=text, authors=people(text), published=date(2025, 1, 1))
    assert "\n" not in seen(citation.plain(paper))
    # The text is copied with an OSC 52 sequence, so it must not contain a character that ends such a sequence.
    assert not set(citation.plain(msgspec.structs.replace(paper, id=2))) & set("\x07\x1b\x9c")
