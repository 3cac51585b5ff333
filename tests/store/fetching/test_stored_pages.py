"""If a fetch of several pages is interrupted, the next fetch continues after the pages that are already stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from store.fetching import stored_pages
from store.model.errors import ListingError
from tests.store.fetching.servers import TODAY, Reader, Run, Site, daily, reply


def pages_requested(site: Site) -> list[int]:
    """The numbers of the pages that were requested, counted from 0."""
    return [int(each.query.get("p", "0")) for each in site.requests]


def interrupt(reader: Reader, site: Site) -> None:
    """Fetch a week that has three pages, and let the request for the third page fail."""
    site.answers(reply(daily(1)), reply(daily(2)), reply(b"", 500))
    assert reader.fails("week").endswith("try again later")
    assert reader.files() == []
    site.requests.clear()


def test_an_interrupted_week_goes_on_with_the_page_that_failed(reader: Reader, site: Site) -> None:
    interrupt(reader, site)
    site.answers(reply(daily(3)), reply(b"[]"))
    assert reader.imports(reader.day("week").path) == [(3, 0, 0)]
    assert pages_requested(site) == [2, 3]
    assert not list(reader.inbox.glob(".*"))


def test_a_fetch_that_was_killed_goes_on(reader: Reader, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.answers(reply(daily(1)), reply(daily(2)), reply(daily(3)), reply(b"[]"))

    def killed(*_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("store.fetching.response.join_pages", killed)
        with pytest.raises(KeyboardInterrupt):
            reader.day("week")
    site.requests.clear()
    assert reader.imports(reader.day("week").path) == [(3, 0, 0)]
    assert pages_requested(site) == [3]


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"[]")])
def test_a_page_that_is_missing_or_changed_is_fetched_again(
    reader: Reader, site: Site, spoil: Callable[[Path], object]
) -> None:
    interrupt(reader, site)
    spoil(max(reader.inbox.glob(".fetching-*.page")))
    site.answers(reply(daily(2)), reply(daily(3)), reply(b"[]"))
    assert reader.imports(reader.day("week").path) == [(3, 0, 0)]
    assert pages_requested(site) == [1, 2, 3]


def test_pages_of_another_day_are_not_used(reader: Reader, site: Site) -> None:
    interrupt(reader, site)
    reader.now += stored_pages._STORED_SECONDS + 1
    site.answers(reply(daily(4)), reply(daily(5)), reply(b"[]"))
    assert reader.imports(reader.day("week").path) == [(2, 0, 0)]
    assert pages_requested(site) == [0, 1, 2]


def test_each_listing_keeps_its_own_pages(reader: Reader, site: Site) -> None:
    interrupt(reader, site)
    site.answers(reply(daily(7)), reply(b"[]"))
    assert reader.imports(reader.day("2025-09").path) == [(1, 0, 0)]
    assert pages_requested(site) == [0, 1]


def test_a_limit_on_requests_is_no_loss(reader: Reader, site: Site) -> None:
    site.answers(reply(daily(1)), reply(daily(2)), reply(daily(3)), reply(b"[]"))
    with pytest.raises(ListingError, match="page 3 is missing; the same command goes on there"):
        reader.fetcher.daily_papers("week", TODAY, most_requests=2)
    assert reader.imports(reader.fetcher.daily_papers("week", TODAY, most_requests=2).path) == [(3, 0, 0)]
    assert pages_requested(site) == [0, 1, 2, 3]


def test_a_fetch_of_several_pages_continues_with_the_next_command(recto: Run, site: Site, tmp_path: Path) -> None:
    site.answers(reply(daily(1)), reply(daily(2)), reply(b"[]"))
    code, _, error = recto("fetch", "hf", "week", "--requests", "1")
    assert (code, "the same command goes on there" in error) == (1, True)
    code, out, _ = recto("fetch", "hf", "week")
    assert code == 0
    assert "2 papers" in out
    assert pages_requested(site) == [0, 1, 2]
