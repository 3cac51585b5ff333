"""The report on growth lists the rows of the table that cost more in larger libraries, the largest growth first."""

from __future__ import annotations

from tests.bench.figures import Figure
from tests.bench.growth import growths, report


def test_growth_is_given_per_tenfold_size_with_the_largest_first() -> None:
    figures = [Figure(name="key, p50", at=size, figure=cost, unit="ms") for size, cost in ((10_000, 5), (100, 2))]
    figures += [
        Figure(name="import", at=size, figure=rate, unit="papers/s") for size, rate in ((100, 900), (1_000, 300))
    ]
    figures += [Figure(name="found", at=size, figure=99, unit="%") for size in (100, 1_000)]
    figures += [Figure(name="once", at=100, figure=1, unit="ms")]
    grown = growths(figures)
    assert [(each.name, round(each.tenfold, 2), each.grows) for each in grown] == [
        ("import", 3.0, True),
        ("key, p50", 1.58, True),
    ]
    assert "import" in report(grown)


def test_rows_that_do_not_grow_are_counted_but_not_named() -> None:
    grown = growths([Figure(name="key", at=size, figure=cost, unit="ms") for size, cost in ((100, 2.0), (1_000, 2.1))])
    assert report(grown).startswith("1 of 1 rows cost the same")
    assert report([]) == ""
