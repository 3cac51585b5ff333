"""One paper as files of thirteen formats describe it, and the values of the paper after all of them were imported."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from store.importing.importer import Options, import_file
from store.importing.log import ImportReport
from store.library.library import Library
from store.model.paper import Author, Link, Organization, Paper
from store.papers import paper_details

OPTIONS = Options(today=date(2026, 7, 15))
TITLE = "Bees that Count: Navigation by the Sun and $\\sqrt{2}$ Landmarks"
PLAIN_TITLE = "Bees that count: navigation by the sun and √2 landmarks"

ABSTRACT = (
    "Bees find their way by the sun. We followed two hundred of them through a summer near Malmö, gave each a number,"
    " and saw where they went. On a clear day they count the landmarks they pass; under clouds they count more slowly."
    " A model with $\\sqrt{2}$ landmarks to the kilometre explains nine flights in ten."
)

# The abstract of version 1 differs in a number and a word. Web pages contain "√2" in place of TeX.
OLDER_ABSTRACT = ABSTRACT.replace("two hundred", "180").replace("nine flights in ten", "most flights")
PLAIN_ABSTRACT = OLDER_ABSTRACT.replace("$\\sqrt{2}$", "√2")

HF_TEXT = f"""\
Get trending papers in your email inbox!
Subscribe
Daily Papers
byAK and the research community
Jun 5

{TITLE.replace("$", "")}

{PLAIN_ABSTRACT}

  • 4 authors
·
Jun 3 3
"""

HF_JSON = json.dumps(
    [
        {
            "title": TITLE.replace("$", ""),
            "paper": {
                "id": "2406.01234",
                "title": TITLE.replace("$", ""),
                "summary": PLAIN_ABSTRACT,
                "authors": [
                    {"name": "Zoe Angstrom"},
                    {"name": "Lukasz Muller"},
                    {"name": "Ada B. Lovelace"},
                    {"name": "Bo Li"},
                ],
                "publishedAt": "2024-06-03T17:59:59.000Z",
                "submittedOnDailyAt": "2024-06-06T01:10:00.000Z",
                "upvotes": 42,
                "githubRepo": "https://github.com/Sun-Lab/bees.git",
                "githubStars": 120,
                "projectPage": "https://bees.example.org",
                "ai_summary": "Bees count the landmarks they pass.",
                "ai_keywords": ["navigation", "counting"],
            },
            "organization": {"name": "sun-lab", "fullname": "The Sun Lab"},
            "numComments": 5,
            "publishedAt": "2024-06-05T21:10:00.000Z",
        }
    ]
)

ARXIV_EMAIL = (
    "Date: Tue,  4 Jun 24 01:29:12 GMT\n"
    "Subject: q-bio daily 1 new + 0 crosses received\n\n"
    f"{'-' * 78}\n"
    "received from  Fri 31 May 24 18:00:00 GMT  to  Mon  3 Jun 24 18:00:00 GMT\n"
    f"{'-' * 78}\n"
    "\\\\\narXiv:2406.01234\nDate: Mon, 3 Jun 2024 17:59:59 GMT   (97kb,D)\n\n"
    f"Title: {TITLE}\n"
    'Authors: Zo\\"e {\\AA}ngstr\\"om, {\\L}ukasz M\\"uller, Ada B. Lovelace, Bo Li\n'
    "Categories: q-bio.NC\n"
    "Comments: 12 pages\n"
    "\\\\\n"
    f"  {OLDER_ABSTRACT}\n"
    "\\\\ ( https://arxiv.org/abs/2406.01234 ,  97kb)\n"
    f"{('%%%---' * 13)[:78]}\n"
)

ATOM = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>ArXiv Query</title>
<entry><id>http://arxiv.org/abs/2406.01234v2</id>
<updated>2024-09-10T08:00:00Z</updated><published>2024-06-03T17:59:59Z</published>
<title>{TITLE}</title><summary>  {ABSTRACT}
</summary>
<author><name>Zoë Ångström</name>
<arxiv:affiliation xmlns:arxiv="http://arxiv.org/schemas/atom">Lund</arxiv:affiliation></author>
<author><name>Łukasz Müller</name></author><author><name>Ada B. Lovelace</name></author>
<author><name>Bo Li</name></author>
<arxiv:comment xmlns:arxiv="http://arxiv.org/schemas/atom">14 pages, 3 figures, code included</arxiv:comment>
<arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="q-bio.NC"/>
<category term="q-bio.NC"/><category term="cs.NE"/><category term="stat.AP"/>
</entry></feed>
"""

SNAPSHOT = (
    json.dumps(
        {
            "id": "2406.01234",
            "submitter": 'Zo\\"e {\\AA}ngstr\\"om',
            "authors": 'Zo\\"e {\\AA}ngstr\\"om and {\\L}ukasz M\\"uller and Ada B. Lovelace and Bo Li',
            "title": TITLE,
            "comments": "14 pages, 3 figures, code included",
            "journal-ref": "J. Bees 12 (2025) 45",
            "doi": "10.1000/Bees.2025.17",
            "report-no": None,
            "categories": "q-bio.NC cs.NE stat.AP",
            "license": None,
            "abstract": f"  {ABSTRACT}\n",
            "versions": [
                {"version": "v1", "created": "Mon, 3 Jun 2024 17:59:59 GMT"},
                {"version": "v2", "created": "Tue, 10 Sep 2024 08:00:00 GMT"},
            ],
            "update_date": "2025-03-02",
            "authors_parsed": [
                ["Ångström", "Zoë", ""],
                ["Müller", "Łukasz", ""],
                ["Lovelace", "Ada B.", ""],
                ["Li", "Bo", ""],
            ],
        }
    )
    + "\n"
)

OAI = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2024-06-05T00:00:00Z</responseDate>
<request verb="ListRecords" metadataPrefix="arXiv">http://export.arxiv.org/oai2</request>
<ListRecords><record><header><identifier>oai:arXiv.org:2406.01234</identifier><datestamp>2024-06-05</datestamp>
</header><metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2406.01234</id><created>2024-06-03</created>
<authors><author><keyname>Ångström</keyname><forenames>Zoë</forenames></author>
<author><keyname>Müller</keyname><forenames>Łukasz</forenames></author>
<author><keyname>Lovelace</keyname><forenames>Ada B.</forenames></author>
<author><keyname>Li</keyname><forenames>Bo</forenames></author></authors>
<title>{TITLE}</title><categories>q-bio.NC cs.NE</categories><comments>12 pages</comments>
<abstract>  {OLDER_ABSTRACT}
</abstract></arXiv></metadata></record></ListRecords></OAI-PMH>
"""

BIBTEX = """\
@article{angstrom2024bees,
  title = {{B}ees that count: navigation by the sun and $\\sqrt{2}$ landmarks},
  author = {{\\AA}ngstr{\\"o}m, Zo{\\"e} and M{\\"u}ller, {\\L}ukasz and others},
  journal = {arXiv preprint arXiv:2406.01234},
  year = {2024}
}
"""

RIS = f"""\
TY  - JOUR
AU  - Ångström, Z.
AU  - Müller, Ł.
AU  - Lovelace, A. B.
AU  - Li, B.
TI  - {PLAIN_TITLE}
JO  - J Bees
VL  - 12
PY  - 2025
DO  - 10.1000/bees.2025.17
ER  -
"""

SEMANTIC_SCHOLAR = json.dumps(
    {
        "total": 1,
        "data": [
            {
                "paperId": "0a1b2c3d",
                "externalIds": {"ArXiv": "2406.01234", "DOI": "10.48550/arXiv.2406.01234"},
                "url": "https://www.semanticscholar.org/paper/0a1b2c3d",
                "title": "Bees that Count: Navigation by the Sun and Landmarks",
                "abstract": None,
                "venue": "arXiv.org",
                "year": 2024,
                "publicationDate": None,
                "authors": [{"name": "Z. Ångström"}, {"name": "Ł. Müller"}, {"name": "A. Lovelace"}, {"name": "B. Li"}],
                "fieldsOfStudy": ["Biology", "Computer Science", "Mathematics", "Physics"],
                "tldr": {"text": "This work finds that bees count."},
            }
        ],
    }
)

OPENALEX = json.dumps(
    {
        "meta": {"count": 1, "page": 1, "per_page": 25},
        "results": [
            {
                "id": "https://openalex.org/W1",
                "doi": "https://doi.org/10.1000/bees.2025.17",
                "ids": {"arxiv": "https://arxiv.org/abs/2406.01234"},
                "title": PLAIN_TITLE,
                "display_name": PLAIN_TITLE,
                "publication_year": 2025,
                "publication_date": "2025-01-01",
                "authorships": [
                    {"author": {"display_name": name}, "institutions": [], "raw_affiliation_strings": []}
                    for name in ("Zoë Ångström", "Łukasz Müller", "Ada B. Lovelace", "Bo Li")
                ],
                "primary_location": {
                    "landing_page_url": "https://doi.org/10.1000/bees.2025.17",
                    "source": {"display_name": "Journal of Bees", "type": "journal"},
                },
                "topics": [
                    {"display_name": name}
                    for name in ("Insect Navigation", "Numerosity", "Orientation", "Cloud Cover", "Sun Compass")
                ],
                "keywords": [{"display_name": "Bee"}],
                "abstract_inverted_index": {word: [at] for at, word in enumerate(("Bees", "count", "..."))},
            }
        ],
    }
)

CROSSREF = json.dumps(
    {
        "status": "ok",
        "message-type": "work",
        "message": {
            "DOI": "10.1000/bees.2025.17",
            "URL": "https://doi.org/10.1000/bees.2025.17",
            "type": "journal-article",
            "title": ["Bees that count: navigation by the sun and landmarks"],
            "author": [
                {"given": "Zoë", "family": "Ångström"},
                {"given": "Łukasz", "family": "Müller"},
                {"given": "Ada B.", "family": "Lovelace"},
                {"given": "Bo", "family": "Li"},
            ],
            "published": {"date-parts": [[2025, 2]]},
            "container-title": ["Journal of Bees"],
            "volume": "12",
            "issue": "3",
            "page": "45-67",
            "subject": ["Ecology", "Zoology", "Animal Science", "Insect Science"],
        },
    }
)

PAPERS_WITH_CODE = json.dumps(
    [
        {
            "paper_url": "https://paperswithcode.com/paper/bees-that-count",
            "paper_title": "Bees that Count",
            "paper_arxiv_id": "2406.01234",
            "paper_url_abs": "https://arxiv.org/abs/2406.01234v1",
            "paper_url_pdf": "https://arxiv.org/pdf/2406.01234v1.pdf",
            "repo_url": "https://github.com/sun-lab/bees",
            "is_official": True,
        }
    ]
)

CSV = (
    "Title,Authors,Year,DOI,Keywords,Venue,Updated\n"
    f'"{PLAIN_TITLE}","Zoe Angstrom; Lukasz Muller",2025,10.1000/bees.2025.17,"bees; suns",,2026-02-01\n'
)

FILES = {
    "hf-text": ("daily-papers-2024-06-05.txt", HF_TEXT),
    "hf-json": ("daily_papers.json", HF_JSON),
    "arxiv-email": ("mailing.txt", ARXIV_EMAIL),
    "arxiv-atom": ("query.xml", ATOM),
    "arxiv-snapshot": ("snapshot.json", SNAPSHOT),
    "arxiv-oai-pmh": ("oai.xml", OAI),
    "bibtex": ("bees.bib", BIBTEX),
    "ris": ("bees.ris", RIS),
    "semantic-scholar": ("search.json", SEMANTIC_SCHOLAR),
    "openalex": ("works.json", OPENALEX),
    "crossref": ("work.json", CROSSREF),
    "papers-with-code": ("links.json", PAPERS_WITH_CODE),
    "csv": ("bees.csv", CSV),
}

EXPECTED = Paper(
    title=TITLE,
    abstract=ABSTRACT,
    authors=(Author("Zoë Ångström", ("Lund",)), Author("Łukasz Müller"), Author("Ada B. Lovelace"), Author("Bo Li")),
    author_count=4,
    organization=Organization("The Sun Lab", "sun-lab"),
    published=date(2024, 6, 3),
    updated=date(2024, 9, 10),
    arxiv_id="2406.01234",
    arxiv_version=2,
    doi="10.1000/bees.2025.17",
    categories=("q-bio.NC", "cs.NE", "stat.AP"),
    venue="Journal of Bees 12(3), 45–67",
    comment="14 pages, 3 figures, code included",
    upvotes=42,
    comment_count=5,
    links=(
        Link("page", "https://arxiv.org/abs/2406.01234"),
        Link("page", "https://doi.org/10.1000/bees.2025.17"),
        Link("page", "https://huggingface.co/papers/2406.01234"),
        Link("page", "https://www.semanticscholar.org/paper/0a1b2c3d"),
        Link("pdf", "https://arxiv.org/pdf/2406.01234"),
        Link("code", "https://github.com/sun-lab/bees", 120),
        Link("project", "https://bees.example.org"),
    ),
    ai_summary="Bees count the landmarks they pass.",
    ai_keywords=("navigation", "counting"),
)

FIRST_LISTED, LAST_LISTED = date(2024, 6, 4), date(2024, 6, 6)

# A paper, and the first and the last day on which it was listed.
Shelved = tuple[Paper, date | None, date | None]


def shelved(library: Library) -> list[Shelved]:
    numbers = library.reader().execute("SELECT id FROM paper").fetchall()
    details_of_papers = [paper_details.details(library.reader(), number) for (number,) in numbers]
    return sorted(((each.paper, each.first_listed, each.last_listed) for each in details_of_papers), key=repr)


def import_all(library: Library, paths: Iterable[Path]) -> list[ImportReport]:
    return [report for path in paths for report in import_file(library, path, OPTIONS)]


def read_in(folder: Path, formats: Sequence[str]) -> list[Shelved]:
    """Import the files of `formats` in this order into a new library. Returns its papers."""
    with TemporaryDirectory() as made, Library.open(Path(made) / "library.db") as library:
        reports = import_all(library, (folder / FILES[name][0] for name in formats))
        assert [report.format for report in reports] == list(formats)
        assert all(report.entries == 1 and report.complete and not report.refused for report in reports)
        return shelved(library)
