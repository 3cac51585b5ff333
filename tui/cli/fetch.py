"""The group of commands `fetch`, with `fetch hf`, `fetch arxiv` and `fetch missing`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from store.importing.importer import Options
from store.importing.sources import take_in
from store.library.library import Library
from store.papers import incomplete
from store.papers.incomplete import Incomplete
from tui.cli import output
from tui.cli.fetch_texts import fetch_text
from tui.cli.options import invocation, library_option
from tui.render import wording

if TYPE_CHECKING:
    from store.fetching.fetch import Fetched, Fetcher

# At most this many identifiers are printed of papers that neither arXiv nor Crossref has.
_MOST_NAMED = 10


@click.group()
def fetch() -> None:
    """Fetch listings over HTTPS into the inbox, and import them."""


@fetch.command("hf")
@click.argument("day", default="today", metavar="[DATE|week|month]")
@click.option("--no-import", is_flag=True, help="Put the file in the inbox without importing it.")
@library_option
@click.pass_context
def fetch_hf(context: click.Context, day: str, no_import: bool) -> None:
    """Hugging Face Daily Papers: today's, or those of DATE, this week or this month.

    DATE is a day (2026-11-20), a week (2026-W47) or a month (2026-11).
    """
    library = invocation(context).library()
    context.exit(_finish(library, _fetcher(context, library).daily_papers(day, _today()), no_import))


@fetch.command("arxiv")
@click.argument("query", nargs=-1, required=True, metavar="CATEGORY|QUERY...")
@click.option("--no-import", is_flag=True, help="Put the file in the inbox without importing it.")
@library_option
@click.pass_context
def fetch_arxiv(context: click.Context, query: tuple[str, ...], no_import: bool) -> None:
    """The newest 200 papers of an arXiv category (cs.CL, math) or query.

    QUERY is words that a paper must contain, or a query in arXiv's own language (au:bengio AND cat:cs.LG).
    """
    library = invocation(context).library()
    context.exit(_finish(library, _fetcher(context, library).arxiv(" ".join(query), _today()), no_import))


@fetch.command("missing")
@click.option("--no-import", is_flag=True, help="Put the files in the inbox without importing them.")
@library_option
@click.pass_context
def fetch_missing(context: click.Context, no_import: bool) -> None:
    """What is missing of papers that only a link named: titles, authors, abstracts.

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


@fetch.command("retractions")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
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
    stored = retraction_watch.store(library, file.read_bytes()) if file else retraction_watch.fetch(library)
    if stored is None:
        output.say("nothing new: the table of Retraction Watch has not changed")
    else:
        output.say(f"{'read' if file else 'fetched'} {wording.count(stored, 'retraction')}")
    count = retractions.match(library)
    seen = ": recto list is:retracted" if count else ""
    output.say(f"{wording.count(count, 'paper')} of the library {'was' if count == 1 else 'were'} retracted{seen}")
    for own in retractions.not_shown(library.reader()):
        output.say(f"  one of yours: {wording.one_line(own.title)}")


def _completed(wanted: Sequence[Incomplete], left: Sequence[Incomplete]) -> list[str]:
    """The lines to print: how many papers were completed, and the identifiers of those that no site has.

    `wanted` are the papers that were incomplete before the fetch, and `left` those that still are.
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
    """The local date, or the date in UTC if that is earlier, because the sites use UTC and reject future dates."""
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
    for report in take_in(library, [fetched.path], Options(today=date.today())):
        complete = complete and report.complete
        if report.error:
            output.complain(wording.report_lines(report)[0])
        else:
            output.say("\n".join(wording.report_lines(report)))
    return 0 if complete else 1


fetch.add_command(fetch_text)

COMMANDS = (fetch,)
