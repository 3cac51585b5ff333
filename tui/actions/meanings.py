"""The dialog in which the user chooses what an acronym in the filter stands for."""

from __future__ import annotations

from store.search.answer import Answer
from store.search.query import Query, Word, texts
from store.text.folding import fold
from tui.render import styled, wording
from tui.render.styled import Piece
from tui.screens.library_screen import LibraryScreen


def meanings(answer: Answer | None) -> list[tuple[str, int]]:
    """What the acronyms in a filter stand for in the papers that match it, each meaning with its number of papers."""
    parts = answer.inexact if answer is not None else ()
    return [(part.words[0], part.count) for part in parts if part.kind == "acronyms" and " " in part.words[0]]


def choose(screen: LibraryScreen) -> None:
    """Ask what the acronym in the filter stands for, and search for the chosen words instead of the acronym."""
    # Imported here, not at the top: the application must start fast, and shows no dialog at its start.
    from tui.screens.dialogs import Choose

    offered = meanings(screen.search.answer)
    if not offered:
        screen.status.show_news("the filter has no acronym of which papers give the meaning")
        return
    choices = [
        (Piece(f"{styled.safe(words, 200)}  "), Piece(wording.count(papers, "paper"), "muted"))
        for words, papers in offered
    ]

    def chosen(index: int | None) -> None:
        if index is not None:
            screen.updates.show_filter(spelt_out(screen.search.query, offered[index][0]))

    screen.app.push_screen(Choose("What does it stand for?", choices, screen.keymap, "searches for it"), chosen)


def spelt_out(query: Query, words: str) -> str:
    """The text of the filter `query`, in which the acronym of `words` is replaced by `words` in quotes.

    For example, "rag robots" becomes '"retrieval augmented generation" robots'. If the filter has no word that may be
    an acronym of `words`, the result is only the words in quotes.
    """
    typed = [node.text for node in texts(query.tree) if isinstance(node, Word)] if query.tree is not None else []
    acronym = next((word for word in typed if _may_stand_for(fold(word), words)), None)
    quoted = f'"{words}"'
    if acronym is None:
        return quoted
    return " ".join(quoted if part == acronym else part for part in query.text.split())


def _may_stand_for(acronym: str, words: str) -> bool:
    """Whether `words` begins with the first letter of the acronym and contains all its letters in the same order.

    The result is False if the acronym itself is one of the words.
    """
    letters = iter(words)
    return acronym[:1] == words[:1] and acronym not in words.split() and all(each in letters for each in acronym)
