"""What to fetch: the reader's words become the address of a listing, and the name of the file it is kept in."""

from __future__ import annotations

import os
import re
from datetime import date
from hashlib import sha256
from urllib.parse import urlencode, urlsplit

import msgspec

from store.model.errors import ListingError
from store.text.clean import line

HF_URL = "https://huggingface.co"
ARXIV_URL = "https://export.arxiv.org"
# Hugging Face gives at most this many papers to one call. A week and a month have more.
_HF_PAPERS = 100
# arXiv gives as many as it is asked for, up to 2,000, and is slow to give more than this.
ARXIV_PAPERS = 200
# The arXiv API asks for three seconds between calls.
_ARXIV_PAUSE_SECONDS = 3.0

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")

# Archives with subjects, in capitals but for two of them, and those that are a category themselves.
_SUBJECT = re.compile(
    r"(?:(cs|econ|eess|math|nlin|q-bio|q-fin|stat|astro-ph)\.([a-z]{2})|(cond-mat|physics)\.([a-z-]{3,9}))", re.I
)
_ARCHIVE = re.compile(r"cs|econ|eess|math|nlin|q-bio|q-fin|stat|astro-ph|cond-mat|physics", re.I)
_CATEGORY = re.compile(r"gr-qc|hep-(?:ex|lat|ph|th)|math-ph|nucl-(?:ex|th)|quant-ph", re.I)
# Fields of arXiv's own query language.
_ITS_LANGUAGE = re.compile(r"(?:^|[\s(])(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate|lastUpdatedDate):")
_WORDS = re.compile(r'"([^"]*)"|([^\s"]+)')
_LONGEST_NAME = 60


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A listing on a site.

    `site` is where the site is, `named` whether the reader said so. `file` is a name, `format` that of a listing
    format. Calls are to be `pause` seconds apart. After an answer of at least `more_after` papers there may be more.
    """

    url: str
    site: str
    named: bool
    file: str
    format: str
    pause: float = 0.0
    more_after: int | None = None

    def page(self, number: int) -> str:
        """The address of a further page; 0 is the first one."""
        return f"{self.url}&p={number}" if number else self.url


def daily_papers(said: str, today: date) -> Wanted:
    """Daily Papers of a day ("today", "2026-11-20"), a week ("week", "2026-W47") or a month ("month", "2026-11").

    Raises ListingError for a day that there is not, or not yet.
    """
    year, week, _ = today.isocalendar()
    said = {
        "": today.isoformat(),
        "today": today.isoformat(),
        "week": f"{year}-W{week:02}",
        "month": f"{today:%Y-%m}",
    }.get(said.strip(), said.strip())
    try:
        if _DAY.fullmatch(said):
            period, first = "date", date.fromisoformat(said)
        elif found := _WEEK.fullmatch(said):
            period, first = "week", date.fromisocalendar(int(found[1]), int(found[2]), 1)
        elif found := _MONTH.fullmatch(said):
            period, first = "month", date(int(found[1]), int(found[2]), 1)
        else:
            raise ValueError
    except ValueError:
        raise ListingError(
            f"{line(said)[:_LONGEST_NAME]!r} is no day; write one like {today}, or: today, week, month"
        ) from None
    if first > today:
        raise ListingError(f"{said} is still to come; it is {today} where Hugging Face keeps its days")
    site, named = _site("RECTO_HF_URL", HF_URL)
    return Wanted(
        url=f"{site}/api/daily_papers?{urlencode({period: said, 'limit': _HF_PAPERS})}",
        site=site,
        named=named,
        file=f"hf-daily-papers-{said}.json",
        format="hf-json",
        # A page may hold fewer papers than were asked for and not be the last one.
        more_after=_HF_PAPERS if period == "date" else 1,
    )


def arxiv(said: str, today: date) -> Wanted:
    """The newest papers of a category ("cs.CL", "hep-th", "math"), or of a query.

    A query is in arXiv's own language ("au:bengio AND ti:attention") or in plain words, each of which has to be in
    the paper. Raises ListingError when there is nothing to look for.
    """
    said = said.strip()
    if _ITS_LANGUAGE.search(said):
        query = said
    elif _ARCHIVE.fullmatch(said):
        query = f"cat:{said.lower()}.*"
    else:
        query = " AND ".join(filter(None, (_term(phrase or word) for phrase, word in _WORDS.findall(said))))
    if not query:
        raise ListingError("say what to fetch: a category such as cs.CL, or words")
    asked = {
        "search_query": query,
        "sortBy": "submittedDate",
        "sortOrder": "descending",
        "max_results": ARXIV_PAPERS,
    }
    site, named = _site("RECTO_ARXIV_URL", ARXIV_URL)
    return Wanted(
        url=f"{site}/api/query?{urlencode(asked)}",
        site=site,
        named=named,
        file=f"arxiv-{today}-{_slug(said)}.xml",
        format="arxiv-atom",
        pause=_ARXIV_PAUSE_SECONDS,
    )


def _term(said: str) -> str:
    """A word or a phrase as arXiv's language has it; "" when no letter is in it."""
    if found := _SUBJECT.fullmatch(said):
        archive, subject, lower_archive, lower_subject = found.groups()
        code = f"{archive.lower()}.{subject.upper()}" if archive else f"{lower_archive}.{lower_subject}".lower()
        return f"cat:{code}"
    if _CATEGORY.fullmatch(said):
        return f"cat:{said.lower()}"
    # Signs mean something in that language, a hyphen too.
    words = re.findall(r"\w+", said)
    return f'all:"{" ".join(words)}"' if len(words) > 1 else f"all:{words[0]}" if words else ""


def _slug(said: str) -> str:
    """A name for a file, another one for every query."""
    slug = re.sub(r"\s+", "_", said)
    if re.fullmatch(r"[A-Za-z0-9._-]+", slug) and "_" not in said and len(slug) <= _LONGEST_NAME:
        return slug
    slug = re.sub(r"[^A-Za-z0-9.-]+", "-", said).strip("-.")[:_LONGEST_NAME]
    return f"{slug or 'query'}-{sha256(said.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _site(variable: str, usual: str) -> tuple[str, bool]:
    """Where a site is, and whether the environment says so. Raises ListingError when what it says is no address."""
    said = os.environ.get(variable, "").strip().rstrip("/")
    if not said or said == usual:
        return usual, False
    try:
        parts = urlsplit(said)
        # A port that is no number raises when asked for.
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or parts.username is not None or parts.query or parts.fragment or re.search(r"[^\x21-\x7e]", said):
        raise ListingError(f"{variable} is not an address; set it to one like {usual}, or to nothing")
    return said, True
