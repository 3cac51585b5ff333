"""The chart is well-formed, has a line for each cost that was measured at two sizes, and no overlapping labels."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.bench.chart import lines, spread, svg
from tests.bench.figures import Figure

_SVG = "{http://www.w3.org/2000/svg}"


def figures(name: str, *costs: float, unit: str = "ms", goal: float | None = None) -> list[Figure]:
    sizes = (10 ** (number + 2) for number in range(len(costs)))
    return [Figure(name=name, at=at, figure=cost, unit=unit, goal=goal) for at, cost in zip(sizes, costs, strict=True)]


def test_medians_of_latencies_are_lines_from_the_smallest_size_on() -> None:
    measured = figures("key, p50", 2, 3, goal=12) + figures("key, p99", 4, 5) + figures("memory", 50, 60, unit="MB")
    measured += figures("measured once", 3)
    (line,) = lines(reversed(measured), "ms")
    assert (line.name, line.points, line.goal) == ("key", ((100, 2), (1000, 3)), 12)
    assert [line.name for line in lines(measured, "MB")] == ["memory"]


def test_the_chart_is_well_formed_and_names_every_line() -> None:
    root = ElementTree.fromstring(svg(figures("a < b, p50", 2, 3, goal=12) + figures("start", 200, 2100)))
    texts = {element.text for element in root.iter(f"{_SVG}text")}
    assert {"a < b", "start", "100 ms", "1 s", "1k"} <= texts
    assert len([path for path in root.iter(f"{_SVG}path") if path.get("class") == "goal"]) == 1


def test_memory_has_a_panel_of_its_own() -> None:
    times = ElementTree.fromstring(svg(figures("key", 2, 3)))
    both = ElementTree.fromstring(svg(figures("key", 2, 3) + figures("memory", 50, 60, unit="MB")))
    assert float(both.get("height", "0")) > float(times.get("height", "0"))
    assert "100 MB" in {element.text for element in both.iter(f"{_SVG}text")}


def test_more_lines_than_colours_are_told_apart_by_dashes() -> None:
    many = [figure for number in range(12) for figure in figures(f"row {number}", 2 + number, 3 + number)]
    drawn = [path for path in ElementTree.fromstring(svg(many)).iter(f"{_SVG}path") if path.get("stroke-width") == "2"]
    assert len({(path.get("stroke"), path.get("stroke-dasharray")) for path in drawn}) == len(drawn) == 12


def test_labels_are_apart_and_stay_within_the_chart() -> None:
    assert spread([10, 11, 12, 99], 10, 0, 100) == [10, 20, 30, 99]
    assert spread([95, 96, 97], 10, 0, 100) == [80, 90, 100]


def test_one_size_makes_no_chart() -> None:
    with pytest.raises(ValueError, match="two sizes"):
        svg(figures("key", 2))
