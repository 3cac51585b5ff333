"""Invented papers: the copied text of a day's page of Daily Papers, and a bibliography with identifiers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

HEAD = (
    "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n"
)

ABSTRACT = (
    "We ask what nobody had asked before, measure it on a bench that everybody has, and report what we found in the"
    " end. The effect is small, holds in nine of ten runs, and goes away when the cooling is switched off, which is why"
    " it was not seen until now. All measurements and the drawings of the bench are public."
)

DAILY = (
    "Tidal Locking in Recurrent Networks",
    "Slow Glass: Delayed Attention for Long Films",
    "Slow Bread: Fermentation as Search",
    "Ångström-Scale Maps of Åland's Ørsted Fields",
    "Hedgehog Graphs and Their Quills",
)

LIBRARY = ("Harbour Cranes That Learn to Wait", "A Catalogue of Unsent Letters", "Measuring Rain by Its Sound")

BIBLIOGRAPHY = r"""
@article{cranes, title = {Harbour Cranes That Learn to Wait}, author = {Sipilä, Aino and Okafor, Chidi},
  year = 2024, journal = {Journal of Patient Machines}, doi = {10.5555/jpm.2024.17},
  abstract = {Cranes that wait for the right moment lift more. We teach them patience.}}
@misc{letters, title = {A Catalogue of Unsent Letters}, author = {Duarte, Inês}, year = 2025,
  eprint = {2503.01234}, archiveprefix = {arXiv}, primaryclass = {cs.DL},
  abstract = {We catalogue 4,000 letters that were never sent, and say why.}}
@article{rain, title = {Measuring Rain by Its Sound}, author = {Nakamura, Yui and Nakamura, Ren}, year = 2023,
  abstract = {A telephone on a window sill measures rain to within eight per cent.}}
"""


def page(titles: Sequence[str], day: str = "Jul 2, 2026", published: str = "Jun 30, 2026") -> str:
    """The copied text of a page of Daily Papers with these papers."""
    text = f"{HEAD}\n{day}\n"
    for number, title in enumerate(titles, 1):
        text += f"\n{title}\n\n{title}: {ABSTRACT}\n\n  • {number} authors\n·\n{published} {number}\n"
    return text


def write(folder: Path) -> list[Path]:
    """Write the two listings as files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    daily, bibliography = folder / "daily-2026-07-02.txt", folder / "shelf.bib"
    daily.write_text(page(DAILY), "utf-8")
    bibliography.write_text(BIBLIOGRAPHY, "utf-8")
    return [daily, bibliography]


def snapshot_line(number: int) -> str:
    """One paper as a line of arXiv's metadata snapshot."""
    return (
        f'{{"id": "2601.{number:05}", "submitter": "A. One", "authors": "A. One", "title": "Snapshot Paper {number}", '
        f'"comments": null, "journal-ref": null, "doi": null, "report-no": null, "categories": "cs.CL", '
        f'"abstract": "The abstract of paper {number}.", "update_date": "2026-01-02"}}'
    )
