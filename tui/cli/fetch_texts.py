"""The command `fetch text`: full texts of papers over HTTPS."""

from __future__ import annotations

import io
import sys

import click

from store.importing.log import Step
from store.library.library import Library
from store.model.errors import LibraryError, ListingError
from store.papers import paper_details, paper_names
from store.texts import text_store
from tui.cli import output, texts
from tui.cli.options import invocation, library_option
from tui.cli.progress import Progress
from tui.cli.stopping import stop_on_signals
from tui.cli.values import counting
from tui.render import wording
from tui.settings import texts as text_settings

# By default, at most this many texts are fetched in one call. This takes a few minutes, because arXiv asks for pauses
# between requests.
_LIMIT = 20


@click.command("text", short_help="Full texts of papers: HTML, Markdown or PDF.")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--queue", is_flag=True, help="Fetch the texts of the papers in the reading queue, in its order.")
@click.option("--limit", "-n", metavar="N", type=counting, default=_LIMIT, show_default=True, help="At most N texts.")
@click.option("--again", is_flag=True, help="Also fetch texts of papers that have one.")
@library_option
@click.pass_context
def fetch_text(context: click.Context, ids: tuple[str, ...], queue: bool, limit: int, again: bool) -> None:
    """Full texts of papers: arXiv's HTML, the Markdown of Hugging Face, or a PDF, the first that exists."""
    library = invocation(context).library()
    connection = library.reader()
    papers = paper_names.find_papers(connection, ids)
    if queue:
        queued = connection.execute("SELECT paper_id FROM queue ORDER BY key, identity").fetchall()
        papers += [paper for (paper,) in queued if paper not in papers]
    if not papers:
        raise LibraryError(
            "name papers, or fetch the texts of the queue with: recto fetch text --queue"
            if not queue
            else "the queue is empty; put a paper in it with: recto mark ID --queue"
        )
    wanted = [paper for paper in papers if again or not text_store.of_paper(connection, paper)]
    if len(wanted) < len(papers):
        output.say(f"{wording.count(len(papers) - len(wanted), 'paper')} of {len(papers):,} have a text already")
    code = 0
    with stop_on_signals() as stop:
        for number, paper in enumerate(wanted[:limit], 1):
            if stop():
                output.complain("stopped")
                context.exit(130)
            code = max(code, _fetch(library, paper, number, min(limit, len(wanted))))
    if len(wanted) > limit:
        output.say(
            f"{wording.count(len(wanted) - limit, 'paper')} left; call the command again, or fetch more at once with"
            f" --limit {len(wanted)}"
        )
    context.exit(code)


def _fetch(library: Library, paper_id: int, number: int, of: int) -> int:
    """Fetch and store the text of one paper, and print the result. Returns the exit code."""
    # Imported here because it imports the HTTP client, which takes 140 ms.
    from store.fetching.fetch_text import fetch_text as fetch_one
    from store.fetching.polite import PoliteRequests

    known = paper_details.details(library.reader(), paper_id)
    title = wording.one_line(known.paper.title)
    with Progress(sys.stderr) as progress:
        progress.step(Step(known.paper.title, number - 1, of, number - 1))
        try:
            fetched = fetch_one(PoliteRequests(library), known.paper)
            stored = text_store.attach(
                library,
                paper_id,
                io.BytesIO(fetched.body),
                fetched.request.url,
                format=fetched.request.format,
                limit=text_settings.limit(library),
            )
        except (ListingError, LibraryError) as error:
            progress.clear()
            output.complain(f"{paper_id}, {title}: {error}")
            return 1
    output.say(f"{paper_id}, {title}: {texts.described(stored)}")
    return 0
