"""OAI-PMH responses of arXiv in three metadata formats, with deleted records, errors and resumption tokens."""

from __future__ import annotations

import contextlib
import io
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.formats.arxiv import oai_pmh
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Author, Link

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-01-01T00:00:00Z</responseDate>
<request verb="ListRecords" metadataPrefix="arXiv">http://export.arxiv.org/oai2</request>
"""


def read(text: str | bytes) -> list[Item]:
    return list(oai_pmh.read(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def entries(items: list[Item]) -> list[Entry]:
    return [item for item in items if isinstance(item, Entry)]


def answer(*records: str, behind: str = "") -> str:
    return HEAD + "<ListRecords>\n" + "".join(records) + behind + "</ListRecords></OAI-PMH>"


def record(metadata: str, number: str = "1401.2122", status: str = "") -> str:
    return (
        f"<record><header{status}><identifier>oai:arXiv.org:{number}</identifier><datestamp>2018-01-25</datestamp>"
        f"</header>{f'<metadata>{metadata}</metadata>' if metadata else ''}</record>\n"
    )


ARXIV = (
    '<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>1401.2122</id><created>2014-01-09</created>'
    "<authors><author><keyname>Evans</keyname><forenames>Neal J.</forenames><suffix>II</suffix>"
    "<affiliation>UT</affiliation><affiliation>MIT</affiliation></author></authors><title>A title</title>"
    "<categories>math.AP hep-th</categories><abstract>An abstract.</abstract></arXiv>"
)
RAW = (
    '<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>1401.2122</id><submitter>X</submitter>'
    '<version version="v1"><date>Thu, 9 Jan 2014 19:18:42 GMT</date><size>10kb</size></version>'
    '<version version="v10"><date>Mon, 23 Oct 2017 10:00:00 GMT</date></version>'
    '<version version="v2"><date>Fri, 10 Jan 2014 10:00:00 GMT</date></version>'
    "<title>A title</title><authors>C. Bal\\'azs (MIT), E. L. Berger</authors><categories>hep-ph</categories>"
    "<comments>3 pages</comments><journal-ref>J. 1</journal-ref><doi>10.1000/x</doi><abstract>  One.\n</abstract>"
    "</arXivRaw>"
)
DUBLIN = (
    '<oai_dc:dc xmlns:oai_dc="x" xmlns:dc="y"><dc:title>Photoionization of C60+</dc:title>'
    "<dc:creator>Polozkov, R. G.</dc:creator><dc:creator>Evans, Neal J., II</dc:creator><dc:creator>NA61</dc:creator>"
    "<dc:subject>Physics - Atomic and Molecular Clusters</dc:subject><dc:subject>Quantum Physics</dc:subject>"
    "<dc:subject>37K05</dc:subject><dc:description>  Cross section\nof it.</dc:description>"
    "<dc:description>Comment: 8 pages</dc:description><dc:date>2005-11-26</dc:date><dc:date>2004-11-26</dc:date>"
    "<dc:type>text</dc:type><dc:identifier>http://arxiv.org/abs/physics/0411239</dc:identifier>"
    "<dc:identifier>J. Phys. B 38 (2005)</dc:identifier><dc:identifier>doi:10.1088/0953-4075/38/24/001</dc:identifier>"
    "</oai_dc:dc>"
)


def test_every_real_file_gives_as_many_papers_as_it_has_records(listings: Path) -> None:
    counted = {}
    for path in sorted((listings / "arxiv-oai-pmh").iterdir()):
        data = path.read_bytes()
        counted[path.name] = len(re.findall(rb"<record[ >]", data))
        items = read(data)
        assert [type(each) for each in items] == [Entry] * counted[path.name], path.name
        identifiers = re.findall(rb"<identifier>oai:arXiv.org:(.*?)</identifier>", data)
        assert [each.paper.arxiv_id for each in entries(items)] == [each.decode() for each in identifiers]
        names = sum(len(each.paper.authors) for each in entries(items))
        assert names == data.count(b"<author>"), path.name
    assert sorted(counted.values()) == [1, 1, 12]


def real(listings: Path) -> dict[str | None, Entry]:
    by_id = {}
    for path in sorted((listings / "arxiv-oai-pmh").iterdir()):
        by_id |= {each.paper.arxiv_id: each for each in entries(read(path.read_bytes()))}
    return by_id


def test_a_real_revised_record_is_read_field_by_field(listings: Path) -> None:
    paper_entry = real(listings)["1401.2122"]
    paper = paper_entry.paper
    assert paper.title == "New integrable (3+1)-dimensional systems and contact geometry"
    assert paper.authors == (Author("A. Sergyeyev"),)
    assert (paper.published, paper.updated, paper.arxiv_version) == (date(2014, 1, 9), date(2017, 10, 23), None)
    assert paper.categories == ("math.AP", "hep-th", "math-ph", "math.DG", "math.MP", "nlin.SI")
    assert paper.comment is not None
    assert paper.comment.startswith("16 pages, LaTeX, no figures, revised and abridged, in this version (v5) the typos")
    assert (paper.venue, paper.doi) == (
        "Lett. Math. Phys. 108 (2018), no. 2, 359-376",
        "10.1007/s11005-017-1013-4",
    )
    assert paper.abstract is not None
    first, second = paper.abstract.split("\n\n")
    assert first.endswith("Lax pairs that involve contact vector fields.")
    assert second.startswith("In particular, we present new large classes")
    assert (paper_entry.line, paper_entry.listed_on, paper_entry.announce_type) == (6, None, None)


def test_a_real_record_of_a_collaboration_is_read_field_by_field(listings: Path) -> None:
    paper = real(listings)["1606.06775"].paper
    assert [each.name for each in paper.authors] == ["E. Bufanda", "D. Hollowood", "for the DES Collaboration"]
    assert paper.title == "The Evolution of Active Galactic Nuclei in Clusters of Galaxies from the Dark Energy Survey"
    assert (paper.published, paper.updated) == (date(2016, 6, 21), None)
    assert paper.abstract is not None and "L_X > 10^43" in paper.abstract


def test_a_real_record_with_affiliations_is_read_field_by_field(listings: Path) -> None:
    paper = next(each.paper for each in real(listings).values() if "T2K replica target" in each.paper.title)
    assert paper.title.startswith(r"Measurements of $\pi^{\pm}$, $K^{\pm}$ and proton yields from the surface")
    assert paper.authors[-1] == Author("M. Yu", ("The NA61/SHINE Collaboration",))
    assert paper.categories == ("hep-ex", "nucl-ex", "chao-dyn")
    assert paper.comment == "54 pages, 55 figures"


def test_authors_have_their_suffix_and_every_affiliation() -> None:
    (paper_entry,) = entries(read(answer(record(ARXIV))))
    assert paper_entry.paper.authors == (Author("Neal J. Evans II", ("UT", "MIT")),)
    assert paper_entry.paper.links == (
        Link("page", "https://arxiv.org/abs/1401.2122"),
        Link("pdf", "https://arxiv.org/pdf/1401.2122"),
    )


def test_arxivraw_has_versions_in_any_order_and_an_authors_line() -> None:
    (paper_entry,) = entries(read(answer(record(RAW))))
    paper = paper_entry.paper
    assert (paper.published, paper.updated, paper.arxiv_version) == (date(2014, 1, 9), date(2017, 10, 23), 10)
    assert paper.authors == (Author("C. Balázs", ("MIT",)), Author("E. L. Berger"))
    assert (paper.comment, paper.venue, paper.doi, paper.abstract) == ("3 pages", "J. 1", "10.1000/x", "One.")


def test_a_paper_without_its_first_version_has_no_publication_date() -> None:
    (paper_entry,) = entries(read(answer(record(RAW.replace('version="v1"', 'version="v3"')))))
    assert (paper_entry.paper.published, paper_entry.paper.arxiv_version) == (None, 10)


def test_a_record_in_dublin_core_is_read() -> None:
    (paper_entry,) = entries(read(answer(record(DUBLIN, "physics/0411239"))))
    paper = paper_entry.paper
    assert (paper.title, paper.arxiv_id) == ("Photoionization of C60+", "physics/0411239")
    assert [each.name for each in paper.authors] == ["R. G. Polozkov", "Neal J. Evans II", "NA61"]
    assert paper.categories == ("physics.atm-clus", "quant-ph")
    assert (paper.published, paper.updated) == (date(2004, 11, 26), date(2005, 11, 26))
    assert (paper.abstract, paper.comment) == ("Cross section of it.", "8 pages")
    assert (paper.venue, paper.doi) == ("J. Phys. B 38 (2005)", "10.1088/0953-4075/38/24/001")
    assert paper.links[0].url == "https://arxiv.org/abs/physics/0411239"


def test_dublin_core_of_another_archive_is_read() -> None:
    metadata = DUBLIN.replace("http://arxiv.org/abs/physics/0411239", "https://example.org/1")
    text = answer(record(metadata)).replace("oai:arXiv.org:1401.2122", "oai:example.org:1")
    (paper_entry,) = entries(read(text))
    assert (paper_entry.paper.arxiv_id, paper_entry.paper.links) == (None, (Link("page", "https://example.org/1"),))


def test_a_doi_that_arxiv_registered_is_not_the_publishers_doi() -> None:
    metadata = ARXIV.replace("<abstract>", "<doi>10.48550/arXiv.1401.2122</doi><abstract>")
    (paper_entry,) = entries(read(answer(record(metadata))))
    assert paper_entry.paper.doi is None


def test_deleted_records_are_counted_and_not_refused() -> None:
    deleted = record("", status=' status="deleted"')
    items = read(answer(deleted, record(ARXIV), deleted))
    assert [type(each) for each in items] == [Entry, Warned]
    assert isinstance(items[1], Warned) and items[1].text.startswith("2 records are marked as deleted")
    (only,) = read(answer(deleted))
    assert isinstance(only, Warned) and only.text.startswith("1 record is marked as deleted")


def test_a_resumption_token_gives_a_warning_that_there_are_more_pages() -> None:
    token = '<resumptionToken cursor="0" completeListSize="1560">6511260|1001</resumptionToken>'
    items = read(answer(record(ARXIV), behind=token))
    assert isinstance(items[-1], Warned) and "more" in items[-1].text and "1560" in items[-1].text
    last = read(answer(record(ARXIV), behind="<resumptionToken/>"))
    assert [type(each) for each in last] == [Entry]


@pytest.mark.parametrize("code", ["badResumptionToken", "noRecordsMatch", "idDoesNotExist"])
def test_an_error_is_raised_with_its_message(code: str) -> None:
    with pytest.raises(ListingError, match=f"{code}: token has expired"):
        read(HEAD + f'<error code="{code}">token has expired</error></OAI-PMH>')


def test_a_list_of_identifiers_is_an_error_that_names_the_right_verb() -> None:
    header = "<header><identifier>oai:arXiv.org:1401.2122</identifier></header>"
    with pytest.raises(ListingError, match="ListRecords"):
        read(HEAD + f"<ListIdentifiers>{header}{header}</ListIdentifiers></OAI-PMH>")


def test_an_answer_without_records_gives_a_warning() -> None:
    (warned,) = read(answer())
    assert isinstance(warned, Warned) and "holds no papers" in warned.text


def test_several_answers_in_one_file_are_read_in_order() -> None:
    pages = [answer(record(ARXIV), record(RAW)), answer(record(DUBLIN, "physics/0411239"))]
    assert [each.paper.arxiv_id for each in entries(read("\n".join(pages)))] == [
        "1401.2122", "1401.2122", "physics/0411239",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (record(""), "no metadata"),
        (record("<marc/>"), "no metadata"),
        (record(ARXIV.replace("1401.2122", "x"), "x"), "no arXiv identifier"),
        (record(ARXIV.replace("A title", "")), "no title"),
        (record(ARXIV.replace("A title", "AT&T")), "not well-formed"),
        (record(ARXIV).replace("</record>", ""), "the next one starts"),
    ],
)
def test_an_invalid_record_costs_no_other_record(bad: str, reason: str) -> None:
    items = read(answer(record(ARXIV), bad, record(ARXIV)))
    assert [type(each) for each in items] == [Entry, Refused, Entry]
    refused = items[1]
    assert isinstance(refused, Refused)
    assert (refused.index, refused.line) == (2, 6) and reason in refused.reason


@pytest.mark.parametrize("name", ["hepcrawl-arxiv-single.xml", "hepcrawl-sample_arxiv_record.xml"])
def test_a_cut_real_file_is_reported_and_the_cut_record_is_not_produced(listings: Path, name: str) -> None:
    data = (listings / "arxiv-oai-pmh" / name).read_bytes().rstrip()
    whole = entries(read(data))
    for cut in range(0, len(data), 97):
        try:
            items = read(data[:cut])
        except ListingError:
            assert b"<responseDate>" not in data[:cut]
            continue
        assert entries(items) == whole[: data[:cut].count(b"</record>")], cut
        assert [type(each) for each in items if not isinstance(each, Entry)] == [CutShort], cut


@pytest.mark.parametrize(
    "data",
    [HEAD.encode(), b"\xef\xbb\xbf" + HEAD.encode(), HEAD.encode("utf-16"), f"<ListRecords>{record(ARXIV)}".encode(),
     HEAD.replace("<OAI-PMH", "<!-- x -->\n<?xml-stylesheet href='x'?>\n<OAI-PMH").encode()],
)  # fmt: skip
def test_an_answer_is_detected_by_its_content(data: bytes) -> None:
    assert oai_pmh.sniff(data, "x.txt") >= 0.5


def test_no_other_real_file_is_detected_as_one(listings: Path) -> None:
    for path in listings.glob("*/*"):
        sure = oai_pmh.sniff(path.read_bytes()[: 64 * 1024], path.name)
        assert (sure >= 0.5) == (path.parent.name == "arxiv-oai-pmh"), path


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 2_000))
def test_any_bytes_give_items_or_a_listing_error(data: bytes, at: int) -> None:
    whole = answer(record(ARXIV), record(RAW), record(DUBLIN)).encode()
    for each in (data, whole[:at] + data + whole[at:], whole[:at] + data + whole[at + len(data) :]):
        oai_pmh.sniff(each, "")
        with contextlib.suppress(ListingError):
            read(each)
