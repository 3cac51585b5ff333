"""The views of a day, week or month read no table completely, so that they are fast in libraries of any size."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from store.library.library import Library
from store.papers import listing_days, trending, views
from store.papers.views import View

VIEWS = ("2026-07-02", "week:2026-W27", "month:2026-07", "since:9d", "since:2026-07-02")
# Steps of SQLite's query plans that read a whole table. These steps are allowed: "SCAN v", which reads the papers that
# a subquery selected, and "SCAN json_each", which reads a list of ids. A search by the index of stars is not allowed,
# because it reads all papers that have stars.
_WHOLE_TABLE = re.compile(r"SCAN (?!v\b|json_each|i\b)\w+|SEARCH \w+ USING (?:COVERING )?INDEX idx_paper_stars")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("plans") / "library.db") as opened:
        yield opened


@pytest.mark.parametrize("text", [*VIEWS, "trending", *(f"trending:{each}" for each in trending.arguments())])
def test_no_view_of_a_time_reads_a_whole_table(library: Library, text: str) -> None:
    connection = library.reader()
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    chosen = views.selection(connection, View.parse(text))
    connection.execute(
        f"SELECT p.id FROM paper p {chosen.join} WHERE {chosen.where} ORDER BY {chosen.order}", chosen.values
    )
    listing_days.counts(connection, "2026-07-01", "2026-07-31")
    listing_days.newest_counts(connection)
    connection.set_trace_callback(None)
    assert len(statements) > 2
    for statement in statements:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert not [step for step in plan if _WHOLE_TABLE.match(step)], (statement, plan)
