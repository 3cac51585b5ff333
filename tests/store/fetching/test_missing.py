"""`recto fetch missing` adds titles, authors and abstracts to papers of which the library only contains a link."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from store.fetching import request
from store.papers import incomplete
from tests.store.fetching.servers import ATOM_ERROR, Outcome, Reader, Respond, Run, Site, atom, reply

LINKS = """https://arxiv.org/abs/2510.00001
https://arxiv.org/pdf/2510.00002v2
arXiv:2510.00003
https://doi.org/10.1000/lists.1
10.1000/lists.2
"""


def works(*dois: str, alone: bool = False) -> bytes:
    """Crossref's answer: a list of these works, or, to a request for a single work, that work alone."""
    items = [
        {
            "DOI": doi,
            "title": [f"Lamps of {doi.rpartition('/')[2]}"],
            "author": [{"given": "Ada", "family": "Quill"}],
            "type": "journal-article",
            "container-title": ["Journal of Lamps"],
            "issued": {"date-parts": [[2025, 3]]},
            "indexed": {},
        }
        for doi in dois
    ]
    if alone:
        return json.dumps({"status": "ok", "message-type": "work", "message": items[0]}).encode()
    message = {"total-results": len(items), "items": items}
    return json.dumps({"status": "ok", "message-type": "work-list", "message": message}).encode()


def by_site(arxiv: Respond, crossref: Respond) -> Respond:
    """Answer as arXiv or as Crossref, depending on the path of the request."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        (arxiv if handler.path.startswith("/api/query") else crossref)(handler)

    return respond


@pytest.fixture
def links(tmp_path: Path) -> Path:
    path = tmp_path / "links.txt"
    path.write_text(LINKS)
    return path


def test_papers_without_a_title_are_completed_with_one_request_to_each_site(
    recto: Run, site: Site, links: Path
) -> None:
    site.answers(by_site(reply(atom(1, 2, 3)), reply(works("10.1000/lists.1", "10.1000/lists.2"))))
    outcome = recto("import", str(links))
    assert outcome.code == 0
    assert "5 papers (5 added" in outcome.out
    assert "5 papers have an identifier and no title in this list" in outcome.out
    assert "recto fetch missing" in outcome.out
    assert "arXiv:2510.00003" in recto("list").out
    outcome = recto("fetch", "missing")
    assert (outcome.code, outcome.err) == (0, ""), outcome
    assert outcome.out.splitlines()[-1] == "completed 5 papers of 5"
    requested = [(each.path, each.query.get("id_list") or each.query.get("filter")) for each in site.requests]
    assert requested == [
        ("/api/query", "2510.00001,2510.00002,2510.00003"),
        ("/works", "doi:10.1000/lists.1,doi:10.1000/lists.2"),
    ]
    output = recto("list").out
    assert "Paper 3 of Quiet Lamps" in output
    assert "Lamps of lists.2" in output
    assert "arXiv:2510" not in output
    assert "doi:" not in output


def test_the_titles_that_a_site_gave_count_whatever_was_imported_first(recto: Run, site: Site, links: Path) -> None:
    site.answers(by_site(reply(atom(1, 2, 3)), reply(works("10.1000/lists.1", "10.1000/lists.2"))))
    recto("import", str(links))
    recto("fetch", "missing")
    links.write_text(LINKS + "\n")
    assert "5 unchanged" in recto("import", str(links)).out
    assert "arXiv:2510" not in recto("list").out
    assert recto("fetch", "missing").out.startswith("nothing is missing")
    assert len(site.requests) == 2


def test_papers_that_no_site_has_are_named(recto: Run, site: Site, links: Path) -> None:
    site.answers(by_site(reply(atom(1, 3)), reply(works("10.1000/lists.2"))))
    recto("import", str(links))
    outcome = recto("fetch", "missing")
    assert outcome.code == 1
    assert outcome.out.splitlines()[-3:] == [
        "completed 3 papers of 5",
        "  arXiv does not have 2510.00002",
        "  Crossref does not have 10.1000/lists.1",
    ]


def test_an_error_of_the_site_is_one_line(recto: Run, site: Site, links: Path) -> None:
    site.answers(reply(ATOM_ERROR))
    recto("import", str(links))
    outcome = recto("fetch", "missing")
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert "incorrect id format" in outcome.err
    assert "arXiv:2510.00001" in recto("list").out


def test_the_files_can_wait_in_the_inbox(recto: Run, site: Site, links: Path, tmp_path: Path) -> None:
    site.answers(by_site(reply(atom(1, 2, 3)), reply(works("10.1000/lists.1", "10.1000/lists.2"))))
    recto("import", str(links))
    outcome = recto("fetch", "missing", "--no-import")
    assert outcome.code == 0
    files = sorted(path.name for path in (tmp_path / "shelf" / "inbox").iterdir())
    assert [name.rpartition("-")[0] for name in files] == ["arxiv-papers", "crossref-papers"]
    assert "arXiv:2510.00001" in recto("list").out


def test_nothing_is_asked_when_nothing_is_missing(recto: Run, site: Site) -> None:
    expected = "nothing is missing: every paper with an arXiv id or a DOI has authors or an abstract\n"
    assert recto("fetch", "missing") == Outcome(0, expected, "")
    assert site.requests == []


def test_many_papers_need_few_requests(reader: Reader, site: Site) -> None:
    site.answers(by_site(reply(atom(1)), reply(works("10.1000/x"))))
    ids = [f"2510.{number:05}" for number in range(2 * request.IDS_AT_ONCE + 1)]
    dois = [f"10.1000/{number}" for number in range(request.DOIS_AT_ONCE + 1)]
    assert len(list(reader.fetcher.papers(ids, dois))) == 5
    assert [len(each.query.get("id_list", "").split(",")) for each in site.requests[:3]] == [100, 100, 1]
    assert all(len(each.path) < 8_000 for each in site.requests)
    # The pauses in seconds: 3 between requests to arXiv, as its terms require, and 1 between requests to Crossref. In
    # this test both are the same local server.
    assert reader.waited == [3.0, 3.0, 1.0, 1.0]


def test_a_doi_with_a_comma_or_a_slash_is_asked_for_alone(reader: Reader, site: Site) -> None:
    site.answers(reply(works("10.1000/a,b/c", alone=True)))
    (fetched,) = reader.fetcher.papers([], ["10.1000/a,b/c"])
    assert site.requests[0].path == "/works/10.1000%2Fa%2Cb%2Fc"
    assert reader.imports(fetched.path) == [(1, 0, 0)]
    assert incomplete.papers(reader.library.reader()) == []
