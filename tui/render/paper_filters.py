"""The filters that a paper suggests: its keywords, organization, categories and authors."""

from __future__ import annotations

from typing import NamedTuple

from store.model.paper import Paper
from store.text import tex
from tui.render.display_text import safe

# The largest number of authors that are suggested. A list of thousands could not be chosen from.
_MOST_AUTHORS = 30


class PaperFilter(NamedTuple):
    """A filter that a paper suggests: the kind of what it looks for, its name, and the text of the filter."""

    label: str
    name: str
    filter: str


def of(paper: Paper) -> list[PaperFilter]:
    """The filters that `paper` suggests, its keywords first."""
    filters = [PaperFilter("keyword", name, by_keyword(name)) for name in paper.ai_keywords]
    if paper.organization:
        filters.append(_by_field("organization", "org", paper.organization.name))
    filters += [_by_field("category", "cat", name) for name in paper.categories]
    filters += [_by_field("author", "author", tex.for_display(each.name)) for each in paper.authors[:_MOST_AUTHORS]]
    return [each for each in filters if each.name and each.filter.strip()]


def by_keyword(name: str) -> str:
    """The filter that finds papers about a keyword: its words in any order, without a meaning as syntax."""
    words = "".join(letter if letter.isalnum() or letter in "'’" else " " for letter in safe(name, 200)).split()
    # "or" between two words would mean either of them.
    return " ".join(f'"{word}"' if word.casefold() == "or" else word for word in words)


def _by_field(label: str, field: str, name: str) -> PaperFilter:
    shown = safe(name, 200)
    value = " ".join(shown.replace('"', " ").split())
    return PaperFilter(label, shown, f'{field}:"{value}"' if " " in value else f"{field}:{value}" if value else "")
