"""The group of commands `fetch`, with those that fetch listings and papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.matching import identifiers
from store.papers import incomplete
from store.papers.incomplete import Incomplete
from store.papers.listing_days import last_listing
from store.papers.paper_names import papers_to_refresh
from store.search import arrivals
from tui.cli import output
from tui.cli.fetch_pictures import fetch_pictures
from tui.cli.fetch_texts import fetch_text
from tui.cli.index import say_returned
from tui.cli.options import invocation, library_option
from tui.cli.showing_group import ShowingGroup
from tui.cli.values import counting
from tui.render import wording

if TYPE_CHECKING:
    from store.fetching.fetch import Fetched, Fetcher

# Of the papers about which neither arXiv nor Crossref has data, at most this many identifiers are printed.
_MOST_NAMED = 10
# `recto fetch hf new` fetches the days since the last listing. If no listing was fetched before, it begins this many
# days ago.
_FIRST_DAYS = 7


@click.group(cls=ShowingGroup)
def fetch() -> None:
    """Fetch listings over HTTPS into the inbox, and import them."""


@fetch.command("hf", short_help="Hugging Face Daily Papers of a day, a week or a month.")
@click.argument("day", default="", metavar="[DATE|week|month|new|queue|ID]")
@click.option("--trending", is_flag=True, help="Those that the site calls trending first.")
@click.option("--submitter", default="", metavar="USER", help="Only those that this user of the site submitted.")
@click.option("--requests", type=counting, default=60, show_default=True, metavar="N", help="Send at most N requests.")
@click.option("--no-import", is_flag=True, help="Put the file in the inbox without importing it.")
@library_option
@click.pass_context
def fetch_hf(context: click.Context, day: str, trending: bool, submitter: str, requests: int, no_import: bool) -> None:
    """Hugging Face Daily Papers: today's, or those of DATE, this week or this month.

    DATE is a day (2026-11-20), a week (2026-W47) or a month (2026-11). With new, every day since the last listing is
    fetched; with queue, the current upvotes and stars of the queued papers; with an arXiv ID, one paper and the models
    and data sets that cite it.
    """
    library = invocation(context).library()
    fetcher, today = _fetcher(context, library), _today()
    if day == "new":
        context.exit(_fetch_new(library, fetcher, today, requests, no_import))
    if day == "queue":
        queued = papers_to_refresh(library.reader(), requests)
        if not queued:
            output.say("nothing to refresh: no queued paper has an arXiv id")
            context.exit(0)
        fetched = fetcher.hf_papers(queued, f"hf-queue-{today}.json")
    elif arxiv_id := identifiers.exact_arxiv_id(day):
        fetched = fetcher.hf_papers(
            [arxiv_id.id], f"hf-paper-{arxiv_id.id.replace('/', '-')}.json", with_repositories=True
        )
    else:
        fetched = fetcher.daily_papers(day, today, submitter=submitter, trending=trending, most_requests=requests)
    context.exit(_finish(library, fetched, no_import))


def _fetch_new(library: Library, fetcher: Fetcher, today: date, requests: int, no_import: bool) -> int:
    """Fetch the days since the last listing of Daily Papers. Each day is imported before the next one is fetched."""
    first = last_listing(library.reader(), "hf") or today - timedelta(days=_FIRST_DAYS - 1)
    code, day = 0, first
    for day_number, fetched in enumerate(fetcher.daily_papers_since(first, today, requests)):
        day = first + timedelta(days=day_number)
        if fetched.path is not None:
            code = max(code, _finish(library, fetched, no_import))
    if day < today:
        output.say(f"stopped after {requests:,} requests at {day}; run it again to go on")
    return code


@fetch.command("arxiv", short_help="The newest papers of an arXiv category or query.")
@click.argument("query", nargs=-1, required=True, metavar="CATEGORY|QUERY...")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Those submitted on DATE, up to 1,000.")
@click.option("--no-import", is_flag=True, help="Put the file in the inbox without importing it.")
@library_option
@click.pass_context
def fetch_arxiv(context: click.Context, query: tuple[str, ...], day: datetime | None, no_import: bool) -> None:
    """The newest 200 papers of an arXiv category (cs.CL, math) or query.

    QUERY is words that a paper must contain, or a query in arXiv's own language (au:bengio AND cat:cs.LG).
    """
    library = invocation(context).library()
    context.exit(
        _finish(
            library, _fetcher(context, library).arxiv(" ".join(query), _today(), day.date() if day else None), no_import
        )
    )


@fetch.command("missing", short_help="What papers lack that are known only from a link.")
@click.option("--no-import", is_flag=True, help="Put the files in the inbox without importing them.")
@library_option
@click.pass_context
def fetch_missing(context: click.Context, no_import: bool) -> None:
    """Titles, authors and abstracts of papers that are known only from a link.

    arXiv is asked for papers with an arXiv id and Crossref for papers with a DOI, many with each request.
    """
    library = invocation(context).library()
    wanted = incomplete.papers(library.reader())
    if not wanted:
        output.say("nothing is missing: every paper with an arXiv id or a DOI has authors or an abstract")
        context.exit(0)
    fetcher = _fetcher(context, library)
    code = 0
    for fetched in fetcher.papers(
        [paper.arxiv_id for paper in wanted if paper.arxiv_id],
        [paper.doi for paper in wanted if paper.doi and not paper.arxiv_id],
    ):
        code = max(code, _finish(library, fetched, no_import))
    if not no_import:
        left = incomplete.papers(library.reader())
        output.say("\n".join(_completed(wanted, left)))
        code = code or (1 if left else 0)
    context.exit(code)


@fetch.command("retractions", short_help="Which papers were retracted, from Retraction Watch.")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@library_option
@click.pass_context
def fetch_retractions(context: click.Context, file: Path | None) -> None:
    """Which papers were retracted, from the table of Retraction Watch that Crossref publishes (60 MB).

    Retracted papers of the library are marked in lists, on their pages and in exports. With FILE, the table is read
    from that file and nothing is fetched.
    """
    # Imported here because importing the HTTP client takes 140 ms.
    from store.fetching import retraction_watch
    from store.papers import retractions

    library = invocation(context).library()
    stored = retraction_watch.read(library, file) if file else retraction_watch.fetch(library)
    if stored is None:
        output.say("nothing new: the table of Retraction Watch has not changed")
    else:
        output.say(f"{'read' if file else 'fetched'} {wording.count(stored, 'retraction')}")
    count = retractions.match(library)
    seen = ": recto list is:retracted" if count else ""
    output.say(f"{wording.count(count, 'paper')} of the library {'was' if count == 1 else 'were'} retracted{seen}")
    for own in retractions.not_shown(library.reader()):
        output.say(f"  one of yours: {wording.one_line(own.title)}")


@fetch.command("paper", short_help="Papers by their arXiv ids and DOIs.")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--no-import", is_flag=True, help="Put the files in the inbox without importing them.")
@library_option
@click.pass_context
def fetch_paper(context: click.Context, ids: tuple[str, ...], no_import: bool) -> None:
    """Papers by their arXiv ids and DOIs: title, authors and abstract."""
    library = invocation(context).library()
    arxiv_ids: list[str] = []
    dois: list[str] = []
    for name in ids:
        if arxiv_id := identifiers.exact_arxiv_id(name):
            arxiv_ids.append(arxiv_id.id)
        elif doi := identifiers.exact_doi(name):
            dois.append(doi)
        else:
            raise click.UsageError(f"{wording.one_line(name)} is no arXiv id and no DOI", context)
    code = 0
    for fetched in _fetcher(context, library).papers(arxiv_ids, dois):
        code = max(code, _finish(library, fetched, no_import))
    context.exit(code)


def _completed(wanted: Sequence[Incomplete], left: Sequence[Incomplete]) -> list[str]:
    """The lines to print: how many papers were completed, and the identifiers of papers about which no site has data.

    `wanted` are the papers that were incomplete before the fetch, and `left` those that are incomplete after it.
    """
    lines = [f"completed {wording.count(len(wanted) - len(left), 'paper')} of {len(wanted):,}"]
    for paper in left[:_MOST_NAMED]:
        site = "arXiv" if paper.arxiv_id else "Crossref"
        lines.append(f"  {site} does not have {wording.one_line(paper.arxiv_id or paper.doi)}")
    if len(left) > _MOST_NAMED:
        lines.append(f"  and {len(left) - _MOST_NAMED:,} more")
    return lines


def _fetcher(context: click.Context, library: Library) -> Fetcher:
    # Imported here because importing the HTTP client takes 140 ms.
    from store.fetching.fetch import Fetcher

    return Fetcher(library, invocation(context).places.inbox)


def _today() -> date:
    """The local date or the date in UTC, whichever is earlier.

    The sites use UTC and reject future dates, so they would reject a local date that is later than the date in UTC.
    """
    return min(date.today(), datetime.now(UTC).date())


def _finish(library: Library, fetched: Fetched, no_import: bool) -> int:
    """Print the result of a fetch, import the fetched file unless `no_import` is set, and return the exit code."""
    if fetched.path is None:
        output.say("nothing new: there are no papers")
        return 0
    name = output.path_text(fetched.path)
    output.say(f"fetched {name}" if fetched.changed else f"nothing new since the last time: {name}")
    if no_import or (fetched.imported and not fetched.changed):
        return 0
    complete = True
    newest = arrivals.newest_paper(library.reader())
    for report in take_in(library, [fetched.path], Options(today=date.today())):
        complete = complete and report.complete
        if report.error:
            output.complain(wording.report_lines(report)[0])
        else:
            output.say("\n".join(wording.report_lines(report)))
    say_returned(library, newest)
    return 0 if complete else 1


fetch.add_command(fetch_text)
fetch.add_command(fetch_pictures)

COMMANDS = (fetch,)
