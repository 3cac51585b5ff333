"""Finds the paper with a given identity in this library, and the identities of a given paper.

An identity is a text, such as "arxiv:2310.06770", that stands for a paper in all libraries. A register is one mark,
stored under an identity (store/marks/registers.py).

The table `identity` has a row for each identity for which the library has a register. Its column `paper_id` is the id
of the paper that first had the identity in this library. If that paper was joined to another one since, `paper_id`
stays, and the table `joined` leads to the other paper. So when joined papers are separated again, each has its own
identities and registers again. `paper_id` is NULL while the library has no paper with the identity. In that case, the
registers have no effect until the paper is imported.

Functions that change something take a connection inside a write transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

import msgspec

from store.marks.registers import is_identity
from store.model.paper import Author, Paper

# Other machines can give a paper at most this many identities. A paper may have one for its arXiv id, its DOI and each
# of its titles, so well-behaved machines give it only a few. Without a limit, a file with 100,000 of them would take
# hours to read, because each new register reads the registers of all identities of its paper.
_MOST_OF_PAPER = 100
_OF_PAPER = (
    "SELECT identity FROM identity WHERE paper_id = ?1 AND ?1 NOT IN (SELECT gone FROM joined) UNION ALL"
    " SELECT i.identity FROM joined j JOIN identity i ON i.paper_id = j.gone WHERE j.kept = ?1"
)
_about = msgspec.json.Decoder(dict[str, object])


def of_paper(connection: sqlite3.Connection, paper: int) -> list[str]:
    """The identities of a paper under which marks are stored. Empty if the paper was joined to another one."""
    return [identity for (identity,) in connection.execute(_OF_PAPER, (paper,))]


def paper_of(connection: sqlite3.Connection, identity: str) -> int | None:
    """The id of the paper with this identity, or None when the library has no such paper or no mark stored under it."""
    row = connection.execute(
        "SELECT coalesce(j.kept, i.paper_id) FROM identity i LEFT JOIN joined j ON j.gone = i.paper_id"
        " WHERE i.identity = ?",
        (identity,),
    ).fetchone()
    return row[0] if row else None


def primary(connection: sqlite3.Connection, paper: int) -> str:
    """The identity (a text) under which new marks of a paper are stored. It is added to the library if it is missing.

    The identity is made from the arXiv id, else from the DOI, else from the title. If another paper has that identity,
    the next of the three is used. If other papers have all three, "#2", "#3" and so on is added to the first.
    """
    arxiv_id, doi, title_key = connection.execute(
        "SELECT arxiv_id, doi, title_key FROM paper WHERE id = ?", (paper,)
    ).fetchone()
    candidates = [
        *([f"arxiv:{arxiv_id}"] if arxiv_id else []),
        *([f"doi:{doi}"] if doi else []),
        f"title:{title_key % 2**64:016x}",
    ]
    candidates = [identity for identity in candidates if is_identity(identity)]
    for identity in _numbered(candidates):
        row = connection.execute("SELECT paper_id FROM identity WHERE identity = ?", (identity,)).fetchone()
        if row is None:
            connection.execute("INSERT INTO identity (identity, paper_id) VALUES (?, ?)", (identity, paper))
        elif row[0] is None:
            connection.execute("UPDATE identity SET paper_id = ? WHERE identity = ?", (paper, identity))
        elif paper_of(connection, identity) != paper:
            continue
        return identity
    raise AssertionError("the numbers never end")


def add(connection: sqlite3.Connection, identity: str) -> int | None:
    """Store the identity (the text that stands for a paper) of a mark that came from another machine.

    Returns the id of the paper with this identity. Returns None, and the mark has no effect, if the library does not
    have the paper yet or if the paper has too many identities already.
    """
    row = connection.execute("SELECT paper_id FROM identity WHERE identity = ?", (identity,)).fetchone()
    if row is not None and row[0] is not None:
        return paper_of(connection, identity)
    paper = _find(connection, identity)
    if paper is not None and _has_many(connection, paper):
        paper = None
    if row is None:
        connection.execute("INSERT INTO identity (identity, paper_id) VALUES (?, ?)", (identity, paper))
    elif paper is not None:
        connection.execute("UPDATE identity SET paper_id = ? WHERE identity = ?", (paper, identity))
    return paper


def papers_of(connection: sqlite3.Connection, names: Iterable[str]) -> dict[str, int | None]:
    """For each identity in `names` that is stored, the id of its paper, or None if the library has no such paper."""
    rows = connection.execute(
        "SELECT i.identity, coalesce(j.kept, i.paper_id) FROM json_each(?) n CROSS JOIN identity i"
        " ON i.identity = n.value LEFT JOIN joined j ON j.gone = i.paper_id",
        (_json(list(names)),),
    )
    return dict(rows.fetchall())


def add_all(
    connection: sqlite3.Connection, names: Iterable[str], known: Mapping[str, int | None], described: Set[str]
) -> dict[str, int | None]:
    """Do the same as `add` for many identities, with few SQL statements. Returns the id of each paper, or None.

    `known` is what `papers_of` returned for `names` before their registers were stored. `described` are those of
    `names` for which a register with the field "about" was stored since then.
    """
    papers = {name: known.get(name) for name in names}
    missing = sorted(name for name, paper in papers.items() if paper is None)
    # Searching for the paper of an identity takes time. Skip the search for an arXiv id in two cases. First, if it
    # cannot succeed: no stored paper has this arXiv id, and no register with the field "about" has the title of the
    # paper. Second, if the result is clear: exactly one stored paper has the arXiv id, and it has no identity yet.
    stored = _with_arxiv_ids(connection, missing)
    described_before = connection.execute(
        "SELECT r.paper FROM json_each(?) n CROSS JOIN register r ON r.paper = n.value AND r.field = 'about'",
        (_json([name for name in missing if name in known]),),
    ).fetchall()
    searched = {*stored, *described, *(name for (name,) in described_before)}
    new: list[tuple[str, int | None]] = []
    for name in missing:
        if name not in searched and name.startswith("arxiv:") and "#" not in name:
            new += [] if name in known else [(name, None)]
        elif name not in known and (paper := stored.get(name)) is not None:
            new.append((name, paper))
            papers[name] = paper
        else:
            papers[name] = add(connection, name)
    connection.executemany("INSERT INTO identity (identity, paper_id) VALUES (?, ?)", new)
    return papers


def _with_arxiv_ids(connection: sqlite3.Connection, names: Sequence[str]) -> dict[str, int | None]:
    """Those of `names` that are the arXiv id of a stored paper. Each is mapped to the id of the paper.

    A name is mapped to None if two stored papers have the arXiv id, or if the paper has identities already.
    """
    rows = connection.execute(
        "SELECT 'arxiv:' || p.arxiv_id, p.id, EXISTS (SELECT 1 FROM identity i WHERE i.paper_id = p.id)"
        " OR EXISTS (SELECT 1 FROM joined j WHERE j.kept = p.id)"
        " FROM json_each(?) n CROSS JOIN paper p ON p.arxiv_id = n.value",
        (_json([name[len("arxiv:") :] for name in names if name.startswith("arxiv:")]),),
    )
    found: dict[str, int | None] = {}
    for name, paper, has_identity in rows:
        found[name] = None if has_identity or name in found else paper
    return found


def are_waiting(connection: sqlite3.Connection) -> bool:
    """Whether the library contains marks (from other machines) of papers that it does not contain yet."""
    return connection.execute("SELECT 1 FROM identity WHERE paper_id IS NULL LIMIT 1").fetchone() is not None


def settle(connection: sqlite3.Connection, after: str, limit: int) -> tuple[str | None, list[int]]:
    """Search again for the papers of at most `limit` identities that have no paper yet, and store the papers found.

    The identities are taken in sorted order, beginning after the identity `after`. Returns two values: the last
    identity that was taken, or None if there are no more; and the ids of the papers that were found.
    """
    waiting = [
        identity
        for (identity,) in connection.execute(
            "SELECT identity FROM identity WHERE paper_id IS NULL AND identity > ? ORDER BY identity LIMIT ?",
            (after, limit),
        )
    ]
    papers = [paper for identity in waiting if (paper := add(connection, identity)) is not None]
    return waiting[-1] if len(waiting) == limit else None, papers


def release(connection: sqlite3.Connection, papers: Iterable[int]) -> None:
    """Record that the identities of these papers have no paper, because the papers are removed from the library."""
    connection.executemany("UPDATE identity SET paper_id = NULL WHERE paper_id = ?", [(paper,) for paper in papers])


def _numbered(identities: Sequence[str]) -> Iterator[str]:
    yield from identities
    number = 2
    while True:
        yield f"{identities[0]}#{number}"
        number += 1


def _find(connection: sqlite3.Connection, identity: str) -> int | None:
    """The id of the paper with this identity (text) from another machine, or None if the library has no such paper."""
    # Imported here, because only identities from other machines need this module, and importing it would delay every
    # start of the program.
    from store.matching import same_paper

    base, _, _ = identity.partition("#")
    kind, _, name = base.partition(":")
    numbers: list[int] = []
    if kind == "arxiv":
        numbers = _ids(connection, "SELECT id FROM paper WHERE arxiv_id = ?", name)
    elif kind == "doi":
        numbers = _ids(connection, "SELECT id FROM paper WHERE doi = ? ORDER BY id", name) or _ids(
            connection, "SELECT paper_id FROM alias WHERE key = ?", same_paper.doi_key(name)
        )
    elif kind == "title" and (key := _title_key(name)) is not None:
        numbers = _ids(connection, "SELECT id FROM paper WHERE title_key = ? ORDER BY id", key) or _ids(
            connection, "SELECT paper_id FROM alias WHERE key = ?", key
        )
    for number in numbers:
        # If several papers have the same title, their identities end in different numbers ("#2", "#3"). Take the first
        # paper that has no such identity yet.
        if not any(each.partition("#")[0] == base for each in of_paper(connection, number)):
            return number
    return numbers[0] if numbers else _find_described(connection, identity)


def _find_described(connection: sqlite3.Connection, identity: str) -> int | None:
    """The id of the paper that matches the description of an identity.

    The description is the title and the authors in the register "about", which another machine wrote. None if the
    identity has no such register, or if no paper or more than one paper matches the description.
    """
    from store.matching import same_paper

    row = connection.execute(
        "SELECT value FROM register WHERE paper = ? AND field = 'about' AND value IS NOT NULL", (identity,)
    ).fetchone()
    if row is None:
        return None
    try:
        about = _about.decode(row[0])
    except msgspec.MsgspecError:
        return None
    title, authors = about.get("title"), about.get("authors")
    if not isinstance(title, str) or not title or not isinstance(authors, list) or not authors:
        return None
    kind, _, name = identity.partition("#")[0].partition(":")
    described = Paper(
        title=title,
        authors=tuple(Author(each) for each in authors if isinstance(each, str)),
        arxiv_id=name if kind == "arxiv" else None,
        doi=name if kind == "doi" else None,
    )
    matches = same_paper.matches(connection, described, "sync")
    return matches[0] if len(matches) == 1 else None


def _title_key(name: str) -> int | None:
    """The title key that `name`, a hexadecimal number of 64 bits, stands for; None if `name` is any other text."""
    try:
        value = int(name, 16)
    except ValueError:
        return None
    return value - 2**64 if 2**63 <= value < 2**64 else value if 0 <= value < 2**63 else None


def can_have(connection: sqlite3.Connection, identity: str, title: str) -> bool:
    """Whether the paper that has `identity` and `title` on another machine may get one more identity in this library.

    True if the library contains neither a paper with this identity nor a paper with this title.
    """
    # Imported here for the reason given in `_find`: it is rarely needed, and would delay every start.
    from store.matching import title_merging

    found = _find(connection, identity)
    numbers = _ids(connection, "SELECT id FROM paper WHERE title_key = ? LIMIT 2", title_merging.title_key(title))
    return not any(_has_many(connection, number) for number in [*numbers, *([] if found is None else [found])])


def _has_many(connection: sqlite3.Connection, paper: int) -> bool:
    """Whether a paper has the maximum number of identities; no more are then accepted from other machines."""
    row = connection.execute(
        "SELECT 1 FROM identity WHERE paper_id = ? LIMIT 1 OFFSET ?", (paper, _MOST_OF_PAPER - 1)
    ).fetchone()
    return row is not None


def _json(values: Sequence[str]) -> str:
    """The values as JSON, for the SQL function json_each."""
    return msgspec.json.encode(values).decode()


def _ids(connection: sqlite3.Connection, sql: str, value: str | int) -> list[int]:
    return [number for (number,) in connection.execute(sql, (value,))]
