"""fetch: listings over the network, only when asked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from store.importer import Options
from store.intake import take_in
from store.library import Library
from tui import plain
from tui.cli import desk, library_option


@click.group()
def fetch() -> None:
    """Fetch listings over HTTPS into the inbox, and import them."""


@fetch.command("hf")
@click.argument("day", default="today", metavar="[DATE|week|month]")
@click.option("--no-import", is_flag=True, help="Only put the file in the inbox.")
@library_option
@click.pass_context
def fetch_hf(context: click.Context, day: str, no_import: bool) -> None:
    """Hugging Face Daily Papers: today's, or those of DATE, this week or this month."""
    # Imported here: the HTTP client takes 140 ms.
    from store.fetch import Fetcher

    library = desk(context).library()
    fetched = Fetcher(library, desk(context).places.inbox).daily_papers(day, date.today())
    context.exit(_arrived(library, fetched.path, no_import))


@fetch.command("arxiv")
@click.argument("query", nargs=-1, required=True, metavar="CATEGORY|QUERY")
@click.option("--no-import", is_flag=True, help="Only put the file in the inbox.")
@library_option
@click.pass_context
def fetch_arxiv(context: click.Context, query: tuple[str, ...], no_import: bool) -> None:
    """The newest papers of an arXiv category (cs.CL) or query."""
    from store.fetch import Fetcher

    library = desk(context).library()
    fetched = Fetcher(library, desk(context).places.inbox).arxiv(" ".join(query))
    context.exit(_arrived(library, fetched.path, no_import))


def _arrived(library: Library, path: Path | None, no_import: bool) -> int:
    """Import what came, if it is wanted; the exit code."""
    if path is None:
        plain.say("nothing new since the last time")
        return 0
    plain.say(f"fetched {path}")
    if no_import:
        return 0
    complete = True
    for report in take_in(library, [path], Options(today=date.today())):
        complete = complete and report.complete
        if report.error:
            plain.complain(plain.report_lines(report)[0])
        else:
            plain.say("\n".join(plain.report_lines(report)))
    return 0 if complete else 1


COMMANDS = (fetch,)
