"""The command `fetch pictures`: the pictures of full texts from the web."""

from __future__ import annotations

import sys

import click

from store.importing.log import Step
from store.library.library import Library
from store.model.errors import LibraryError
from store.papers import paper_details, paper_names
from store.texts import text_store
from store.texts.text_store import StoredText
from tui.cli import output
from tui.cli.options import invocation, library_option
from tui.cli.progress import Progress
from tui.cli.stopping import stop_on_signals
from tui.render import wording
from tui.settings import texts as text_settings


@click.command("pictures", short_help="The pictures of full texts in HTML and Markdown.")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@library_option
@click.pass_context
def fetch_pictures(context: click.Context, ids: tuple[str, ...]) -> None:
    """The pictures of full texts in HTML and Markdown, from the site of the text."""
    library = invocation(context).library()
    code = 0
    for paper in paper_names.find_papers(library.reader(), ids):
        texts = [text for text in text_store.of_paper(library.reader(), paper) if text.format != "pdf"]
        if not texts:
            raise LibraryError(f"paper {paper} has no text from the web; fetch one with: recto fetch text {paper}")
        code = max(code, _fetch(library, paper, texts[0]))
    context.exit(code)


def _fetch(library: Library, paper_id: int, stored: StoredText) -> int:
    """Fetch and store the pictures of one text, and print the result. Returns the exit code."""
    # Imported here because it imports the HTTP client, which takes 140 ms.
    from store.fetching.fetch_pictures import fetch_pictures as fetch
    from store.fetching.polite import PoliteRequests

    known = text_store.pictures(library, stored)
    links = text_store.missing_pictures(text_store.load(library, stored), known)
    title = wording.one_line(paper_details.details(library.reader(), paper_id).paper.title)
    if not links:
        output.say(f"{paper_id}, {title}: the library has all its pictures")
        return 0
    with Progress(sys.stderr) as progress, stop_on_signals() as stop:
        fetched = fetch(
            PoliteRequests(library),
            stored.source,
            links,
            on_step=lambda done, of: progress.step(Step(title, done, of, done)),
            should_stop=stop,
        )
    text_store.keep_pictures(library, stored, {**known, **fetched.files}, limit=text_settings.limit(library))
    for failure in fetched.failures:
        output.complain(wording.one_line(failure))
    output.say(f"{paper_id}, {title}: {wording.count(len(fetched.files), 'picture')}")
    return 1 if fetched.failures else 0
