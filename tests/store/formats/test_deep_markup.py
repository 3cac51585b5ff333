"""No text in deeply nested markup is lost without a message (row 49 of the table of faults)."""

from __future__ import annotations

import io
from html import escape

import pytest

from store.formats.registry import named
from store.model.entry import CutShort, Entry, Refused, Warned
from store.model.errors import ListingError
from store.text import clean
from tests.store.formats.samples import ABSTRACT, SAMPLES, TITLES
from tests.thorough import some

_DEPTHS = (300, 3_000)
_ELEMENTS = ("i", "sub")


@pytest.mark.thorough
@pytest.mark.parametrize("element", some(1, _ELEMENTS))
@pytest.mark.parametrize("depth", some(1, _DEPTHS))
@pytest.mark.parametrize("name", SAMPLES)
def test_a_title_and_an_abstract_in_deep_markup_are_kept_or_reported(name: str, depth: int, element: str) -> None:
    sample = SAMPLES[name].text()
    for change in (str, escape):
        before, after = change(f"<{element}>" * depth), change(f"</{element}>" * depth)
        for text in (TITLES[1], ABSTRACT.strip()):
            changed = sample.replace(text, f"{before}{text}{after}")
            lost = _texts(name, sample) - _texts(name, changed)
            assert not lost, (text, lost)


def _texts(name: str, listing: str) -> set[str]:
    """The titles and abstracts of the sample that the format finds in a listing.

    If the format reports a problem, all titles and abstracts are returned, because the loss is not silent.
    """
    try:
        items = list(named(name).read(io.BytesIO(listing.encode())))
    except ListingError:
        return {*TITLES, ABSTRACT}
    if any(isinstance(item, Refused | Warned | CutShort) for item in items):
        return {*TITLES, ABSTRACT}
    papers = [clean.entry(item).paper for item in items if isinstance(item, Entry)]
    titles_and_abstracts = " ".join(f"{paper.title} {paper.abstract}" for paper in papers)
    return {text for text in (*TITLES, ABSTRACT) if " ".join(text.split()) in titles_and_abstracts}
