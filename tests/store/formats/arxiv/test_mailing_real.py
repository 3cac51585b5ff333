"""Every field of every entry in real mailings of arXiv is read correctly."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from store.model.entry import CutShort, Refused, Warned
from store.model.paper import Author
from tests.store.formats.arxiv.mailings import by_id, entries, read, real_files


def test_every_real_file_gives_an_entry_for_each_line_that_names_a_paper(listings: Path) -> None:
    counted = {}
    for path in real_files(listings):
        data = path.read_bytes()
        named = re.findall(rb"^(?:arXiv:|Paper: ?)(\S+)", data, re.MULTILINE)
        items = read(data)
        assert [each.paper.arxiv_id for each in entries(items)] == [each.decode() for each in named], path.name
        assert not any(isinstance(each, CutShort) for each in items), path.name
        counted[path.name] = len(named)
    assert counted["browse-astro-ph-new.txt"] == 97
    assert counted["browse-astro-ph-month-0704.txt"] == 884
    assert counted["browse-astro-ph-month-1401.txt"] == 1275


def test_every_entry_of_the_real_files_has_the_announcement_type_of_its_lines_and_a_day(listings: Path) -> None:
    for path in real_files(listings):
        text = path.read_text("latin-1")
        papers = entries(read(path.read_bytes()))
        blocks = re.split(r"(?m)^(?=arXiv:)", text)[1:]
        for entry, block in zip(papers, blocks, strict=True):
            head = block.partition("\n\n")[0]
            replaced = "replaced with revised version" in head
            crossed = not replaced and "(*cross-listing*)" in head
            expected = "replaced" if replaced else "cross" if crossed else "new"
            assert entry.announce_type == expected, (path.name, entry.paper.arxiv_id)
            day = entry.paper.updated if replaced else entry.paper.published
            printed = re.search(r"(?:Date:|version) \w{3}, (\d+) (\w{3}) (\d{4})", head)
            assert printed and day, (path.name, entry.paper.arxiv_id)
            assert day.strftime("%-d %b %Y") == " ".join(printed.groups())
            assert not (replaced and entry.paper.published), (path.name, entry.paper.arxiv_id)
            assert bool(entry.paper.abstract) == ("new" in path.name or "nsch" in path.name) * (not replaced)


def test_forty_of_the_97_entries_of_a_real_day_are_replacements(listings: Path) -> None:
    papers = entries(read((listings / "arxiv-email" / "browse-astro-ph-new.txt").read_bytes()))
    types = [each.announce_type for each in papers]
    assert [types.count(each) for each in ("new", "cross", "replaced")] == [53, 4, 40]
    assert {each.listed_on for each in papers} == {date(2023, 3, 3)}


def test_a_new_paper_of_a_real_mail_is_read_field_by_field(listings: Path) -> None:
    entry = by_id(listings / "arxiv-email" / "browse-q-fin-new.txt")["2303.09330"]
    paper = entry.paper
    assert paper.title == ("Portfolio Volatility Estimation Relative to Stock Market Cross-Sectional Intrinsic Entropy")
    assert paper.authors == (Author("Claudiu Vinte"), Author("Marcel Ausloos"))
    assert paper.categories == ("q-fin.ST",)
    assert paper.comment == "24 pages, 12 figures, 4 tables"
    assert paper.venue == "Journal of Risk Financial Management 2023, 16(2), 114"
    assert paper.doi == "10.3390/jrfm16020114"
    assert (paper.published, paper.updated, paper.arxiv_version) == (date(2023, 3, 16), None, 1)
    assert paper.abstract is not None
    assert paper.abstract.startswith("Selecting stock portfolios and assessing their relative volatility risk compared")
    assert paper.abstract.endswith("the overall volatility of the stock market.")
    assert [link.url for link in paper.links] == [
        "https://arxiv.org/abs/2303.09330",
        "https://arxiv.org/pdf/2303.09330",
    ]
    assert (entry.announce_type, entry.listed_on) == ("new", date(2023, 3, 17))
    assert entry.line == 193


def test_a_cross_list_of_a_real_mail_is_read_field_by_field(listings: Path) -> None:
    entry = by_id(listings / "arxiv-email" / "browse-astro-ph-new.txt")["2303.01322"]
    assert entry.paper.title == "Electron inertia effects in 3D hybrid-kinetic collisionless plasma turbulence"
    assert [each.name for each in entry.paper.authors] == [
        "Patricio A. Muñoz", "Meisam Farzalipour Tabriz", "Markus Rampp", "Jörg Büchner",
    ]  # fmt: skip
    assert entry.paper.categories == ("physics.plasm-ph", "astro-ph.SR", "physics.space-ph")
    assert entry.paper.comment == "23 pages, 9 figures, submitted"
    assert entry.announce_type == "cross"


def test_a_replacement_of_a_real_mail_has_its_day_and_no_abstract(listings: Path) -> None:
    entry = by_id(listings / "arxiv-email" / "browse-astro-ph-new.txt")["2104.03145"]
    paper = entry.paper
    assert paper.title == "Isotropic X-ray bound on Primordial Black Hole Dark Matter"
    assert (paper.published, paper.updated, paper.arxiv_version) == (None, date(2023, 3, 2), None)
    assert paper.abstract is None
    assert paper.venue == "Phys. Rev. D 103, 103025 (2021)"
    assert paper.doi == "10.1103/physrevd.103.103025"
    assert paper.comment is not None and paper.comment.endswith("only minor changes to the results")
    assert entry.announce_type == "replaced"


def test_a_paper_of_a_real_month_has_its_versions_and_its_affiliations(listings: Path) -> None:
    entry = by_id(listings / "arxiv-email" / "browse-astro-ph-month-0704.txt")["0704.0044"]
    paper = entry.paper
    assert (paper.published, paper.updated, paper.arxiv_version) == (date(2007, 3, 31), date(2009, 5, 9), 4)
    assert paper.authors[2] == Author("W. Dorland", ("Maryland",))
    assert paper.authors[4].name == "G. G. Howes"
    assert paper.categories[0] == "astro-ph"
    assert (entry.announce_type, entry.listed_on) == ("new", None)


def test_a_real_month_has_affiliations_by_number(listings: Path) -> None:
    papers = by_id(listings / "arxiv-email" / "browse-astro-ph-month-1401.txt")
    duarte = next(each for each in papers.values() if each.paper.authors[0].name == "Manuel Duarte")
    assert duarte.paper.authors == (Author("Manuel Duarte", ("IAP, Paris",)), Author("Gary Mamon", ("IAP, Paris",)))


def test_a_real_week_gives_each_entry_the_day_heading_above_it(listings: Path) -> None:
    path = listings / "arxiv-email" / "browse-astro-ph-pastweek.CO.txt"
    blocks = re.split(r"/\* \w{3}, (\d+ \w{3} \d{4}) \*/", path.read_text())[1:]
    expected = {
        number: day
        for day, block in zip(blocks[0::2], blocks[1::2], strict=True)
        for number in re.findall(r"(?m)^arXiv:(\S+)", block)
    }
    assert len(set(expected.values())) == 5
    for number, entry in by_id(path).items():
        assert entry.listed_on is not None
        assert entry.listed_on.strftime("%-d %b %Y") == expected[str(number)]


def test_the_malformed_real_file_gives_its_valid_entries_and_refuses_the_others(listings: Path) -> None:
    items = read((listings / "arxiv-email" / "nsch-malformed.txt").read_bytes())
    assert [each.paper.arxiv_id for each in entries(items)] == [
        "2601.99001", "2601.99002", "2601.99001", "2601.99003",
    ]  # fmt: skip
    (refused,) = [each for each in items if isinstance(each, Refused)]
    assert (refused.index, refused.line) == (2, 26)
    assert "Paper Missing arXiv ID" in refused.reason
    (warned,) = [each for each in items if isinstance(each, Warned)]
    assert "2601.99002" in warned.text
