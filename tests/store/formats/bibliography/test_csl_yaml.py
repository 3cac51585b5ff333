"""CSL-YAML: the spellings of pandoc and Better BibTeX, values that are only text, and truncated or hostile files."""

from __future__ import annotations

import io
from datetime import date

import pytest

from store.formats.bibliography import csl_yaml
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Paper

PANDOC = """---
nocite: "[@*]"
references:
- author:
  - family: Alpha
    given: Ada
  - literal: List Office
  container-title: Journal of Lists
  DOI: 10.1000/x.1
  id: alpha
  issue: 3
  issued: 2026-01-05
  page: 1-9
  title: "No: a *study*"
  type: article-journal
  volume: 12
- id: second
  issued:
  - year: 2025
    month: 2
  title: no
  type: book
  publisher: >-
    List
    Press
...
"""


def read(text: str) -> list[Item]:
    return list(csl_yaml.read(io.BytesIO(text.encode())))


def papers(text: str) -> list[Paper]:
    assert csl_yaml.sniff(text.encode(), "x") >= 0.9
    return [item.paper for item in read(text) if isinstance(item, Entry)]


def test_the_items_of_pandoc() -> None:
    first, second = papers(PANDOC)
    assert first.authors == (Author("Ada Alpha"), Author("List Office"))
    assert (first.title, first.venue) == ("No: a *study*", "Journal of Lists 12(3), 1–9")
    assert (first.published, first.doi) == (date(2026, 1, 5), "10.1000/x.1")
    # The title "no" stays text. YAML 1.1 would read it as false.
    assert (second.title, second.venue) == ("no", "List Press")
    assert (second.published, second.published_to) == (date(2025, 2, 1), "month")


@pytest.mark.parametrize(
    "issued",
    ["{date-parts: [[2026, 1, 5]]}", "\n    date-parts:\n    - - 2026\n      - 1\n      - 5", "'2026-01-05'"],
)
def test_dates_may_be_parts_or_text(issued: str) -> None:
    (parsed,) = papers(f"- id: a\n  type: book\n  title: T\n  issued: {issued}\n")
    assert (parsed.published, parsed.published_to) == (date(2026, 1, 5), "day")


def test_an_item_without_a_title_is_refused_and_notes_are_left_out() -> None:
    items = read("- id: a\n  type: book\n- id: b\n  type: note\n  title: N\n- id: c\n  type: book\n  title: T\n")
    assert [type(item) for item in items] == [Refused, Entry, Warned]


def test_aliases_are_refused() -> None:
    bomb = "- id: a\n  type: book\n  title: T\n- &b [x, x]\n- id: c\n  title: [*b, *b]\n"
    items = read(bomb)
    assert isinstance(items[0], Entry)
    assert isinstance(items[-1], CutShort)
    assert "alias" in items[-1].reason


def test_deep_values_are_refused() -> None:
    with pytest.raises(ListingError, match="deep"):
        read(f"- title: {'[' * 50}{']' * 50}\n")


@pytest.mark.parametrize("text", ["- id: a\n  title: 'T\n", "- {", "- id: a: b: c\n"])
def test_broken_yaml_is_an_error_that_says_where(text: str) -> None:
    with pytest.raises(ListingError, match=r"not YAML that recto can read: .*line \d"):
        read(text)


def test_a_last_line_without_an_end_is_reported() -> None:
    whole = "- id: a\n  type: book\n  title: One\n- id: b\n  type: book\n"
    in_title = read(whole + "  title: Two or thr")
    assert [type(item) for item in in_title] == [Entry, CutShort]
    elsewhere = read(whole + "  title: Two\n  volume: 1")
    assert [type(item) for item in elsewhere] == [Entry, Entry, CutShort]


def test_other_yaml_is_not_detected() -> None:
    for text in ("name: CI\non: push\njobs:\n- title: x\n", "- [A](https://x)\n", "- id: 1\n  name: x\n"):
        assert csl_yaml.sniff(text.encode(), "x.yaml") == 0.0
