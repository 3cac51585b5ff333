"""Tables of several programs, sites and data sets, each with different columns and cell contents."""

from __future__ import annotations

import csv
import io

from store.formats.registry import detect
from store.formats.tables import delimited
from store.model.entry import Entry, Item, Warned
from store.model.paper import Paper


def table(*rows: dict[str, str]) -> str:
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def read(text: str) -> list[Item]:
    assert detect(text.encode(), "upload.bin") is delimited
    return list(delimited.read(io.BytesIO(text.encode())))


def paper(**cells: str) -> Paper:
    (item,) = read(table({name.replace("_", " "): cell for name, cell in cells.items()}))
    assert isinstance(item, Entry)
    return item.paper


def names(found: Paper) -> list[str]:
    return [author.name for author in found.authors]


def test_a_data_frame_of_semantic_scholars_answers() -> None:
    parsed = paper(
        paperId="ab",
        title="On Computing",
        abstract="We",
        year="2020",
        authors="[{'authorId': '1', 'name': 'Ada Lovelace'}, {'authorId': None, 'name': \"Conan O'Brien\"}]",
        externalIds="{'DOI': '10.1000/XYZ', 'ArXiv': '2001.00001', 'CorpusId': 5}",
    )
    assert names(parsed) == ["Ada Lovelace", "Conan O'Brien"]
    assert (parsed.arxiv_id, parsed.doi, parsed.author_count) == ("2001.00001", "10.1000/xyz", 2)
    other = paper(title="T", year="2020", doi="10.1000/x", authors='[{"name": "Ada Lovelace"}]')
    assert names(other) == ["Ada Lovelace"]


def test_tex_of_a_table_of_arxivs_becomes_letters_and_that_of_others_stays() -> None:
    cells = {
        "title": "5\\% of Schr\\\"odinger's cats",
        "abstract": "By Erd\\H{o}s",
        "authors": "C. Bal\\'azs, E. Berger",
    }
    arxivs = paper(id="0704.0001", **cells)
    assert (arxivs.title, arxivs.abstract) == ("5% of Schrödinger's cats", "By Erdős")
    assert names(arxivs) == ["C. Balázs", "E. Berger"]
    assert paper(doi="10.1000/x", **cells).title == cells["title"]


def test_a_table_of_openalex_is_read() -> None:
    parsed = paper(
        **{
            "id": "https://openalex.org/W1",
            "doi": "https://doi.org/10.1000/x",
            "display_name": "On Computing",
            "publication_date": "2020-02-03",
            "authorships.author.display_name": "Ada Lovelace|Alan Turing",
            "primary_location.source.display_name": "Nature",
        }
    )
    assert (parsed.title, parsed.doi, parsed.venue) == ("On Computing", "10.1000/x", "Nature")
    assert names(parsed) == ["Ada Lovelace", "Alan Turing"]


def test_notes_of_zotero_are_left_out_and_its_tags_name_categories() -> None:
    row = {
        "Key": "A",
        "Item Type": "preprint",
        "Author": "Touvron, Hugo",
        "Title": "LLaMA",
        "DOI": "10.48550/arXiv.2302.13971",
        "Automatic Tags": "Computer Science - Computation and Language; Something else",
    }
    entry, warned = read(table(row, {**dict.fromkeys(row, ""), "Key": "B", "Item Type": "note"}))
    assert isinstance(entry, Entry)
    assert (entry.paper.arxiv_id, entry.paper.categories) == ("2302.13971", ("cs.CL",))
    assert warned == Warned("a note or attachment was left out: only papers are kept")


def test_ids_such_as_abs_1802_00209v1_and_category_codes_are_read() -> None:
    parsed = paper(
        id="abs-1802.00209v1", title="Kites", category="Machine Learning", category_code="cs.LG", summary="We"
    )
    assert (parsed.arxiv_id, parsed.arxiv_version, parsed.categories) == ("1802.00209", 1, ("cs.LG",))
