"""Complete references in Embase's column "Source" are split into their parts."""

from __future__ import annotations

import io

import pytest

from store.formats.tables import delimited
from store.formats.tables.references import Reference, reference
from store.model.entry import Entry


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Journal of Lists (2014) 3:3 (152-160). Date of Publication: 2014",
            Reference("Journal of Lists", "3", "3", "152-160", "2014"),
        ),
        (
            "Lists (London) (2004) 102:4 (253-258). Date of Publication: 25 Aug 2004",
            Reference("Lists (London)", "102", "4", "253-258", "25 Aug 2004"),
        ),
        (
            "Lists (2019) 54 (83-86). Date of Publication: 1 Jan 2019",
            Reference("Lists", "54", None, "83-86", "1 Jan 2019"),
        ),
        (
            "Lists (2020) 12:1 Article Number: 77. Date of Publication: 3 Feb 2020",
            Reference("Lists", "12", "1", "77", "3 Feb 2020"),
        ),
        ("Lists (2020).", Reference("Lists", None, None, None, "2020")),
    ],
)
def test_its_parts(text: str, parts: Reference) -> None:
    assert reference(text) == parts


@pytest.mark.parametrize(
    "text", ["Journal of Lists", "Lists (London)", "Proceedings of Lists (LISTS 2020)", "2020 Conference on Lists", ""]
)
def test_other_venues_are_no_references(text: str) -> None:
    assert reference(text) is None


def test_a_table_gets_venue_and_date_from_it() -> None:
    table = (
        "Title,Author Names,Source,Abstract\n"
        'A,"Alpha A., Beta B.C.",Journal of Lists (2014) 3:3 (152-160). Date of Publication: 25 Aug 2014,We list.\n'
    )
    (entry,) = delimited.read(io.BytesIO(table.encode()))
    assert isinstance(entry, Entry)
    paper = entry.paper
    assert (paper.venue, str(paper.published)) == ("Journal of Lists 3(3), 152–160", "2014-08-25")
    assert [author.name for author in paper.authors] == ["A. Alpha", "B.C. Beta"]
