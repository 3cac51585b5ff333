"""The command `cite`."""

from __future__ import annotations

from array import array

import click

from store.exporting import citation_styles, markdown, selected_papers
from store.exporting.formats import BY_NAME, Options
from store.papers import paper_names
from tui.cli import output
from tui.cli.options import invocation, library_option
from tui.render import citation
from tui.settings.citation import key_pattern

_OWN = ("plain", "bibtex", "key", "markdown")


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option(
    "--style",
    type=click.Choice([*_OWN, *citation_styles.STYLES]),
    default="plain",
    show_default=True,
    help="A citation style; or plain, bibtex, key ([@key] for Pandoc) or markdown (a link).",
)
@library_option
@click.pass_context
def cite(context: click.Context, ids: tuple[str, ...], style: str) -> None:
    """Print the references of papers, ready to be pasted.

    The styles of journals need the package citeproc-py: install recto[cite].
    """
    library = invocation(context).library()
    numbers = array("q", paper_names.find_papers(library.reader(), ids))
    papers = list(selected_papers.read(library, numbers, with_keys=style in ("bibtex", "key"), pattern=key_pattern()))
    match style:
        case "plain":
            lines = [citation.plain(paper.details) for paper in papers]
        case "bibtex":
            lines = [b"".join(BY_NAME["bibtex"].pieces(papers, Options())).decode().rstrip("\n")]
        case "key":
            lines = [f"[{'; '.join(f'@{paper.key}' for paper in papers)}]"]
        case "markdown":
            lines = [markdown.link(paper) for paper in papers]
        case _:
            lines = citation_styles.references(papers, style)
    output.say("\n".join(lines))


COMMANDS = (cite,)
