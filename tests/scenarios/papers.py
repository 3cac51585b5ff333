"""Invented papers for the scenarios, and listings that look like a copied page of Daily Papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Printed(NamedTuple):
    """A paper as it is printed in a listing."""

    title: str
    published: date
    abstract: str = ""
    authors: int = 3
    comments: int | None = None
    organization: str = ""


def day(number: int) -> date:
    """A day of September 2025."""
    return date(2025, 9, number)


# The newest paper is first, so that the order of the listing is also the order by date.
AUTUMN = (
    Printed("Persimmon Orchards Seen from Orbit", day(28), comments=12),
    Printed("Hydrofoil Control by Reinforcement Learning", day(27), organization="tern-lab Tern Lab"),
    Printed("Cartography of Attention Heads", day(26), comments=1),
    Printed(
        "Sublinear Sketches: $O(n^2)$ Is Not Enough",
        day(25),
        "We show that $\\alpha$-stable sketches need $O(\\log n)$ memory. Code is at https://github.com/tern-lab/sketches"
        " and the project page is https://example.org/sketches.",
    ),
    Printed("Benchmarking Bicycle Brakes", day(24)),
    Printed("Whispered Speech without a Microphone", day(23)),
    Printed("Glaciers as Slow Neural Networks", day(22)),
    Printed("Typesetting Equations for Screen Readers", day(21)),
    Printed("Counterfactual Cooking Recipes", day(20)),
    Printed("Quantised Diffusion on Pocket Calculators", day(19)),
    Printed("Lighthouses for Underwater Gliders", day(18)),
    Printed("Marginalia: Reading Notes as Training Data", day(17)),
    Printed("Zebra Crossings and Pedestrian Intent", day(16)),
    Printed("Origami Antennas That Fold Themselves", day(15)),
    Printed("Volcano Tremor Forecasts from Cheap Sensors", day(14)),
    Printed("Jazz Solos from Partial Scores", day(13)),
    Printed("Earthworm Robots in Compacted Soil", day(12)),
    Printed("Neural Compilers for Dead Languages", day(11)),
    Printed("Umbrella Sampling with Learned Coordinates", day(10)),
    Printed("Knitting Patterns as Programs", day(9)),
    Printed("Dust Storms in Synthetic Aperture Radar", day(8)),
    Printed("Fair Queues for Shared Telescopes", day(7)),
    Printed("Interpretable Weather from Tree Rings", day(6)),
    Printed("Ambient Occlusion for Blind Mice", day(5)),
)
WINTER = (
    Printed("Avalanche Warnings by Infrasound", date(2025, 11, 20), comments=4),
    Printed("Snowflake Growth in Latent Space", date(2025, 11, 19)),
    Printed("Persimmon Orchards Seen from Orbit", day(28), comments=15),
)
AUTUMN_DAY = date(2025, 9, 30)
WINTER_DAY = date(2025, 11, 21)


def listing(papers: Sequence[Printed]) -> str:
    """A listing of these papers, in the form of the text that one copies from a page of Daily Papers."""
    banner = ("new", "Get trending papers in your email inbox!", "Subscribe", "Daily Papers")
    return "\n\n".join((*banner, "byAK and the research community", *map(_entry, papers))) + "\n"


def write(folder: Path, papers: Sequence[Printed], listed: date) -> Path:
    """Write a listing into a file whose name contains its day."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"papers-{listed}.txt"
    path.write_text(listing(papers), "utf-8")
    return path


def _entry(paper: Printed) -> str:
    who = paper.organization or f"  • {paper.authors} authors"
    when = f"{_MONTHS[paper.published.month - 1]} {paper.published.day}, {paper.published.year}"
    count = f" {paper.comments}" if paper.comments else ""
    return f"{paper.title}\n\n{paper.abstract or _abstract(paper.title)}\n\n{who}\n·\n{when}{count}"


def _abstract(title: str) -> str:
    return (
        f"This paper is about one thing: {title.lower()}. We describe what was known, what we tried, and what came of"
        " it; the second half discusses where the method fails, for it does fail, and what a reader should try first."
    )
