"""The dialog in which the user asks for more or less of something, such as an author, in the view "For you"."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from store.papers.paper_details import PaperDetails
from store.ranking import opinions
from store.ranking.features import AUTHOR, CATEGORY, ORGANIZATION, named
from store.ranking.opinions import Opinion
from tui.render import styled
from tui.render.explanation import Explanation
from tui.render.styled import Piece
from tui.screens.help_text import NO_PAPER
from tui.screens.library_screen import LibraryScreen

# At most this many authors of the paper are offered.
_MOST_AUTHORS = 5


class Subject(NamedTuple):
    """A word, an author or another property of papers of which the user can ask for more or less.

    `feature` is the name of this property in the model of the user's taste.
    """

    kind: str
    name: str
    feature: str


def teach(screen: LibraryScreen, opinion: Opinion) -> None:
    """Let the user ask for more or less of a subject, store that opinion, and sort the list again."""
    if screen.list.paper is None:
        screen.status.show_news(NO_PAPER, until_key=True)
        return
    screen.follower.show()
    details, explanation, answer = screen.detail.paper, screen.detail.explanation, screen.search.answer
    if details is None:
        # The paper could not be read from the library. The status line already shows the error.
        return
    if explanation is not None and not explanation.is_pending:
        _ask(screen, opinion, details, explanation)
        return

    def find_out() -> Explanation:
        from store.search.search import Search
        from tui.workers.paper_explainer import explain

        return explain(screen.library, Search(screen.library, trains_at_once=False), details.id, answer)

    screen.writer.write(find_out, lambda found: _ask(screen, opinion, details, found))


def _ask(screen: LibraryScreen, opinion: Opinion, details: PaperDetails, explanation: Explanation) -> None:
    # Imported here, not at the top: the application must start fast, and shows no dialog at its start.
    from tui.screens.dialogs import Choose

    subjects = subjects_of(screen.library.reader(), details, explanation)
    stated = opinions.read(screen.library.reader())
    choices = [
        (
            Piece(f"{each.kind:<13} ", "muted"),
            Piece(styled.safe(each.name, 200)),
            Piece(f"  {stated[each.feature]}" if each.feature in stated else "", "muted"),
        )
        for each in subjects
    ]

    def chosen(index: int | None) -> None:
        if index is not None:
            _store(screen, subjects[index], opinion, is_known=stated.get(subjects[index].feature) == opinion)

    verb = "chooses it; again takes it back"
    screen.app.push_screen(Choose(f"{opinion.capitalize()} of what?", choices, screen.keymap, verb), chosen)


def subjects_of(connection: sqlite3.Connection, details: PaperDetails, explanation: Explanation) -> list[Subject]:
    """The subjects to offer for a paper: words that raise or lower its rank, similar papers, its authors etc."""
    subjects: dict[str, Subject] = {}

    def add(kind: str, name: str, feature: str) -> None:
        subjects.setdefault(feature, Subject(kind, name, feature))

    reasons = explanation.reasons
    words = [*explanation.shared_words]
    if reasons is not None:
        words += [*reasons.words, *(each for each in reasons.against if ":" not in each)]
    for word in words:
        feature = opinions.word_feature(word)
        if feature is not None:
            add("word", word, feature)
    add("papers like", details.paper.title, opinions.paper_feature(connection, details.id))
    if reasons is not None and reasons.similar_to is not None:
        add("papers like", reasons.similar_to.title, opinions.paper_feature(connection, reasons.similar_to.id))
    for author in details.paper.authors[:_MOST_AUTHORS]:
        add("author", author.name, named(AUTHOR, author.name))
    if details.paper.organization is not None:
        add("organization", details.paper.organization.name, named(ORGANIZATION, details.paper.organization.name))
    for category in details.paper.categories:
        add("category", category, named(CATEGORY, category))
    return list(subjects.values())


def _store(screen: LibraryScreen, subject: Subject, opinion: Opinion, *, is_known: bool) -> None:
    def write() -> None:
        if is_known:
            opinions.remove(screen.library, subject.feature)
        else:
            opinions.put(screen.library, {subject.feature: opinion})

    def stored(_: None) -> None:
        name = styled.shortened(styled.safe(subject.name, 200), 40)
        screen.status.show_news(f"forgot {opinion} of “{name}”" if is_known else f"{opinion} of “{name}” in For you")
        screen.updates.refresh()

    screen.writer.write(write, stored)
