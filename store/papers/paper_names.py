"""Finds the paper for a text such as "2310.06770", and a short text by which a paper can be found again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from store.marks import stored_marks
from store.model.errors import LibraryError

# When a text fits several papers, the error message contains the ids and titles of at most this many of them.
_NAMED_IN_ERROR = 5
# In an error message, a title is shortened to this length (characters).
_TITLE_IN_ERROR = 60
# A text with more digits than this cannot be the id of a paper.
_LONGEST_NUMBER = 12


def papers_to_refresh(connection: sqlite3.Connection, most: int) -> list[str]:
    """The arXiv ids of the first `most` papers in the reading queue that have an arXiv id."""
    rows = connection.execute(
        "SELECT p.arxiv_id FROM queue q JOIN paper p ON p.id = q.paper_id WHERE p.arxiv_id IS NOT NULL"
        " ORDER BY q.key, q.identity LIMIT ?",
        (most,),
    )
    return [arxiv_id for (arxiv_id,) in rows]


def short_names(connection: sqlite3.Connection, ids: Sequence[int]) -> list[str]:
    """For each paper, a short text by which `find_paper` finds it: its arXiv id, or else its id in the library."""
    rows = connection.execute(
        "SELECT coalesce(p.arxiv_id, p.id) FROM json_each(?) i JOIN paper p ON p.id = i.value ORDER BY i.key",
        (msgspec.json.encode(list(ids)).decode(),),
    )
    return [str(name) for (name,) in rows]


def find_paper(connection: sqlite3.Connection, text: str) -> int:
    """The id of the paper to which `text` refers.

    `text` is the id of a paper in the library, an arXiv id, a DOI, a citation key, a title or the beginning of a title.
    Raises LibraryError when `text` fits no paper or several papers.
    """
    from store.matching import identifiers, title_merging
    from store.papers import stored_keys
    from store.text.clean import line

    name = line(text)
    if name.isascii() and name.isdigit() and len(name) <= _LONGEST_NUMBER:
        return stored_marks.resolve(connection, int(name))
    arxiv_id = identifiers.exact_arxiv_id(name)
    if arxiv_id and (numbers := _numbers_where(connection, "arxiv_id", arxiv_id.id)):
        return _only(connection, name, numbers)
    if (doi := identifiers.exact_doi(name)) and (numbers := _numbers_where(connection, "doi", doi)):
        return _only(connection, name, numbers)
    if (keyed := stored_keys.find(connection, name)) is not None:
        return stored_marks.resolve(connection, keyed)
    if not name:
        raise LibraryError("name a paper: its number, an arXiv id, a DOI, a citation key or the start of its title")
    numbers = _numbers_where(connection, "title_key", title_merging.title_key(name)) or _title_starts_with(
        connection, name
    )
    if not numbers:
        raise LibraryError(f"no paper is called {name!r}; look for it with: recto list")
    return _only(connection, name, numbers)


def find_papers(connection: sqlite3.Connection, names: Iterable[str]) -> list[int]:
    """The ids of the papers to which `names` refer, in order, each once. Raises LibraryError as `find_paper` does."""
    return list(dict.fromkeys(find_paper(connection, name) for name in names))


def _numbers_where(connection: sqlite3.Connection, column: str, value: str | int) -> list[int]:
    return [
        number for (number,) in connection.execute(f"SELECT id FROM paper WHERE {column} = ? ORDER BY id", (value,))
    ]


def _title_starts_with(connection: sqlite3.Connection, start: str) -> list[int]:
    """The ids of at most 100 papers whose titles start with `start`. Ignores the case of ASCII letters."""
    numbers = connection.execute(
        "SELECT id FROM paper WHERE title LIKE ? ESCAPE '\\' ORDER BY id LIMIT 100", (f"{like_pattern(start)}%",)
    )
    return [number for (number,) in numbers]


def like_pattern(text: str) -> str:
    """A pattern for SQL's LIKE with ESCAPE '\\' that matches `text` itself: % and _ in it are no wildcards."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _only(connection: sqlite3.Connection, name: str, numbers: list[int]) -> int:
    """The only id in `numbers`.

    When there are several, raises LibraryError with the ids and titles of the first papers.
    """
    if len(numbers) == 1:
        return numbers[0]
    found = [f"{number} “{_title_start(connection, number)}”" for number in numbers[:_NAMED_IN_ERROR]]
    more = ", …" if len(numbers) > _NAMED_IN_ERROR else ""
    raise LibraryError(f"{len(numbers)} papers fit {name!r}: {', '.join(found)}{more}; name one by its number")


def _title_start(connection: sqlite3.Connection, paper: int) -> str:
    """The title of a paper, shortened to `_TITLE_IN_ERROR` characters."""
    (title,) = connection.execute("SELECT title FROM paper WHERE id = ?", (paper,)).fetchone()
    return title if len(title) <= _TITLE_IN_ERROR else f"{title[: _TITLE_IN_ERROR - 2].rstrip()} …"
