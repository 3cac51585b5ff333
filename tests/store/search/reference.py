"""A slow and simple search over a list of papers. Tests compare the results of the real search with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from store.model.paper import Paper
from store.model.partial_date import PartialDate
from store.papers.views import View
from store.search.filter_fields import Possession, State, TextField
from store.search.query import And, CountRange, DateRange, Has, Is, Label, Node, Not, Or, Phrase, Word
from store.search.window import PaperIds
from tests.store.search.sample_library import SampleLibrary, StoredPaper

TITLE: tuple[TextField, ...] = ("title",)
HEAD: tuple[TextField, ...] = ("title", "author", "org", "venue")


def matches(
    node: Node, stored: StoredPaper, scope: Sequence[TextField] | None = None, *, no_listing_days: bool = False
) -> bool:
    """Whether a paper matches `node`.

    A word without a field matches if it is in one of the fields `scope`, or in any field if `scope` is None. Pass
    `no_listing_days` if no paper of the library has a listing day: papers without a listing day can then be new.
    """
    match node:
        case And(nodes=nodes):
            return all(matches(each, stored, scope, no_listing_days=no_listing_days) for each in nodes)
        case Or(nodes=nodes):
            return any(matches(each, stored, scope, no_listing_days=no_listing_days) for each in nodes)
        case Not(node=inner):
            return not matches(inner, stored, no_listing_days=no_listing_days)
        case Word() | Phrase():
            return _has_text(node, stored, scope)
        case DateRange() | CountRange():
            return _in_range(node, stored)
        case Is(state=state):
            return _has_state(state, stored, no_listing_days)
        case Has(what=what):
            return _has(what, stored)
        case Label():
            return _has_label(node, stored)
    raise AssertionError(node)


def place(node: Node, stored: StoredPaper) -> int:
    """Where a paper has the words: 0 if all are in the title, 1 if all are in title, names or venue, else 2."""
    return 0 if matches(node, stored, TITLE) else 1 if matches(node, stored, HEAD) else 2


def asks_for_hidden(node: Node | None) -> bool:
    """Whether a filter contains `is:hidden`, so that hidden papers are shown too."""
    match node:
        case Is(state="hidden"):
            return True
        case And(nodes=nodes) | Or(nodes=nodes):
            return any(map(asks_for_hidden, nodes))
    return False


def expected(sample: SampleLibrary, tree: Node | None, view: View) -> set[int]:
    """The ids of the papers of a view that match a filter."""
    with_hidden = asks_for_hidden(tree)
    no_listing_days = not any(stored.listing_days for stored in sample.papers.values())
    return {
        paper_id
        for paper_id, stored in sample.papers.items()
        if _in_view(stored, view, with_hidden)
        and (tree is None or matches(tree, stored, no_listing_days=no_listing_days))
    }


def assert_shows(ids: PaperIds, expected_ids: list[int]) -> None:
    """Check that `ids` is equal to the list `expected_ids` when it is iterated, sliced, reversed or searched."""
    count = len(expected_ids)
    assert list(ids) == expected_ids
    assert len(ids) == count
    for at, paper_id in enumerate(expected_ids):
        assert ids[at] == paper_id
        assert ids[at - count] == paper_id
        assert ids.index(paper_id) == at
    for start in range(-1, count + 2):
        assert list(ids[start : start + 4]) == expected_ids[start : start + 4]
        assert list(ids[start:]) == expected_ids[start:]
    assert list(ids[::-1]) == expected_ids[::-1]
    with pytest.raises(ValueError):
        ids.index(10_000)
    with pytest.raises(IndexError):
        ids[count]


def _in_view(stored: StoredPaper, view: View, with_hidden: bool) -> bool:
    marks = stored.marks
    shown = marks.status != "hidden" or with_hidden
    return {
        "all": shown,
        "queue": marks.queue_position is not None,
        "bookmarks": marks.bookmarked is not None,
        "done": marks.status == "done",
        "hidden": marks.status == "hidden",
        "tag": view.argument in marks.tags and shown,
        "day": view.argument in {day.isoformat() for day in stored.listing_days} and shown,
        "undated": not stored.listing_days and shown,
    }[view.kind]


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", _folded(text))


def _text(paper: Paper, field: TextField) -> str:
    texts: dict[TextField, str] = {
        "title": paper.title,
        "abstract": paper.abstract or "",
        "author": ", ".join(author.name for author in paper.authors),
        "org": paper.organization.name if paper.organization else "",
        "venue": paper.venue or "",
    }
    return texts[field]


def _has_text(node: Word | Phrase, stored: StoredPaper, scope: Sequence[TextField] | None) -> bool:
    words = (node.text,) if isinstance(node, Word) else node.words
    if node.field:
        return _has_phrase(stored.paper, words, [node.field])
    if scope is None and isinstance(node, Word) and len(_folded(node.text)) < 3:
        # In abstracts, a word this short matches only as a whole word, not as a prefix.
        in_abstract = _folded(node.text) in _words(stored.paper.abstract or "")
        return in_abstract or _has_phrase(stored.paper, words, HEAD)
    return _has_phrase(stored.paper, words, scope or (*HEAD, "abstract"))


def _has_phrase(paper: Paper, words: Sequence[str], fields: Sequence[TextField]) -> bool:
    """Whether one of the fields has the words next to each other. The last word may be a prefix."""
    *whole, last = [_folded(word) for word in words]
    for field in fields:
        text_words = _words(_text(paper, field))
        for at in range(len(text_words) - len(whole)):
            if text_words[at : at + len(whole)] == whole and text_words[at + len(whole)].startswith(last):
                return True
    return False


def _last_day(day: PartialDate) -> date:
    """The last day of a partial date: 31 December for a year, the last day of the month for a month."""
    lengths = {"day": timedelta(1), "month": timedelta(31), "year": timedelta(366)}
    following = day.first_day + lengths[day.precision]
    if day.precision == "month":
        following = following.replace(day=1)
    if day.precision == "year":
        following = following.replace(month=1, day=1)
    return following - timedelta(1)


def _between(value: object, low: object, high: object) -> bool:
    return value is not None and (low is None or value >= low) and (high is None or value <= high)  # type: ignore[operator]


def _in_range(node: DateRange | CountRange, stored: StoredPaper) -> bool:
    paper = stored.paper
    match node:
        case DateRange(field="published", start=start, end=end):
            dated = paper.publication_date
            return (
                dated is not None and _between(dated.first_day, start, end) and _between(_last_day(dated), start, end)
            )
        case DateRange(start=start, end=end):
            return any(_between(day, start, end) for day in stored.listing_days)
        case CountRange(field=field, low=low, high=high):
            hundredths = round(100 * paper.score) if paper.score is not None else None
            counts = {
                "upvotes": paper.upvotes,
                "comments": paper.comment_count,
                "score": hundredths,
                "rating": stored.marks.rating,
            }
            return _between(counts[field], low, high)


def _has_state(state: State, stored: StoredPaper, no_listing_days: bool) -> bool:
    """Whether a paper is in a state, such as "new". Pass `no_listing_days` as for `matches`."""
    marks = stored.marks
    if state == "new":
        is_decided = marks.bookmarked or marks.queue_position or marks.status != "new"
        return (bool(stored.listing_days) or no_listing_days) and not is_decided
    if state == "arrived":
        # recto was never opened with the sample library, so no paper has arrived since the last time.
        return bool(stored.listing_days)
    if state == "later":
        # No paper of the sample library is postponed.
        return False
    if state == "retracted":
        # The sample library has no retracted papers.
        return False
    if state == "queued":
        return marks.queue_position is not None
    if state == "bookmarked":
        return marks.bookmarked is not None
    return marks.status == state


def _has(what: Possession, stored: StoredPaper) -> bool:
    kinds = {link.kind for link in stored.paper.links}
    return {
        "code": "code" in kinds,
        "pdf": "pdf" in kinds or stored.paper.arxiv_id is not None,
        "abstract": stored.paper.abstract is not None,
        "note": stored.marks.note is not None,
        # The sample library has no full texts.
        "text": False,
        "model": "model" in kinds,
        "dataset": "dataset" in kinds,
    }[what]


def _has_label(node: Label, stored: StoredPaper) -> bool:
    prefix = node.value.lower()
    match node.field:
        case "tag":
            return any(tag.startswith(prefix) for tag in stored.marks.tags)
        case "cat":
            return any(category.lower().startswith(prefix) for category in stored.paper.categories)
        case "from":
            return any(family.startswith(prefix) for family in stored.families)
        case "decision" | "track" as field:
            return any(word.startswith(prefix) for word in (getattr(stored.paper, field) or "").lower().split())
        case "id":
            return node.value in (stored.paper.arxiv_id, stored.paper.doi)
