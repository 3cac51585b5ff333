"""The commands `attach` and `text`: full texts of papers."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from store.importing.log import Step
from store.library.library import Library
from store.library.side_files import open_regular
from store.model import limits
from store.model.errors import LibraryError, ListingError, explanation
from store.papers import paper_details, paper_names
from store.pictures import block_pictures
from store.texts import matching, plausibility, text_store
from store.texts.blocks import Block, FullText
from store.texts.plausibility import DoubtfulTextError
from store.texts.text_store import StoredText
from store.texts.worker import TextFormat
from tui.cli import output
from tui.cli.options import invocation, json_option, library_option
from tui.cli.progress import Progress
from tui.render import text_layout, wording
from tui.settings import texts as text_settings

# The endings of the files that `recto attach FOLDER` reads.
_ENDINGS = (".pdf", ".html", ".htm", ".md", ".markdown")
# The width of the lines that `recto text` prints (cells).
_WIDTH = 76


@click.command(short_help="Store files as full texts: PDF, HTML or Markdown.")
@click.argument("names", nargs=-1, required=True, metavar="[ID] FILE...")
@click.option("--anyway", is_flag=True, help="Also store a text file that does not look like the paper.")
@library_option
@click.pass_context
def attach(context: click.Context, names: tuple[str, ...], anyway: bool) -> None:
    """Store files as full texts: PDF, HTML (as arXiv has it) or Markdown.

    With an ID, the file belongs to that paper. Otherwise each file, or each file of a folder, is matched with a paper
    by the arXiv id or the DOI in its name and metadata, and then by the title on its first page.

    A plain text file that has neither the title of its paper nor the headings of one is refused.
    """
    library = invocation(context).library()
    first, rest = names[0], names[1:]
    if not rest and not os.path.lexists(first):
        raise LibraryError(f"{first}: no such file; attach one with: recto attach ID FILE")
    if rest and not os.path.lexists(first):
        paper_id = paper_names.find_paper(library.reader(), first)
        results = [_attach(library, Path(name), paper_id, anyway=anyway) for name in rest]
    else:
        results = [_attach(library, path, None, anyway=anyway) for name in names for path in _files(Path(name))]
        if not results:
            output.complain(f"no file to attach: the names of texts end in {', '.join(_ENDINGS)}")
    context.exit(0 if results and all(results) else 1)


def _files(path: Path) -> Sequence[Path]:
    """The file at `path`; or, if `path` is a folder, the files in it and its subfolders that may be full texts."""
    if not path.is_dir():
        return [path]
    return sorted(each for each in path.rglob("*") if each.suffix.lower() in _ENDINGS and each.is_file())


def _attach(library: Library, path: Path, paper_id: int | None, *, anyway: bool) -> bool:
    """Store one file as a full text, and print the result. Returns whether it was stored."""
    name = output.path_text(path)
    try:
        with os.fdopen(open_regular(path, follow_links=True), "rb") as file, Progress(sys.stderr) as progress:
            data = file.read(limits.WHOLE_FILE + 1)
            kind = text_store.format_of(path.name, data)
            known = paper_id or matching.find(library.reader(), path, data, kind)
            if known is None:
                output.complain(f"{name}: no paper of the library fits; name it with: recto attach ID FILE")
                return False
            file.seek(0)
            title = paper_details.details(library.reader(), known).paper.title
            other_title: list[str] = []

            def check(text: FullText, format: TextFormat) -> None:
                if not anyway:
                    plausibility.check(text, format, title)
                if not text.is_scan and not plausibility.has_title(text, title):
                    other_title.append(text.title)

            stored = text_store.attach(
                library,
                known,
                file,
                str(path.resolve()),
                format=kind,
                limit=text_settings.limit(library),
                on_page=lambda page, pages: progress.step(Step(path.name, page, pages, 0)),
                check=check,
            )
    except DoubtfulTextError as error:
        output.complain(f"{name}: {error}; store it all the same with: recto attach {known} FILE --anyway")
        return False
    except (LibraryError, ListingError, OSError) as error:
        output.complain(f"{name}: {explanation(error)}")
        return False
    output.say(f"attached to {known}, {wording.one_line(title)}: {described(stored)}")
    for found in other_title:
        other = f"its title is “{wording.one_line(found)}”, not that of this paper" if found else "it has another title"
        output.say(f"  {other}; if it is another paper, remove it with: recto text {known} --remove")
    for remark in stored.remarks:
        output.say(f"  {wording.one_line(remark)}")
    return True


@click.command()
@click.argument("id", nargs=-1, required=True, metavar="ID")
@json_option
@click.option("--remove", is_flag=True, help="Remove the texts of this paper.")
@click.option(
    "--compare", is_flag=True, help="Print what changed between its two newest texts, of the same format if possible."
)
@click.option(
    "--width", type=click.IntRange(20, 500), default=_WIDTH, show_default=True, help="The width of the lines."
)
@library_option
@click.pass_context
def text(context: click.Context, id: tuple[str, ...], as_json: bool, remove: bool, compare: bool, width: int) -> None:
    """Print the full text of a paper (--json: its blocks)."""
    library = invocation(context).library()
    paper_id = paper_names.find_paper(library.reader(), " ".join(id))
    stored = text_store.of_paper(library.reader(), paper_id)
    if not stored:
        raise LibraryError(f"paper {paper_id} has no text; store one with: recto attach {paper_id} FILE")
    if remove:
        text_store.remove(library, stored)
        output.say(f"removed {wording.count(len(stored), 'text')} of paper {paper_id}")
        return
    if compare:
        if as_json:
            raise LibraryError("the difference between two texts has no JSON; leave out --json or --compare")
        _compare(library, paper_id, stored, width)
        return
    full = text_store.load(library, stored[0])
    if as_json:
        output.say_object(_text_object(paper_id, stored[0], full))
    elif full.is_scan and not full.blocks:
        raise LibraryError(
            f"paper {paper_id} has only a scan without text; recto shows its pages, and ocrmypdf can recognize the text"
        )
    else:
        output.say("\n".join(line.text for line in text_layout.lines(full.blocks, width)))


def _compare(library: Library, paper_id: int, stored: Sequence[StoredText], width: int) -> None:
    """Print the difference between two texts of a paper."""
    # Imported here because only the comparison of texts needs these modules.
    from store.texts import comparison
    from tui.render import comparison_text

    pair = text_store.compared(stored)
    if pair is None:
        raise LibraryError(f"paper {paper_id} has only one text; store another one with: recto attach {paper_id} FILE")
    before, after = (text_store.load(library, each).blocks for each in pair)
    rows = comparison.compare(before, after)
    changed = sum(row.is_changed for row in rows)
    output.say("\n".join(f"{sign} {described(each)}, {each.at[:10]}" for sign, each in zip("-+", pair, strict=True)))
    output.say(
        f"{changed:,} of {wording.count(len(rows), 'paragraph')} changed" if changed else "the texts do not differ"
    )
    for line in comparison_text.lines(before, after, rows, width):
        output.say(line)


def described(stored: StoredText) -> str:
    """The format, length and size of a text, for example "PDF, 12 pages, 5,321 words, 1.2 MB"."""
    name = wording.TEXT_FORMATS[stored.format]
    parts = [name, wording.count(stored.pages, "page") if stored.pages else "", wording.count(stored.words, "word")]
    return ", ".join([*filter(None, parts), wording.size_text(stored.size)])


def _text_object(paper_id: int, stored: StoredText, full: FullText) -> dict[str, Any]:
    return {
        "id": paper_id,
        "format": stored.format,
        "source": stored.source,
        "title": full.title,
        "pages": full.pages,
        "is_scan": full.is_scan,
        "remarks": full.remarks,
        "blocks": [_block_object(block, stored.format) for block in full.blocks],
    }


def _block_object(block: Block, format: TextFormat) -> dict[str, Any]:
    source = block_pictures.source_of(block, format)
    return {
        "kind": block.kind,
        "text": block.text,
        **({"level": block.level} if block.level else {}),
        **({"page": block.page} if block.page is not None else {}),
        **({"box": block.box} if block.box is not None else {}),
        **({"anchor": block.anchor} if block.anchor else {}),
        **({"picture": source.link or source.part} if source is not None else {}),
        **({"links": [msgspec.to_builtins(span) for span in block.spans if span.target]} if _has_links(block) else {}),
    }


def _has_links(block: Block) -> bool:
    return any(span.target for span in block.spans)


COMMANDS = (attach, text)
