"""Makes filters from a paper, which find papers with the same keyword, organization, category or author."""

from __future__ import annotations

from typing import NamedTuple

from store.model.paper import Paper
from store.text import tex
from tui.render.display_text import safe

# Filters are made for at most this many authors of a paper, because the user must choose one of them.
_MOST_AUTHORS = 30


class PaperFilter(NamedTuple):
    """A filter that was made from a paper.

    `label` is the kind of value that the filter looks for, for example "author". `name` is the value as it is shown to
    the user. `filter` is the text of the filter.
    """

    label: str
    name: str
    filter: str


def of(paper: Paper) -> list[PaperFilter]:
    """The filters for the keywords of `paper`, then for its organization, its categories and its authors."""
    filters = [PaperFilter("keyword", name, by_keyword(name)) for name in paper.ai_keywords]
    if paper.organization:
        filters.append(_by_field("organization", "org", paper.organization.name))
    filters += [_by_field("category", "cat", name) for name in paper.categories]
    filters += [_by_field("author", "author", tex.for_display(each.name)) for each in paper.authors[:_MOST_AUTHORS]]
    return [each for each in filters if each.name and each.filter.strip()]


def by_keyword(name: str) -> str:
    """The text of the filter that finds papers with the words of a keyword, in any order.

    Characters that have a meaning in the filter language are left out.
    """
    words = "".join(letter if letter.isalnum() or letter in "'’" else " " for letter in safe(name, 200)).split()
    # Quote the word "or" in a keyword, because without quotes it is an operator of the filter language.
    return " ".join(f'"{word}"' if word.casefold() == "or" else word for word in words)


def _by_field(label: str, field: str, name: str) -> PaperFilter:
    shown = safe(name, 200)
    value = " ".join(shown.replace('"', " ").split())
    return PaperFilter(label, shown, f'{field}:"{value}"' if " " in value else f"{field}:{value}" if value else "")
