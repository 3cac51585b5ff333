"""Every field of every real entry, compared with a second, independent reading by ElementTree, json or patterns.

recto changes TeX, markup and spacing. So texts are compared without white space, and for a text with TeX the test only
checks that the field is not empty.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
from calendar import month_abbr
from collections import Counter
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from store.formats.registry import named
from store.model.entry import Entry
from store.model.paper import Author, Paper
from store.model.partial_date import MonthDay
from store.text import clean

Fields = dict[str, Any]


def local(text: str) -> Element:
    """The root element of an XML document, with the namespaces removed from all tags."""
    root = fromstring(text.encode())
    for each in root.iter():
        each.tag = each.tag.rpartition("}")[2]
    return root


def texts(element: Element, path: str) -> list[str]:
    return ["".join(each.itertext()).strip() for each in element.findall(path)]


def text(element: Element, path: str) -> str | None:
    return next(iter(texts(element, path)), None) or None


def identifier(written: str) -> tuple[str, str | None]:
    match = re.search(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v(\d+))?\s*$", written)
    assert match, written
    return re.sub(r"\.[A-Z]{2}/", "/", match[1]), match[2]


def atom(file: str) -> Iterator[Fields]:
    for entry in local(file).findall("entry"):
        arxiv_id, version = identifier(text(entry, "id") or "")
        primary = entry.find("primary_category")
        assert primary is not None
        yield {
            "arxiv_id": arxiv_id,
            "arxiv_version": version,
            "title": text(entry, "title"),
            "abstract": text(entry, "summary"),
            "authors": texts(entry, "author/name"),
            "published": (text(entry, "published") or "")[:10],
            "updated": (text(entry, "updated") or "")[:10],
            "doi": (text(entry, "doi") or "").lower().split(" ")[0] or None,
            "venue": text(entry, "journal_ref"),
            "comment": text(entry, "comment"),
            "primary": primary.get("term"),
        }


def rss(file: str) -> Iterator[Fields]:
    root = local(file)
    for item in root.iter("item"):
        arxiv_id, _ = identifier(text(item, "link") or "")
        described = text(item, "description") or ""
        announced = re.match(r"arXiv:\S+?v(\d+) Announce Type: (\S+)", described)
        assert announced
        sent = parsedate_to_datetime(text(item, "pubDate") or text(root, "channel/pubDate") or "")
        yield {
            "arxiv_id": arxiv_id,
            "arxiv_version": announced[1],
            "announce_type": {"replace": "replaced", "replace-cross": "replaced"}.get(announced[2], announced[2]),
            "title": text(item, "title"),
            "abstract": described.partition("Abstract:")[2],
            "authors": (text(item, "creator") or "").split(", "),
            "categories": texts(item, "category"),
            "listed_on": sent.date().isoformat(),
        }


def oai(file: str) -> Iterator[Fields]:
    for form in local(file).iter("arXiv"):
        people = form.findall("authors/author")
        yield {
            "arxiv_id": text(form, "id"),
            "title": text(form, "title"),
            "abstract": text(form, "abstract"),
            "authors": [
                " ".join(filter(None, (text(each, "forenames"), text(each, "keyname"), text(each, "suffix"))))
                for each in people
                # For "X Collaboration: A. Author", arXiv's data contains the colon as a separate author.
                if text(each, "keyname") != ":"
            ],
            "published": text(form, "created"),
            "updated": text(form, "updated"),
            "doi": (text(form, "doi") or "").lower().split(" ")[0] or None,
            "venue": text(form, "journal-ref"),
            "comment": text(form, "comments"),
            "categories": (text(form, "categories") or "").split(),
        }


def snapshot(file: str) -> Iterator[Fields]:
    for line in file.splitlines():
        row = json.loads(line)
        days = [parsedate_to_datetime(each["created"]).date().isoformat() for each in row["versions"]]
        yield {
            "arxiv_id": row["id"],
            "arxiv_version": row["versions"][-1]["version"][1:],
            "title": row["title"],
            "abstract": row["abstract"],
            "authors": [
                " ".join(filter(None, (given, last, *more[:1]))) for last, given, *more in row["authors_parsed"]
            ],
            "published": days[0],
            "updated": days[-1],
            "doi": (row["doi"] or "").lower().split(" ")[0] or None,
            "venue": row["journal-ref"],
            "comment": row["comments"],
            "categories": row["categories"].split(),
        }


def mailing(file: str) -> Iterator[Fields]:
    for block in re.split(r"^\\\\\n(?=arXiv:|Paper:)", file, flags=re.MULTILINE)[1:]:
        head, _, rest = block.partition("\n\\\\\n")
        fields = dict(re.findall(r"^([A-Z][\w-]+): ?((?:.*)(?:\n  .*)*)", head, re.MULTILINE))
        day = re.search(r"\d{1,2} \w{3} \d{4}", fields.get("Date", ""))
        abstract = rest.partition("\n\\\\ (")[0] if "\n\\\\ (" in rest else None
        yield {
            "arxiv_id": re.sub(r"^.*?:\s*(\S+).*", r"\1", head.splitlines()[0]),
            "title": fields["Title"],
            "abstract": abstract,
            "categories": fields.get("Categories", "").split() or None,
            "comment": fields.get("Comments"),
            "venue": fields.get("Journal-ref"),
            # In one entry the field DOI contains the name of a journal, so only values that look like a DOI are used.
            "doi": next(iter(re.findall(r"^10\.\S+", fields.get("DOI", "").lower())), None),
            "published": parsedate_to_datetime(day[0] + " 00:00:00").date().isoformat() if day else None,
            "announce_type": "replaced" if "replaced with revised" in head else None,
        }


def hf_items(items: list[Any]) -> Iterator[Fields]:
    for item in items:
        paper = item["paper"]
        organization = item.get("organization") or paper.get("organization") or {}
        yield {
            "arxiv_id": paper["id"],
            "title": item["title"],
            "abstract": paper["summary"],
            "authors": [each["name"] for each in paper["authors"]],
            "author_count": len(paper["authors"]) or None,
            "published": paper["publishedAt"][:10],
            "upvotes": paper["upvotes"],
            "comment_count": item["numComments"],
            "organization": organization.get("fullname"),
            "ai_summary": paper.get("ai_summary"),
            "ai_keywords": paper.get("ai_keywords"),
            "code": paper.get("githubRepo") or None,
            "stars": paper.get("githubStars") if paper.get("githubRepo") else None,
            "project": paper.get("projectPage"),
            "listed_on": (paper.get("submittedOnDailyAt") or "")[:10] or None,
        }


def hf_json(file: str) -> Iterator[Fields]:
    return hf_items(json.loads(file))


def hf_html(file: str) -> Iterator[Fields]:
    (data,) = re.findall(r'data-target="DailyPapers" data-props="([^"]*)"', file)
    return hf_items(json.loads(unescape(data))["dailyPapers"])


def hf_text(file: str) -> Iterator[Fields]:
    """The papers that have all three parts: title, abstract and byline (line with authors and date)."""
    for match in re.finditer(
        r"^([^\n]+)\n+([^\n]{300,})\n+ *• (\d+) authors\n·\n(\w{3}) (\d+)(?:, (\d{4}))?(?: (\d+))?$", file, re.MULTILINE
    ):
        yield {
            "title": match[1],
            "abstract": match[2],
            "author_count": int(match[3]),
            "printed": f"{match[4]} {match[5]} {match[6] or ''}",
            "comment_count": int(match[7] or 0),
        }


def pubmed(file: str) -> Iterator[Fields]:
    for record in local(file):
        article = record.find("MedlineCitation/Article")
        if article is None:
            continue
        title = text(article, "ArticleTitle") or ""
        dois = [each.text for each in record.findall("PubmedData/ArticleIdList/ArticleId[@IdType='doi']")]
        yield {
            "title": title.strip("[]").removesuffix(".").strip("[]"),
            "abstract_holds": (text(article, "Abstract/AbstractText") or "")[:80] or None,
            "authors": [
                " ".join(filter(None, (text(each, "ForeName"), text(each, "LastName"), text(each, "Suffix"))))
                or text(each, "CollectiveName")
                for each in article.findall("AuthorList/Author")
            ],
            "doi": dois[0].lower() if dois and dois[0] else None,
            # "arXiv" in the journal field is not a venue.
            "venue_starts": name if (name := text(article, "Journal/Title")) != "ArXiv" else None,
            "page": f"https://pubmed.ncbi.nlm.nih.gov/{text(record, 'MedlineCitation/PMID')}/",
        }


def semantic_scholar(file: str) -> Iterator[Fields]:
    for item in json.loads(file)["data"]:
        ids = item.get("externalIds") or {}
        yield {
            "title": item["title"],
            "abstract": item.get("abstract"),
            "authors": [each["name"] for each in item["authors"]],
            "arxiv_id": ids.get("ArXiv"),
            "doi": ids["DOI"].lower() if ids.get("DOI") and "arxiv" not in ids["DOI"].lower() else None,
            "year": item.get("year"),
        }


def ris(file: str) -> Iterator[Fields]:
    for record in re.split(r"^ER  ?-.*$", file, flags=re.MULTILINE):
        fields: dict[str, list[str]] = {}
        for tag, value in re.findall(r"^([A-Z][A-Z0-9]) {1,2}- ?(.*\S)\s*$", record, re.MULTILINE):
            fields.setdefault(tag, []).append(value)
        if "TY" not in fields:
            continue
        doi = fields.get("DO", [""])[0].lower()
        year = next((fields[tag][0][:4] for tag in ("PY", "DA", "Y1") if tag in fields), "")
        yield {
            "title_starts": fields.get("TI", fields.get("T1", [None]))[0],
            "doi": doi if doi.startswith("10.") else None,
            "year": int(year) if year.isdigit() else None,
            "author_names": len(fields.get("AU", [])) or None,
            "venue_starts": fields.get("JF", fields.get("T2", [None]))[0] if fields["TY"] == ["JOUR"] else None,
        }


FOLDERS: dict[str, tuple[str, str, Callable[[str], Iterator[Fields]]]] = {
    "arxiv-atom": ("arxiv-atom", r"(?!.*(?:id_abc|id_0808\.05394_s0)).*", atom),
    "arxiv-rss": ("arxiv-rss", ".*", rss),
    "arxiv-oai-pmh": ("arxiv-oai-pmh", r".*(?:single|record)\.xml", oai),
    "kaggle-arxiv": ("arxiv-snapshot", ".*", snapshot),
    "arxiv-email": ("arxiv-email", "browse-.*", mailing),
    "hf-json": ("hf-json", ".*", hf_json),
    "hf-html": ("hf-html", ".*", hf_html),
    "hf-text": ("hf-text", "00[012].*", hf_text),
    "pubmed": ("pubmed", ".*", pubmed),
    "semantic-scholar": ("semantic-scholar", "sotawhat.*", semantic_scholar),
    "ris": ("ris", "(?!.*(?:wos|bom|custom|note|RIS-06|RIS-11)).*", ris),
}
# The fields that fewer than three real entries have.
FEW = {
    "arxiv-oai-pmh": {"doi", "updated", "venue"},
    "ris": {"doi"},
    "hf-html": {"organization", "ai_summary", "ai_keywords", "code", "stars", "project", "listed_on"},
}


def bare(value: object) -> str:
    """`value` as text without white space and in compatibility form.

    recto changes the spacing of initials, and writes superscripts in raised letters.
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(value)))


def printed(day: MonthDay | None) -> str | None:
    return f"{month_abbr[day.month]} {day.day} {day.year or ''}" if day else None


def same_name(author: Author, name: str) -> bool:
    return any(sign in name for sign in "\\{$") or bare(author.name) == bare(name)


def same_text(own: Any, value: Any) -> bool:
    if isinstance(value, str) and any(sign in value for sign in "\\{"):
        return own is not None
    return bare(own) == bare(value)


def has_value(paper: Paper, entry: Entry, field: str, value: Any) -> bool:
    """Whether `field` of a paper or its entry has the value that the test found without the code under test."""
    links = {link.kind: link for link in reversed(paper.links)}
    match field:
        case "authors":
            return len(paper.authors) == len(value) and all(map(same_name, paper.authors, value))
        case "author_names":
            return len(paper.authors) >= 1 and (len(paper.authors) >= value or paper.author_count is None)
        case "primary":
            return paper.categories[0] == value
        case "categories" | "ai_keywords":
            return list(getattr(paper, field)) == list(value)
        case "organization":
            return getattr(paper.organization, "name", None) == value
        case "code" | "project" | "page" | "stars":
            return (links["code"].stars if field == "stars" else links[field].url) == value
        case "announce_type" | "listed_on":
            return str(getattr(entry, field)) == value
        case "printed":
            return printed(entry.published_on) == value
        case "abstract_holds":
            return bare(value) in bare(paper.abstract)
        case "venue_starts" | "title_starts":
            return bare(getattr(paper, field.removesuffix("_starts"))).startswith(bare(value))
        case "year":
            return paper.published is not None and paper.published.year == value
        case _:
            return same_text(getattr(paper, field), value)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_field_of_every_real_entry_has_the_value_in_the_file(folder: str, listings: Path) -> None:
    format, which, extract = FOLDERS[folder]
    compared: Counter[str] = Counter()
    fields: set[str] = set()
    for file in sorted((listings / folder).iterdir()):
        if not re.fullmatch(which, file.name):
            continue
        data = file.read_bytes()
        entries = [clean.entry(item) for item in named(format).read(io.BytesIO(data)) if isinstance(item, Entry)]
        expected = list(extract(data.decode("utf-8-sig").replace("\r\n", "\n")))
        if folder in ("hf-text", "pubmed"):
            titles = {bare(each["title"]) for each in expected}
            entries = [entry for entry in entries if bare(entry.paper.title) in titles]
        assert len(entries) == len(expected), file.name
        for entry, each in zip(entries, expected, strict=True):
            fields |= each.keys()
            for field, value in each.items():
                if value not in (None, "", []):
                    assert has_value(entry.paper, entry, field, value), (file.name, entry.line, field, value)
                    compared[field] += 1
    assert {field for field in fields if compared[field] < 3} <= FEW.get(folder, set())
