"""Which of many entries are new for sure: those that share no key with a stored paper or with another entry.

Nothing that store/matching/identity.py looks for can find a paper for such an entry. It is asked in four statements for
all of them together, where one by one it takes four for each.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from store.matching.identity import doi_key

_json = msgspec.json.Encoder()


class Keys(NamedTuple):
    """What an entry can be found by: the key of its title, and its ids in normal form."""

    title: int
    arxiv_id: str | None
    doi: str | None


def among(connection: sqlite3.Connection, entries: Sequence[Keys]) -> list[bool]:
    """For each entry whether it is new for sure; False where the papers it might be about have to be looked at."""
    titles = [each.title for each in entries]
    arxiv_ids = [each.arxiv_id for each in entries]
    dois = [each.doi for each in entries]
    aliases = [doi_key(doi) if doi else None for doi in dois]
    known_titles = _twice(titles) | _stored(connection, "paper", "title_key", titles)
    known_ids = _twice(arxiv_ids) | _stored(connection, "paper", "arxiv_id", arxiv_ids)
    known_dois = _twice(dois) | _stored(connection, "paper", "doi", dois)
    known_aliases = _stored(connection, "alias", "key", [*titles, *aliases])
    return [
        title not in known_titles
        and title not in known_aliases
        and arxiv_id not in known_ids
        and doi not in known_dois
        and alias not in known_aliases
        for title, arxiv_id, doi, alias in zip(titles, arxiv_ids, dois, aliases, strict=True)
    ]


def _twice(keys: Iterable[int | str | None]) -> set[int | str]:
    return {key for key, count in Counter(keys).items() if count > 1 and key is not None}


def _stored(
    connection: sqlite3.Connection, table: str, column: str, keys: Iterable[int | str | None]
) -> set[int | str]:
    asked = _json.encode([key for key in keys if key is not None]).decode()
    rows = connection.execute(
        f"SELECT {column} FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))", (asked,)
    )
    return {key for (key,) in rows}
