"""The state of the search index as the library stores it: which papers the index contains, and whether it is usable."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from store.search import index_files


class IndexState(NamedTuple):
    """The only row of the table `indexed`, in which the library stores the state of the index.

    `generation` is the name of the folder of the index. The index contains the papers with ids up to `done`, and
    perhaps those with ids up to `claimed`, which are being indexed. The index has the token `token`. If a part has been
    written to the index, but this has not been recorded in the library yet, the index has the token `next_token`.
    """

    generation: str
    token: str
    next_token: str
    done: int
    claimed: int


def read(connection: sqlite3.Connection) -> IndexState:
    """The state of the index of the library that `connection` reads."""
    row = connection.execute("SELECT generation, token, next_token, done, claimed FROM indexed").fetchone()
    return IndexState(*row)


def belongs(state: IndexState, token: str | None) -> bool:
    """Whether an index with the token `token` can be used: the library must have the same token, and the version of the
    index must be VERSION.
    """
    return index_files.is_current(state.generation) and token in (state.token, state.next_token)
