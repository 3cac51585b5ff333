"""The requested addresses are right for days, categories and queries, and for the second and later pages of a long
answer.
"""

from __future__ import annotations

import json
from datetime import date

import pytest

from store.fetching import fetch, http_get, request
from store.importing.importer import Options
from store.importing.sources import take_in
from store.model.errors import ListingError
from tests.store.fetching.servers import DAY, TODAY, Reader, Site, atom, daily, item, reply


@pytest.mark.parametrize(
    ("period", "parameter", "file"),
    [
        ("", {"date": "2025-10-28"}, DAY),
        ("today", {"date": "2025-10-28"}, DAY),
        ("2025-02-28", {"date": "2025-02-28"}, "hf-daily-papers-2025-02-28.json"),
        ("week", {"week": "2025-W44"}, "hf-daily-papers-2025-W44.json"),
        ("2025-W09", {"week": "2025-W09"}, "hf-daily-papers-2025-W09.json"),
        ("month", {"month": "2025-10"}, "hf-daily-papers-2025-10.json"),
        ("2024-12", {"month": "2024-12"}, "hf-daily-papers-2024-12.json"),
    ],
)
def test_daily_papers_are_fetched_by_day_week_and_month(
    reader: Reader, site: Site, period: str, parameter: dict[str, str], file: str
) -> None:
    site.answers(reply(daily(1, 2)), reply(b"[]"))
    fetched = reader.day(period)
    assert site.requests[0].path == "/api/daily_papers"
    assert site.requests[0].query == {**parameter, "limit": "100"}
    assert fetched.path == reader.inbox / file
    assert fetched.changed
    assert not fetched.imported
    assert json.loads(fetched.path.read_bytes()) == [item(1), item(2)]
    assert reader.imports(fetched.path) == [(2, 0, 0)]


@pytest.mark.parametrize(
    "text",
    [
        "2025-13-40",
        "2025-02-29",
        "2025-W54",
        "2025-W00",
        "2025-00",
        "yesterday",
        "28",
        "２０２５-10-28",
        "../../etc",
        "a\nb",
    ],
)
def test_a_day_that_does_not_exist_is_an_error_without_a_request(reader: Reader, site: Site, text: str) -> None:
    assert "is no day; write one like 2025-10-28" in reader.fails(text)
    assert site.requests == []


@pytest.mark.parametrize("text", ["2025-10-29", "2025-W45", "2025-11", "9999-12-31"])
def test_a_day_in_the_future_is_an_error_without_a_request(reader: Reader, site: Site, text: str) -> None:
    assert reader.fails(text).startswith(f"{text} is still to come")
    assert site.requests == []


@pytest.mark.parametrize(
    ("text", "query", "file"),
    [
        ("cs.CL", "cat:cs.CL", "cs.CL"),
        ("CS.cl", "cat:cs.CL", "CS.cl"),
        ("hep-th", "cat:hep-th", "hep-th"),
        ("cond-mat.STR-EL", "cat:cond-mat.str-el", "cond-mat.STR-EL"),
        ("physics.optics", "cat:physics.optics", "physics.optics"),
        ("math", "cat:math.*", "math"),
        ("graph retrieval", "all:graph AND all:retrieval", "graph_retrieval"),
        ("transformers", "all:transformers", "transformers"),
        ("cs.IR graph", "cat:cs.IR AND all:graph", "cs.IR_graph"),
        ("au:bengio AND ti:attention", "au:bengio AND ti:attention", None),
        ("(cat:cs.AI OR cat:cs.LG)", "(cat:cs.AI OR cat:cs.LG)", None),
        ('"graph retrieval" BERT: (large)', 'all:"graph retrieval" AND all:BERT AND all:large', None),
        ("pre-training", 'all:"pre training"', "pre-training"),
        ("图 检索", "all:图 AND all:检索", None),
        ("../../x", "all:x", None),
    ],
)
def test_arxiv_is_fetched_by_category_or_query(
    reader: Reader, site: Site, text: str, query: str, file: str | None
) -> None:
    site.answers(reply(atom(1, 2)))
    fetched = reader.fetcher.arxiv(text, TODAY)
    assert site.requests[0].path == "/api/query"
    assert site.requests[0].query == {
        "search_query": query,
        "sortBy": "submittedDate",
        "sortOrder": "descending",
        "max_results": "200",
    }
    assert fetched.path is not None
    assert fetched.path.parent == reader.inbox
    assert fetched.path.name.startswith("arxiv-2025-10-28-")
    if file:
        assert fetched.path.name == f"arxiv-2025-10-28-{file}.xml"
    assert fetched.path.read_bytes() == atom(1, 2)
    assert reader.imports(fetched.path) == [(2, 0, 0)]


@pytest.mark.parametrize("text", ["", "  ", '""', "-- !?"])
def test_an_empty_query_is_an_error_without_a_request(reader: Reader, site: Site, text: str) -> None:
    with pytest.raises(ListingError, match="say what to fetch"):
        reader.fetcher.arxiv(text, TODAY)
    assert site.requests == []


def test_every_query_has_a_file_name_of_its_own() -> None:
    queries = [
        "graph retrieval",
        "graph-retrieval",
        "graph_retrieval",
        "graph+retrieval",
        "图",
        "検",
        "a" * 99,
        "a" * 98,
    ]
    files = [request.arxiv(each, TODAY).file for each in queries]
    assert len(set(files)) == len(queries)
    assert all(len(file) < 100 and file.isascii() and "/" not in file for file in files)


def test_the_listing_day_of_an_arxiv_answer_is_the_day_in_its_file_name(reader: Reader, site: Site) -> None:
    site.answers(reply(atom(1)))
    path = reader.fetcher.arxiv("cs.CL", TODAY).path
    assert path is not None
    (report,) = take_in(reader.library, [path], Options(today=date(2025, 12, 1)))
    assert report.listed_on == TODAY


@pytest.mark.parametrize(
    "text",
    ["localhost:8000", "ftp://x", "file:///etc", "http://", "http://[::1", "http://a:b", "http://u:p@h", "http://a b"],
)
def test_a_bad_address_in_the_environment_is_an_error(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("RECTO_HF_URL", text)
    assert "RECTO_HF_URL is not an address" in reader.fails()


def test_the_sites_are_the_default_ones_unless_the_environment_names_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECTO_HF_URL", "")
    assert request.daily_papers("today", TODAY).url.startswith("https://huggingface.co/api/daily_papers?date=")
    assert request.arxiv("cs.CL", TODAY).url.startswith("https://export.arxiv.org/api/query?search_query=cat%3Acs.CL&")
    monkeypatch.setenv("RECTO_HF_URL", "http://127.0.0.1:8000/mirror/")
    assert request.daily_papers("today", TODAY).url.startswith("http://127.0.0.1:8000/mirror/api/daily_papers?")


# -- pages


def test_the_pages_of_a_week_become_one_file(reader: Reader, site: Site) -> None:
    pages = [daily(*range(1, 101)), daily(*range(101, 197)), daily(197)]
    site.answers(*map(reply, pages), reply(b"[]"))
    fetched = reader.day("week")
    assert [each.query.get("p") for each in site.requests] == [None, "1", "2", "3"]
    assert fetched.path is not None
    assert json.loads(fetched.path.read_bytes()) == [item(number) for number in range(1, 198)]
    assert reader.imports(fetched.path) == [(197, 0, 0)]


def test_a_day_takes_one_request_unless_its_page_is_full(reader: Reader, site: Site) -> None:
    site.answers(reply(daily(*range(1, 100))))
    reader.day("2025-10-27")
    assert len(site.requests) == 1
    site.answers(reply(daily(*range(1, 101))), reply(daily(101)))
    fetched = reader.day()
    assert len(site.requests) == 3
    assert fetched.path is not None
    assert len(json.loads(fetched.path.read_bytes())) == 101


def test_a_site_without_pages_is_asked_twice(reader: Reader, site: Site) -> None:
    site.answers(reply(daily(1, 2)))
    fetched = reader.day("week")
    assert len(site.requests) == 2
    assert fetched.path is not None
    assert fetched.path.read_bytes() == daily(1, 2)


def test_endless_pages_are_refused(reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_MAX_PAGES", 3)
    site.answers(*(reply(daily(number)) for number in range(1, 9)))
    assert "does not end after 3 pages" in reader.fails("week")
    monkeypatch.setattr(http_get, "MAX_BYTES", 3 * len(daily(1)) - 1)
    site.answers(*(reply(daily(number)) for number in range(1, 9)))
    assert "larger than" in reader.fails("week")


def test_a_failing_page_fails_the_week_and_leaves_no_file(reader: Reader, site: Site) -> None:
    site.answers(reply(daily(1)), reply(b"", 404))
    assert "404" in reader.fails("week")
