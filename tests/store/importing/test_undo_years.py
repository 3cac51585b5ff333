"""Years of other listings that were derived from the undone import are derived anew, or are removed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from store.importing import log
from store.importing.importer import Options
from store.importing.sources import take_in
from store.importing.undo import withdraw
from store.library.library import Library
from tests.store.importing.withdrawals import TODAY, everything, import_listing, last_id, page


def days(library: Library) -> dict[str, tuple[str, str, int]]:
    rows = library.reader().execute("SELECT path, listed_on, listed_on_rule, year FROM listing")
    return {Path(path).name: tuple(rest) for path, *rest in rows}


def test_a_year_that_only_the_file_printed_is_found_again_as_before(library: Library, tmp_path: Path) -> None:
    import_listing(library, page(tmp_path / "old.txt", {"On Bees": "Aug 24", "On Taxes": "Oct 1"}, "Oct 30"))
    before = everything(library)
    assert days(library)["old.txt"] == ("2025-10-30", "modified", 2025)
    import_listing(library, page(tmp_path / "wrong.txt", {"On Bees": "Aug 24, 2023"}))
    assert days(library)["old.txt"] == ("2023-10-30", "other-listing", 2023)
    done = withdraw(library, last_id(library), today=TODAY)
    assert done.changed == (f"the year of {tmp_path / 'old.txt'} is 2025, from the file's modification time",)
    assert everything(library) == before
    assert log.read(library.reader(), 1)[0].report.warnings[1:] == done.changed


def test_years_derived_from_each_other_are_recomputed_when_their_origin_is_undone(
    library: Library, tmp_path: Path
) -> None:
    """The first two pages share a paper.

    After the import of the third page is undone, neither may take its year from the other.
    """
    import_listing(library, page(tmp_path / "one.txt", {"On Bees": "Aug 24", "On Taxes": "Oct 1"}, "Oct 30"))
    import_listing(library, page(tmp_path / "two.txt", {"On Taxes": "Oct 1", "On Rivers": "Nov 1"}, "Nov 2"))
    before = everything(library)
    import_listing(library, page(tmp_path / "wrong.txt", {"On Bees": "Aug 24, 2022"}))
    assert {year for *_, year in days(library).values()} == {2022, 2023}
    withdraw(library, last_id(library), today=TODAY)
    assert everything(library) == before


def test_a_year_that_another_listing_prints_as_well_stays(library: Library, tmp_path: Path) -> None:
    import_listing(library, page(tmp_path / "old.txt", {"On Bees": "Aug 24", "On Taxes": "Oct 1"}, "Oct 30"))
    import_listing(library, page(tmp_path / "right.txt", {"On Taxes": "Oct 1, 2023"}))
    before = everything(library)
    import_listing(library, page(tmp_path / "wrong.txt", {"On Bees": "Aug 24, 2021"}, "Jul 9"))
    done = withdraw(library, last_id(library), today=TODAY)
    assert done.changed == ()
    assert everything(library) == before


def test_a_listing_day_given_by_the_user_does_not_change_when_another_import_is_undone(
    library: Library, tmp_path: Path
) -> None:
    path = page(tmp_path / "old.txt", {"On Bees": "Aug 24"}, "Oct 30")
    for day in (date(2021, 10, 30), date(2022, 10, 30)):
        list(take_in(library, [path], Options(today=TODAY, listed_on=day)))
    import_listing(library, page(tmp_path / "wrong.txt", {"On Bees": "Aug 24, 2023"}))
    withdraw(library, last_id(library), today=TODAY)
    assert days(library) == {"old.txt": ("2022-10-30", "given", 2022)}
