"""Converts what the user wants to fetch to the address of a listing, and to the name of the file for this listing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from urllib.parse import quote, urlencode

import msgspec

from store.fetching import sites
from store.fetching.sites import Site
from store.matching import identifiers
from store.model.errors import ListingError
from store.text.clean import line

# The largest number of papers that Hugging Face returns for one request. A week or a month has more papers.
_HF_PAPERS = 100
# The number of papers in a request to arXiv. arXiv would return up to 2,000, but it is slow for more than this.
ARXIV_PAPERS = 200
# The pause between requests to arXiv (s). The terms of its API ask for three seconds.
ARXIV_PAUSE_SECONDS = 3.0

# The largest number of identifiers in one request. With this limit, the address of a request stays below 8,000
# characters.
IDS_AT_ONCE = 100
DOIS_AT_ONCE = 40
# The pause between requests to Crossref (s). Crossref would allow several requests per second.
_CROSSREF_PAUSE_SECONDS = 1.0

# The largest number of papers in a request to arXiv for the papers of one day. The largest categories have about 400
# papers a day.
_ARXIV_DAY_PAPERS = 1_000
# The pause (s) between requests to Hugging Face about single papers. Requests for listings need no pause, because a
# command sends only a few of them.
_HF_PAUSE = 0.5
# Matches a valid name of a user of Hugging Face.
_USER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,95}")

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")

# Matches a field of arXiv's query language, such as "au:".
_QUERY_FIELD = re.compile(r"(?:^|[\s(])(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate|lastUpdatedDate):")
_WORDS = re.compile(r'"([^"]*)"|([^\s"]+)')
_LONGEST_NAME = 60


class ListingRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request for a listing on a site.

    `file` is the name of the file for the listing, and `format` is the NAME of its listing format. The caller must wait
    at least `pause` seconds between requests to the site. If a page has at least `more_after` papers, another page may
    follow; None means that the listing has only one page.
    """

    url: str
    site: Site
    file: str
    format: str
    pause: float = 0.0
    more_after: int | None = None

    def page_url(self, number: int) -> str:
        """The address of the page `number`, counted from 0."""
        return f"{self.url}&p={number}" if number else self.url


def daily_papers(period: str, today: date, *, submitter: str = "", trending: bool = False) -> ListingRequest:
    """A request for Daily Papers.

    `period` is a day ("today", "2026-11-20"), a week ("week", "2026-W47") or a month ("month", "2026-11"). With
    `submitter`, only papers that this user of Hugging Face submitted are requested. With `trending`, papers that
    Hugging Face lists as trending come first. With `submitter` or `trending`, `period` may be "", which means papers of
    any day. Of the trending papers of any day, only the first page is requested.

    Raises ListingError for a day that does not exist or is in the future, and for a submitter that cannot exist.
    """
    if submitter and not _USER.fullmatch(submitter):
        raise ListingError(f"{line(submitter)[:_LONGEST_NAME]!r} is no name of a user of Hugging Face")
    parameters = _period(period, today) if period.strip() or not (submitter or trending) else {}
    # In a week or a month, a page may have fewer papers than were requested and still not be the last page.
    more_after: int | None = _HF_PAPERS if "date" in parameters else 1
    period_name = next(iter(parameters.values()), f"{today}")
    if trending and not parameters:
        more_after = None
    site = sites.hugging_face()
    name = f"hf-{'trending' if trending else 'daily-papers'}{f'-by-{submitter}' if submitter else ''}-{period_name}"
    parameters |= {"submitter": submitter} if submitter else {}
    parameters |= {"sort": "trending"} if trending else {}
    return ListingRequest(
        url=f"{site.address}/api/daily_papers?{urlencode({**parameters, 'limit': _HF_PAPERS})}",
        site=site,
        file=f"{name}.json",
        format="hf-json",
        more_after=more_after,
    )


def hf_paper(arxiv_id: str, file: str) -> ListingRequest:
    """A request for the data of one paper on Hugging Face."""
    site = sites.hugging_face()
    url = f"{site.address}/api/papers/{quote(arxiv_id, safe='')}"
    return ListingRequest(url=url, site=site, file=file, format="hf-json", pause=_HF_PAUSE)


def hf_repositories(arxiv_id: str) -> ListingRequest:
    """A request for the models, data sets and spaces on Hugging Face that cite a paper.

    The answer is not a listing of papers and must not be imported. `response.linked_repositories` reads it.
    """
    site = sites.hugging_face()
    url = f"{site.address}/api/arxiv/{quote(arxiv_id, safe='')}/repos"
    return ListingRequest(url=url, site=site, file="", format="", pause=_HF_PAUSE)


def _period(period: str, today: date) -> dict[str, str]:
    """A day, a week or a month as a URL parameter. Raises ListingError if it does not exist or is in the future."""
    year, week, _ = today.isocalendar()
    period = {
        "": today.isoformat(),
        "today": today.isoformat(),
        "week": f"{year}-W{week:02}",
        "month": f"{today:%Y-%m}",
    }.get(period.strip(), period.strip())
    try:
        if _DAY.fullmatch(period):
            parameter, first = "date", date.fromisoformat(period)
        elif match := _WEEK.fullmatch(period):
            parameter, first = "week", date.fromisocalendar(int(match[1]), int(match[2]), 1)
        elif match := _MONTH.fullmatch(period):
            parameter, first = "month", date(int(match[1]), int(match[2]), 1)
        else:
            raise ValueError
    except ValueError:
        raise ListingError(
            f"{line(period)[:_LONGEST_NAME]!r} is no day; write one like {today}, or: today, week, month"
        ) from None
    if first > today:
        raise ListingError(f"{period} is still to come; it is {today} where Hugging Face keeps its days")
    return {parameter: period}


def arxiv(text: str, today: date, day: date | None = None) -> ListingRequest:
    """A request for the newest papers of a category ("cs.CL", "hep-th", "math"), or of a query.

    A query is written in arXiv's query language ("au:bengio AND ti:attention"), or it consists of words that must all
    occur in a paper. With `day`, only papers that were submitted on that day (UTC) are requested, at most
    _ARXIV_DAY_PAPERS. Raises ListingError when `text` contains neither a category nor a word, or when `day` is in the
    future.
    """
    text = text.strip()
    if _QUERY_FIELD.search(text):
        query = text
    elif identifiers.has_classes(text):
        query = f"cat:{text.lower()}.*"
    else:
        query = " AND ".join(filter(None, (_term(phrase or word) for phrase, word in _WORDS.findall(text))))
    if not query:
        raise ListingError("say what to fetch: a category such as cs.CL, or words")
    if day is not None:
        if day > today:
            raise ListingError(f"{day} is still to come")
        query = f"({query}) AND submittedDate:[{day:%Y%m%d}0000 TO {day:%Y%m%d}2359]"
    parameters = {
        "search_query": query,
        "sortBy": "submittedDate",
        "sortOrder": "descending",
        "max_results": ARXIV_PAPERS if day is None else _ARXIV_DAY_PAPERS,
    }
    site = sites.arxiv()
    return ListingRequest(
        url=f"{site.address}/api/query?{urlencode(parameters)}",
        site=site,
        file=f"arxiv-{today}-{_slug(text)}.xml" if day is None else f"arxiv-day-{day}-{_slug(text)}.xml",
        format="arxiv-atom",
        pause=ARXIV_PAUSE_SECONDS,
    )


def arxiv_papers(arxiv_ids: Sequence[str]) -> ListingRequest:
    """A request for the papers on arXiv with these ids. `arxiv_ids` must have at most IDS_AT_ONCE ids."""
    site = sites.arxiv()
    parameters = {"id_list": ",".join(arxiv_ids), "max_results": len(arxiv_ids)}
    return ListingRequest(
        url=f"{site.address}/api/query?{urlencode(parameters, safe=',/')}",
        site=site,
        file=f"arxiv-papers-{_digest(arxiv_ids)}.xml",
        format="arxiv-atom",
        pause=ARXIV_PAUSE_SECONDS,
    )


def crossref_papers(dois: Sequence[str]) -> ListingRequest:
    """A request to Crossref for the papers with these DOIs. `dois` must have at most DOIS_AT_ONCE DOIs.

    Commas separate the DOIs in a request, so a DOI that contains a comma must be the only one.
    """
    site = sites.crossref()
    if len(dois) == 1:
        url = f"{site.address}/works/{quote(dois[0], safe='')}"
    else:
        parameters = {"filter": ",".join(f"doi:{doi}" for doi in dois), "rows": len(dois)}
        url = f"{site.address}/works?{urlencode(parameters, safe=':,/')}"
    return ListingRequest(
        url=url,
        site=site,
        file=f"crossref-papers-{_digest(dois)}.json",
        format="crossref",
        pause=_CROSSREF_PAUSE_SECONDS,
    )


def _digest(identifiers_asked: Sequence[str]) -> str:
    return sha256(" ".join(identifiers_asked).encode("utf-8", "replace")).hexdigest()[:12]


def _term(text: str) -> str:
    """`text` (a category, a word or a phrase) in arXiv's query language; "" if it has no letter or digit."""
    # For an arXiv archive that is divided into classes, such as "math" with "math.AG", search for its name as a word,
    # because only old papers have the archive itself as their category.
    if (code := identifiers.category_code(text)) and not identifiers.has_classes(code):
        return f"cat:{code}"
    # Drop punctuation, because even a hyphen has a meaning in the query language.
    words = re.findall(r"\w+", text)
    return f'all:"{" ".join(words)}"' if len(words) > 1 else f"all:{words[0]}" if words else ""


def _slug(query: str) -> str:
    """Convert `query` to a part of a file name. Different queries have different file names."""
    slug = re.sub(r"\s+", "_", query)
    if re.fullmatch(r"[A-Za-z0-9._-]+", slug) and "_" not in query and len(slug) <= _LONGEST_NAME:
        return slug
    slug = re.sub(r"[^A-Za-z0-9.-]+", "-", query).strip("-.")[:_LONGEST_NAME]
    return f"{slug or 'query'}-{sha256(query.encode('utf-8', 'replace')).hexdigest()[:8]}"
