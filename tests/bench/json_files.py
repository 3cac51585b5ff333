"""Writes generated papers in JSON formats, for example of Hugging Face, Crossref, OpenAlex, CSL and recto itself."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from tests.bench.corpus import MadePaper
from tests.bench.submissions import LAST_DAY

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def daily_papers(papers: Iterable[MadePaper]) -> Iterator[str]:
    """A response of Hugging Face's API: the Daily Papers of one day."""
    yield from _array("[", map(_daily, papers), "]\n")


def daily_page(papers: Iterable[MadePaper]) -> Iterator[str]:
    """The saved HTML page of a day of Daily Papers, in which the JSON of the API is an attribute of an element."""
    held = _encode({"dailyPapers": list(map(_daily, papers)), "date": LAST_DAY.isoformat(), "periodType": "day"})
    yield "<!doctype html>\n<html><head><title>Daily Papers - Hugging Face</title></head><body>\n"
    yield f'<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="{html.escape(held)}"></div>\n'
    yield "</body></html>\n"


def papers_with_code(papers: Iterable[MadePaper]) -> Iterator[str]:
    """A file of Papers with Code, which links papers to repositories with code."""
    yield from _array(
        "[",
        (
            {
                "paper_url": f"https://paperswithcode.com/paper/{paper.arxiv_id.replace('/', '-')}",
                "paper_title": paper.title,
                "paper_arxiv_id": paper.arxiv_id,
                "paper_url_abs": f"https://arxiv.org/abs/{paper.arxiv_id}v1",
                "paper_url_pdf": f"https://arxiv.org/pdf/{paper.arxiv_id}v1.pdf",
                "repo_url": f"https://github.com/made/{paper.arxiv_id.replace('/', '-')}",
                "is_official": True,
                "mentioned_in_paper": True,
                "mentioned_in_github": False,
                "framework": "pytorch",
            }
            for paper in papers
        ),
        "]\n",
    )


def csl(papers: Iterable[MadePaper]) -> Iterator[str]:
    """A file in CSL-JSON, as Zotero and Pandoc write it."""
    yield from _array(
        "[",
        (
            {
                "id": f"made-{paper.arxiv_id}",
                "type": "article-journal",
                "title": paper.title,
                "abstract": paper.abstract,
                "author": [{"family": family, "given": given} for given, family in paper.authors],
                "issued": {"date-parts": [_parts(paper.published)]},
                "URL": f"https://arxiv.org/abs/{paper.arxiv_id}",
                **_known({"DOI": paper.doi, "container-title": paper.venue, "note": paper.comment}),
            }
            for paper in papers
        ),
        "]\n",
    )


def crossref(papers: Iterable[MadePaper]) -> Iterator[str]:
    """A page of results of Crossref's API."""
    head = '{"status":"ok","message-type":"work-list","message-version":"1.0.0","message":{"items":['
    yield from _array(
        head,
        (
            {
                "DOI": _doi(paper),
                "type": "journal-article",
                "title": [paper.title],
                "abstract": f"<jats:p>{html.escape(paper.abstract, quote=False)}</jats:p>",
                "author": [{"given": given, "family": family, "affiliation": []} for given, family in paper.authors],
                "published": {"date-parts": [_parts(paper.published)]},
                "container-title": [paper.venue] if paper.venue else [],
                "publisher": "Made",
                "reference-count": len(paper.authors),
                "URL": f"https://doi.org/{_doi(paper)}",
            }
            for paper in papers
        ),
        "]}}\n",
    )


def openalex(papers: Iterable[MadePaper]) -> Iterator[str]:
    """A page of results of OpenAlex's API, in which an abstract is a map from its words to their positions."""
    yield from _array('{"meta":{"count":1,"page":1,"per_page":200},"results":[', map(_work, papers), "]}\n")


def semantic_scholar(papers: Iterable[MadePaper]) -> Iterator[str]:
    """A page of search results of Semantic Scholar's API."""
    yield from _array(
        '{"total":1,"offset":0,"data":[',
        (
            {
                "paperId": f"{number:040x}",
                "externalIds": _known({"ArXiv": paper.arxiv_id, "DOI": paper.doi, "CorpusId": number}),
                "url": f"https://www.semanticscholar.org/paper/{number:040x}",
                "title": paper.title,
                "abstract": paper.abstract,
                "venue": paper.venue or "",
                "year": paper.published.year,
                "citationCount": paper.versions,
                "publicationDate": paper.published.isoformat(),
                "authors": [{"authorId": str(at), "name": " ".join(each)} for at, each in enumerate(paper.authors)],
            }
            for number, paper in enumerate(papers, 1)
        ),
        "]}\n",
    )


def recto(papers: Iterable[MadePaper]) -> Iterator[str]:
    """recto's own export format, with one paper on each line."""
    for number, paper in enumerate(papers, 1):
        yield (
            _encode(
                _known(
                    {
                        "id": number,
                        "title": paper.title,
                        "abstract": paper.abstract,
                        "authors": [{"name": " ".join(each)} for each in paper.authors],
                        "published": paper.published.isoformat(),
                        "updated": paper.updated.isoformat(),
                        "arxiv_id": paper.arxiv_id,
                        "arxiv_version": paper.versions,
                        "doi": paper.doi,
                        "categories": paper.categories,
                        "venue": paper.venue,
                        "comment": paper.comment,
                        "bookmarked": False,
                        "status": "new",
                        "tags": [],
                        "listings": [],
                    }
                )
            )
            + "\n"
        )


def _daily(paper: MadePaper) -> dict[str, Any]:
    published = f"{paper.published}T00:00:00.000Z"
    return {
        "paper": {
            "id": paper.arxiv_id,
            "authors": [{"name": " ".join(each), "hidden": False} for each in paper.authors],
            "publishedAt": published,
            "submittedOnDailyAt": f"{LAST_DAY}T00:00:00.000Z",
            "title": paper.title,
            "summary": paper.abstract,
            "upvotes": paper.versions,
            "ai_summary": paper.title,
            "ai_keywords": paper.title.split()[:4],
        },
        "publishedAt": published,
        "title": paper.title,
        "summary": paper.abstract,
        "numComments": paper.versions,
    }


def _work(paper: MadePaper) -> dict[str, Any]:
    places: dict[str, list[int]] = {}
    for place, word in enumerate(paper.abstract.split()):
        places.setdefault(word, []).append(place)
    return {
        "id": f"https://openalex.org/W{int.from_bytes(paper.arxiv_id.encode()) % 10**10}",
        "doi": f"https://doi.org/{_doi(paper)}",
        "title": paper.title,
        "display_name": paper.title,
        "publication_date": paper.published.isoformat(),
        "type": "article",
        "primary_location": {"source": {"display_name": paper.venue}} if paper.venue else None,
        "authorships": [{"author": {"display_name": " ".join(each)}, "institutions": []} for each in paper.authors],
        "abstract_inverted_index": places,
    }


def _array(head: str, items: Iterable[object], foot: str) -> Iterator[str]:
    yield head
    for number, item in enumerate(items):
        yield f"{',' if number else ''}\n{_encode(item)}"
    yield f"\n{foot}"


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _parts(day: date) -> list[int]:
    return [day.year, day.month, day.day]


def _doi(paper: MadePaper) -> str:
    """The paper's DOI. If it has none, the DOI that arXiv registers for each of its papers."""
    return paper.doi or f"10.48550/arXiv.{paper.arxiv_id}"
