"""Warnings about listings in which no error occurred, but whose values look wrong.

If the titles are read from a wrong column of a table, for example, no error occurs, but the papers are wrong. Therefore
this module warns about titles that are all equal, one identifier that many titles share, author counts smaller than the
number of authors named, dates in the future, and author names that are numbers.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import date, timedelta

from store.model.entry import Entry, Item, Warned
from store.model.paper import Paper
from store.text import clean

# At most this many entries of a listing are examined: enough to notice a wrong column, with little time and memory.
_MOST_COMPARED = 10_000
# Warn about equal titles only in a listing of at least this many entries: _ENOUGH_FOR_ALL when all titles are equal,
# _ENOUGH_FOR_FEW when there are several titles, but at most one distinct title for every _FEW entries.
_ENOUGH_FOR_ALL = 3
_ENOUGH_FOR_FEW = 20
_FEW = 10
# Warn when an identifier occurs with this many titles. Two titles are no reason for a warning, because a paper in
# several parts may have one identifier and two titles.
_MANY_TITLES = 3
# A date counts as being in the future only from the day after tomorrow on: elsewhere in the world, the date of tomorrow
# may already be the date of today.
_TIME_ZONES = timedelta(days=1)
# A text that is quoted in a warning is shortened to this many characters.
_LONGEST_QUOTED = 60


def checked(items: Generator[Item, None, None], today: date) -> Generator[Item, None, None]:
    """Yield the items of a listing, and after them one warning for each kind of value that looks wrong."""
    looks = _Looks(today)
    try:
        for item in items:
            if isinstance(item, Entry):
                looks.add(item.paper)
            yield item
    finally:
        items.close()
    yield from map(Warned, looks.warnings())


class _Looks:
    """Collects values of a listing's entries, from which `warnings` judges whether the listing was read correctly."""

    def __init__(self, today: date) -> None:
        self._last_day = today + _TIME_ZONES
        self._compared = 0
        self._titles: set[str] = set()
        self._title = ""
        # The identifier, the day and the first author of each entry. If entries with equal titles have these in common
        # too, they are one paper that is listed several times, which is no reason for a warning.
        self._others: set[object] = set()
        # For each identifier, the first `_MANY_TITLES` different titles that entries with this identifier have.
        self._titles_of: dict[str, set[str]] = {}
        self._future: list[Paper] = []
        self._futures = 0
        self._small: Paper | None = None
        self._smalls = 0
        self._nameless = ""
        self._nameless_count = 0

    def add(self, paper: Paper) -> None:
        """Collect the values of the paper of one entry."""
        if paper.published and paper.published > self._last_day:
            self._futures += 1
            self._future = [max([*self._future, paper], key=_day)]
        authors = paper.authors
        if paper.author_count is not None and paper.author_count < len(authors):
            self._smalls += 1
            self._small = self._small or paper
        if self._compared >= _MOST_COMPARED:
            return
        self._compared += 1
        for author in authors:
            # Nearly all names begin with a letter, so testing the first character saves most calls of `_is_number`.
            if not author.name[:1].isalpha() and _is_number(author.name):
                self._nameless = self._nameless or author.name
                self._nameless_count += 1
        title = paper.title
        self._titles.add(title)
        self._title = title
        self._others.add((paper.doi or paper.arxiv_id, paper.published, authors[0].name if authors else None))
        for identifier in (paper.doi, paper.arxiv_id):
            if identifier:
                titles = self._titles_of.setdefault(identifier, set())
                if len(titles) < _MANY_TITLES:
                    titles.add(title)

    def warnings(self) -> Iterator[str]:
        """Yield a sentence for each kind of value that looks wrong."""
        count, different = self._compared, len({title.casefold().strip() for title in self._titles})
        others = len(self._others)
        if different == 1 and count >= _ENOUGH_FOR_ALL and others > 1:
            yield f"all {count:,} titles are “{_quoted(self._title)}”: they may be the name of something else"
        elif count >= _ENOUGH_FOR_FEW and different * _FEW <= count and others > different:
            yield f"only {different:,} different titles in {count:,} entries: they may be the names of something else"
        shared = [identifier for identifier, titles in self._titles_of.items() if len(titles) >= _MANY_TITLES]
        if shared:
            more = f", and {len(shared) - 1:,} more like it" if len(shared) > 1 else ""
            yield f"{_quoted(shared[0])} stands at {_MANY_TITLES} or more different titles{more}"
        if self._small:
            paper, names = self._small, len(self._small.authors)
            yield (
                f"{_counted(self._smalls, 'author count is', 'author counts are')} below the number of names"
                f" ({paper.author_count} for {names} names in “{_quoted(paper.title)}”)"
            )
        if self._future:
            (paper,) = self._future
            day = paper.publication_date
            yield (
                f"{_counted(self._futures, 'paper is', 'papers are')} dated in the future"
                f" ({day.text if day else ''} for “{_quoted(paper.title)}”)"
            )
        if self._nameless:
            count = self._nameless_count
            yield f"{_counted(count, 'author has', 'authors have')} a number for a name (“{_quoted(self._nameless)}”)"


def _day(paper: Paper) -> tuple[date, str]:
    return paper.published or date.min, paper.title


def _is_number(name: str) -> bool:
    """Whether a name has digits and no letters.

    False for a name that is only a punctuation mark, so that it causes no warning: some author lists of arXiv contain a
    lone colon.
    """
    return any(map(str.isdigit, name)) and not any(map(str.isalpha, name))


def _counted(count: int, one: str, many: str) -> str:
    return f"1 {one}" if count == 1 else f"{count:,} {many}"


def _quoted(text: str) -> str:
    text = clean.line(text)
    return text if len(text) <= _LONGEST_QUOTED else f"{text[:_LONGEST_QUOTED]}…"
