"""Embase's CSV, in which each line contains one field of a paper instead of a whole paper."""

from __future__ import annotations

import io

from store.formats.registry import detect
from store.formats.tables import delimited
from store.model.entry import Entry, Refused

RECORDS = """\
"TITLE","Lists in hospitals, and elsewhere"
"AUTHOR NAMES","García López M.","Alpha A.B."
"SOURCE","J Lists (2020) 1:2"
"SOURCE TITLE","J Lists"
"PUBLICATION YEAR","2020"
"VOLUME","1"
"ISSUE","2"
"FIRST PAGE","3"
"LAST PAGE","9"
"DATE OF PUBLICATION","1 May 2020"
"ABSTRACT","We list,
and list."
"DOI","10.1000/e"
"MEDLINE PMID","1"

"TITLE","More lists"
"AUTHOR NAMES","Núñez Gamma C."
"SOURCE TITLE","J Lists"
"DOI","10.1000/e2"
"""


def test_each_record_is_a_paper() -> None:
    assert detect(RECORDS.encode(), "records.csv") is delimited  # type: ignore[comparison-overlap]
    first, second = (
        item for item in delimited.read(io.BytesIO(f"\ufeff{RECORDS}".encode())) if isinstance(item, Entry)
    )
    assert (first.line, second.line) == (1, 16)
    assert first.paper.title == "Lists in hospitals, and elsewhere"
    assert [author.name for author in first.paper.authors] == ["M. García López", "A.B. Alpha"]
    assert (first.paper.venue, str(first.paper.published)) == ("J Lists 1(2), 3–9", "2020-05-01")
    assert (first.paper.doi, second.paper.doi) == ("10.1000/e", "10.1000/e2")
    assert [author.name for author in second.paper.authors] == ["C. Núñez Gamma"]


def test_a_record_without_a_title_is_refused() -> None:
    items = list(delimited.read(io.BytesIO(RECORDS.replace('"More lists"', '""').encode())))
    assert [type(item) for item in items] == [Entry, Refused]
