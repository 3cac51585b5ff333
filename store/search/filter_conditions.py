"""Builds index queries for the conditions of a filter that are not words: dates, counts, marks, labels and similar
papers.

Marks (what the user has stored about a paper, such as its status) are not in the search index. So for a condition on
marks, such as "is:queued", the ids of the matching papers are first read from the library, and the query is built for
these ids.
"""

from __future__ import annotations

import sqlite3
from datetime import date

from tantivy import Query, Searcher

from store.marks.collections import collection_name
from store.marks.marking import tag_name
from store.marks.stored_marks import BACK, DECIDED, WAITING
from store.papers import visits
from store.papers.paper_names import like_pattern
from store.papers.view_table import is_new_undated
from store.search import query as q
from store.search import sort_keys, terms
from store.search.filter_fields import COUNT_COLUMNS, CountField, LabelField, Possession, State
from store.search.tokenizer import index_text, index_words

# The largest integer that SQLite can store.
_MAX_INTEGER = 2**63 - 1


def query_of(connection: sqlite3.Connection, searcher: Searcher, node: q.Node) -> Query:
    """A query for the papers that match `node`, a condition that is not a word or a phrase."""
    match node:
        case q.DateRange(field=field, start=start, end=end):
            return terms.published(start, end) if field == "published" else terms.listed(start, end)
        case q.CountRange(field=field, low=low, high=high):
            return _counted(connection, field, low, high)
        case q.Is(state=state):
            return _state(connection, state)
        case q.Has(what=what):
            return _possession(connection, what)
        case q.Label(field=field, value=value):
            return _label(connection, field, value)
        case q.Like(paper=paper):
            # Imported here, because few filters ask for similar papers.
            from store.search import similar

            paper_ids, _ = similar.named_papers(connection, [paper])
            papers = similar.similar(connection, searcher, paper_ids) if paper_ids else []
            return terms.papers([each.id for each in papers])
    raise AssertionError(node)


def _counted(connection: sqlite3.Connection, field: CountField, low: int | None, high: int | None) -> Query:
    """A query for the papers whose count, such as upvotes, is from `low` to `high`, both inclusive.

    None means no limit.

    The index stores all counts above `sort_keys.COUNT_LIMIT` as the same number, so the few papers with larger counts
    are looked up in the library.
    """
    if field == "rating":
        # Ratings are marks, and marks are not in the index, so the ids of the papers are read from the library.
        return _papers(
            connection,
            "SELECT paper_id FROM mark WHERE rating BETWEEN ? AND ?",
            low or 0,
            _MAX_INTEGER if high is None else high,
        )
    column = COUNT_COLUMNS[field]
    low, high = (None if bound is None else min(bound, _MAX_INTEGER) for bound in (low, high))
    if low is not None and low > sort_keys.COUNT_LIMIT:
        highest = _MAX_INTEGER if high is None else high
        return _papers(connection, f"SELECT id FROM paper WHERE {column} BETWEEN ? AND ?", low, highest)
    if high is not None and high >= sort_keys.COUNT_LIMIT:
        above = _papers(connection, f"SELECT id FROM paper WHERE {column} > ?", high)
        return terms.all_of([terms.counted(field, low, None)], [above])
    return terms.counted(field, low, high)


def _state(connection: sqlite3.Connection, state: State) -> Query:
    match state:
        case "new":
            # The filter "is:new" finds the papers that the view "new" shows. Papers without a listing day are new only
            # if no paper of the library has a listing day.
            today = date.today().isoformat()
            decided = _papers(connection, DECIDED, today)
            if is_new_undated(connection):
                return terms.all_of([], [decided])
            dated = terms.all_of([], [terms.has_flag("undated"), decided])
            return terms.any_of([dated, terms.all_of([_papers(connection, BACK, today)], [decided])])
        case "arrived":
            # Find the papers that the view "since:last" shows: papers with a listing day that were imported since the
            # last day before today on which the user opened recto.
            first = (visits.last_paper(connection) or 0) + 1
            arrived = terms.sort_key_between("id", first, sort_keys.MAX_KEY)
            return terms.all_of([arrived], [terms.has_flag("undated")])
        case "retracted":
            return _papers(connection, "SELECT paper_id FROM retracted")
        case "queued":
            return _papers(connection, "SELECT paper_id FROM queue")
        case "bookmarked":
            return _papers(connection, "SELECT paper_id FROM mark WHERE bookmarked_at IS NOT NULL")
        case "later":
            return _papers(connection, f"SELECT paper_id FROM mark WHERE {WAITING}", date.today().isoformat())
        case "seen" | "reading" | "done" | "hidden" as status:
            return _papers(connection, "SELECT paper_id FROM mark WHERE status = ?", status)


def _possession(connection: sqlite3.Connection, what: Possession) -> Query:
    match what:
        case "note":
            return _papers(connection, "SELECT paper_id FROM mark WHERE note IS NOT NULL")
        case "text":
            return _papers(
                connection, "SELECT coalesce(j.kept, t.paper_id) FROM text t LEFT JOIN joined j ON j.gone = t.paper_id"
            )
        case "model" | "dataset":
            return _papers(connection, f"SELECT id FROM paper WHERE has_{what} IS NOT NULL")
        case "code" | "pdf" | "abstract" as flag:
            return terms.has_flag(flag)


def _label(connection: sqlite3.Connection, field: LabelField, value: str) -> Query:
    match field:
        case "tag":
            like = like_pattern(tag_name(value))
            return _papers(connection, "SELECT paper_id FROM tag WHERE name LIKE ? ESCAPE '\\'", f"{like}%")
        case "collection":
            like = like_pattern(collection_name(value))
            return _papers(connection, "SELECT paper_id FROM collection WHERE name LIKE ? ESCAPE '\\'", f"{like}%")
        case "note":
            return terms.papers(_noted(connection, value))
        case "cat":
            # Every category that begins with the typed value matches: "cs" and "cs.c" match "cs.CL".
            return terms.prefix("category", value.lower())
        case "from":
            return terms.prefix("family", value)
        case "decision" | "track":
            # A decision matches if any of its words begins with the typed value: "top" matches "Notable top 5%".
            return _papers(
                connection,
                f"SELECT id FROM paper WHERE {field} IS NOT NULL AND ' ' || {field} LIKE ? ESCAPE '\\'",
                f"% {like_pattern(value)}%",
            )
        case "key":
            # Every citation key that begins with the typed value matches: "@vaswani" matches "vaswani2017attention".
            like = like_pattern(value.removeprefix("@"))
            return _papers(
                connection,
                "SELECT coalesce(j.kept, k.paper_id) FROM citation_key k LEFT JOIN joined j ON j.gone = k.paper_id"
                " WHERE k.key LIKE ? ESCAPE '\\'",
                f"{like}%",
            )
        case "id":
            # Imported here, because few filters ask for an identifier.
            from store.matching import identifiers

            arxiv, doi = identifiers.exact_arxiv_id(value), identifiers.exact_doi(value)
            return _papers(
                connection,
                "SELECT id FROM paper WHERE arxiv_id = ? UNION SELECT id FROM paper WHERE doi = ?",
                arxiv[0] if arxiv else None,
                doi,
            )


def _papers(connection: sqlite3.Connection, select: str, *values: object) -> Query:
    """A query for the papers whose ids the statement `select` returns."""
    return terms.papers([paper_id for (paper_id,) in connection.execute(select, values)])


def _noted(connection: sqlite3.Connection, value: str) -> list[int]:
    """A query for papers whose notes contain the words of `value` next to each other. The last word may be only a
    prefix.
    """
    words = index_words(value)
    notes = connection.execute("SELECT paper_id, note FROM mark WHERE note IS NOT NULL")
    # Splitting a note into words takes long, so first skip notes that do not contain the first word as a substring.
    likely = ((paper_id, note) for paper_id, note in notes if words and words[0] in index_text(note))
    phrase = f" {' '.join(words)}"
    return [paper_id for paper_id, note in likely if phrase in f" {' '.join(index_words(note))}"]
