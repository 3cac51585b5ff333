"""Microsoft Word's list of sources: authors (persons or organizations), types of source, and journals or books."""

from __future__ import annotations

import io
from datetime import date

import pytest

from store.formats.bibliography import word_sources
from store.model.entry import Entry, Item, Refused
from store.model.errors import ListingError
from store.model.paper import Author, Link, Paper

NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/bibliography"


def read(*sources: str, prefix: str = "b:") -> list[Item]:
    opened = "".join(f"<{prefix}Source>{source}</{prefix}Source>" for source in sources)
    declared = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    data = f'<{prefix}Sources {declared}="{NAMESPACE}">{opened}</{prefix}Sources>'.encode()
    assert word_sources.sniff(data, "x") > 0.9
    return list(word_sources.read(io.BytesIO(data)))


def paper(source: str) -> Paper:
    (item,) = read(f"<b:Title>A Title</b:Title>{source}")
    assert isinstance(item, Entry)
    return item.paper


def person(last: str, first: str = "", middle: str = "") -> str:
    return f"<b:Person><b:Last>{last}</b:Last><b:First>{first}</b:First><b:Middle>{middle}</b:Middle></b:Person>"


def test_a_person_has_first_middle_and_last_name() -> None:
    people = person("Alpha", "Ada", "N.") + person("Beta")
    source = f"<b:Author><b:Author><b:NameList>{people}</b:NameList></b:Author></b:Author>"
    assert paper(source).authors == (Author("Ada N. Alpha"), Author("Beta"))


def test_organizations_and_editors_count_as_authors_if_there_is_no_author() -> None:
    body = "<b:Author><b:Author><b:Corporate>List Office</b:Corporate></b:Author></b:Author>"
    assert paper(body).authors == (Author("List Office"),)
    editor = f"<b:Author><b:Editor><b:NameList>{person('Alpha', 'Ada')}</b:NameList></b:Editor></b:Author>"
    assert paper(editor).authors == (Author("Ada Alpha"),)


@pytest.mark.parametrize(
    ("source", "venue"),
    [
        (
            "<b:JournalName>J</b:JournalName><b:Volume>2</b:Volume><b:Issue>3</b:Issue><b:Pages>4-5</b:Pages>",
            "J 2(3), 4–5",
        ),
        ("<b:ConferenceName>Lists 2026</b:ConferenceName><b:Publisher>ACM</b:Publisher>", "Lists 2026"),
        ("<b:BookTitle>The Book</b:BookTitle><b:Pages>9</b:Pages>", "The Book, 9"),
        ("<b:Institution>U of Lists</b:Institution><b:ThesisType>PhD</b:ThesisType>", "U of Lists"),
        ("<b:Publisher>Press</b:Publisher>", "Press"),
    ],
)
def test_each_kind_of_source_has_its_container(source: str, venue: str) -> None:
    assert paper(source).venue == venue


def test_dates_and_identifiers() -> None:
    parsed = paper(
        "<b:Year>2026</b:Year><b:Month>January</b:Month><b:Day>5</b:Day><b:URL>https://arxiv.org/abs/2601.20001</b:URL>"
        "<b:StandardNumber>doi: 10.1000/w.1</b:StandardNumber>"
    )
    assert (parsed.published, parsed.arxiv_id, parsed.doi) == (date(2026, 1, 5), "2601.20001", "10.1000/w.1")
    assert parsed.links == (Link("page", "https://arxiv.org/abs/2601.20001"),)


def test_the_prefix_of_the_namespace_may_be_missing() -> None:
    (item,) = read("<Title>A</Title>", prefix="")
    assert isinstance(item, Entry)


def test_a_source_without_a_title_is_refused_and_a_list_without_sources_is_an_error() -> None:
    assert isinstance(read("<b:Year>2020</b:Year>")[0], Refused)
    with pytest.raises(ListingError, match="no source"):
        read()
