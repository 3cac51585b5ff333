"""Actions that copy citations, and that export papers to a file."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from store.marks import stored_marks
from store.model.errors import LibraryError
from store.papers import addresses
from store.search.window import PaperIds
from store.text import tex
from tui.render import styled, wording
from tui.render.styled import Piece
from tui.screens.help_text import NO_PAPER
from tui.screens.library_screen import LibraryScreen
from tui.workers import clipboard

if TYPE_CHECKING:
    from store.exporting.exported import ExportedPaper

# Text about at most this many papers can be copied to the clipboard. To get text about more papers, the user must
# export them to a file.
_MOST_COPIED = 1_000
# The name under which `StatusLine.show_progress` shows the progress of an export.
_EXPORT = "export"


class Copied(NamedTuple):
    """A kind of text about papers that the user can copy, for example citations.

    `noun` and `plural` are the words for one such text and for several, for messages. The function `text` makes the
    text from papers. `has_keys` must be True if the text contains citation keys. In that case, a key is stored for each
    paper that has none.
    """

    noun: str
    plural: str
    text: Callable[[Sequence[ExportedPaper]], str]
    has_keys: bool = False


class Exporting:
    """The actions that copy and export: those with the scope "export" in the table of actions."""

    def __init__(self, screen: LibraryScreen) -> None:
        self._screen = screen

    def cite(self) -> None:
        self._copy(_CITATION)

    def cite_bibtex(self) -> None:
        self._copy(_BIBTEX)

    def copy_as(self) -> None:
        from tui.screens.dialogs import Choose

        if not self._screen.list.selected:
            self._screen.status.show_news(NO_PAPER, until_key=True)
            return
        menu = _menu()

        def chosen(index: int | None) -> None:
            if index is not None:
                self._screen.notices.attempt(lambda: self._copy(menu[index]))

        choices = [(Piece(each.noun, "title"),) for each in menu]
        self._screen.app.push_screen(Choose("Copy", choices, self._screen.keymap, "copies it"), chosen)

    def export(self) -> None:
        from tui.screens.export_dialog import AskTarget

        screen = self._screen
        papers: PaperIds = screen.list.papers
        if screen.list.is_selecting or screen.has_class("-reading"):
            papers = array("q", screen.list.selected)
        if not len(papers):
            screen.status.show_news(NO_PAPER, until_key=True)
            return

        def answered(path: Path | None) -> None:
            if path is not None:
                self._in_background(self._write(path, papers), "export papers")

        screen.app.push_screen(AskTarget(f"Export {wording.count(len(papers), 'paper')}"), answered)

    async def _write(self, path: Path, papers: PaperIds) -> None:
        from store.exporting import formats, selected_papers, target_file
        from tui.settings import citation

        chosen = formats.of_file(path.name)
        screen, library = self._screen, self._screen.library
        if chosen is None:
            raise LibraryError(f"the ending of {path.name} shows no format")
        screen.status.show_progress(_EXPORT, f"exporting {wording.count(len(papers), 'paper')} …")
        try:
            options = formats.Options(title=path.stem)
            pieces = chosen.pieces(selected_papers.read(library, papers, pattern=citation.key_pattern()), options)
            await asyncio.to_thread(target_file.replace, path, pieces)
        finally:
            screen.status.show_progress(_EXPORT, "")
        screen.status.show_news(f"{wording.count(len(papers), 'paper')} exported to {styled.safe(str(path), 200)}")

    def _copy(self, copied: Copied) -> None:
        """Copy a text about the selected papers or, without a selection, about the paper under the cursor."""
        numbers = self._screen.list.selected
        if not numbers:
            self._screen.status.show_news(NO_PAPER, until_key=True)
        elif len(numbers) > _MOST_COPIED:
            self._screen.status.show_news(
                f"more than {_MOST_COPIED:,} papers; export them to a file instead", error=True
            )
        else:
            self._in_background(self._copy_papers(copied, array("q", numbers)), "copy")

    async def _copy_papers(self, copied: Copied, numbers: PaperIds) -> None:
        from store.exporting import selected_papers
        from tui.settings import citation

        def prepared() -> tuple[str, int, bool]:
            papers = list(
                selected_papers.read(library, numbers, with_keys=copied.has_keys, pattern=citation.key_pattern())
            )
            if not papers:
                # No paper was found, so all of them were removed from the library. This call raises an error with that
                # message.
                stored_marks.resolve(library.reader(), numbers[0])
            text = copied.text(papers)
            return text, len(papers), clipboard.copy(text)

        library = self._screen.library
        text, number, taken = await asyncio.to_thread(prepared)
        what = copied.noun if number == 1 else f"{number:,} {copied.plural}"
        if taken:
            self._screen.status.show_news(f"{what} copied")
        else:
            # No clipboard program worked, so send the text to the terminal. The message must not claim success, because
            # the terminal does not say whether it has copied the text.
            self._screen.app.copy_to_clipboard(text)
            self._screen.status.show_news(f"{what} sent to the terminal's clipboard")

    def _in_background(self, work: Awaitable[None], description: str) -> None:
        """Run `work` as a task of the event loop, and return at once. A LibraryError of `work` is shown to the user."""

        async def run() -> None:
            try:
                await work
            except LibraryError as error:
                self._screen.notices.show_error(str(error))

        self._screen.run_worker(run(), description=description, exit_on_error=False)


def _citations(papers: Sequence[ExportedPaper]) -> str:
    from tui.render import citation

    return "\n".join(citation.plain(paper.details) for paper in papers)


def _bibtex(papers: Sequence[ExportedPaper]) -> str:
    from store.exporting.formats import BY_NAME, Options

    return b"".join(BY_NAME["bibtex"].pieces(papers, Options())).decode()


def _addresses(papers: Sequence[ExportedPaper]) -> str:
    found = (addresses.may_open(addresses.best(paper.paper) or "") for paper in papers)
    return "\n".join(address for address in found if address)


def _titles(papers: Sequence[ExportedPaper]) -> str:
    return "\n".join(tex.for_display(paper.paper.title) for paper in papers)


def _links(papers: Sequence[ExportedPaper]) -> str:
    from store.exporting import markdown

    return "\n".join(markdown.link(paper) for paper in papers)


def _keys(papers: Sequence[ExportedPaper]) -> str:
    return f"[{'; '.join(f'@{paper.key}' for paper in papers)}]"


def _references(style: str, papers: Sequence[ExportedPaper]) -> str:
    from store.exporting import citation_styles

    return "\n".join(citation_styles.references(papers, style))


def _menu() -> list[Copied]:
    """The kinds of text that the user can copy: first those of this module, then a reference in each citation style."""
    from store.exporting.citation_styles import STYLES

    return [
        *_MENU,
        *(
            Copied(f"reference ({title})", f"references ({title})", partial(_references, name))
            for name, title in STYLES.items()
        ),
    ]


_CITATION = Copied("citation", "citations", _citations)
_BIBTEX = Copied("BibTeX entry", "BibTeX entries", _bibtex, has_keys=True)
_MENU = (
    _CITATION,
    _BIBTEX,
    Copied("address", "addresses", _addresses),
    Copied("title", "titles", _titles),
    Copied("Markdown link", "Markdown links", _links),
    Copied("citation key for Pandoc, [@key]", "citation keys", _keys, has_keys=True),
)
