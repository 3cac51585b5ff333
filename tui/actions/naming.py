"""Dialogs in which the user types or chooses the names of tags, collections and saved filters."""

from __future__ import annotations

from collections.abc import Callable

from store.library.library import Library
from store.marks import collections, filter_renaming, saved_filters, tags
from store.marks.journal import Marked
from store.marks.marking import tag_name
from store.marks.saved_filters import SavedFilter, filter_name
from store.model.errors import LibraryError
from store.papers.views import View
from tui.actions.about import about
from tui.actions.actions_and_keys import key_or_name
from tui.render import styled, wording
from tui.screens.dialogs import Ask
from tui.screens.direct_keys import KeyActions
from tui.screens.help_text import NO_PAPER
from tui.screens.library_screen import LibraryScreen
from tui.screens.name_dialog import AskNames, KnownName
from tui.settings import key_names

_GO_ON = "tab completes · enter goes on · esc cancels"


def known_tags(screen: LibraryScreen) -> list[KnownName]:
    """Every tag with the number of its papers. The tag with the most papers is the first."""
    counted = sorted(tags.counted(screen.library.reader()), key=lambda each: -each.count)
    return [KnownName(each.name, f"{each.count:,}", styled.tag_style(each.name)) for each in counted]


def known_collections(screen: LibraryScreen) -> list[KnownName]:
    """Every collection with the number of its papers, sorted by name."""
    return [KnownName(each.name, f"{each.count:,}") for each in collections.counted(screen.library.reader())]


def collect(screen: LibraryScreen) -> None:
    """Ask for the name of a collection, and put the selected papers into that collection.

    If the user types "-" before the name, the papers are removed from the collection instead.
    """
    paper_ids = screen.list.selected
    if not paper_ids:
        screen.status.show_news(NO_PAPER, until_key=True)
        return
    library = screen.library
    places = collections.places(library.reader(), paper_ids[:1]).get(paper_ids[0], ())
    present = ", ".join(place.name for place in places)
    question = f"Put {wording.count(len(paper_ids), 'paper')} into which collection?"
    if len(paper_ids) == 1:
        question = f"Collection to put it into{f' (it is in {styled.safe(present, 60)})' if present else ''}"

    def answered(text: str | None) -> None:
        name = collections.collection_name(text or "")
        if name.startswith("-") and name[1:].strip():
            screen.marks.mark(lambda: collections.remove(library, paper_ids, name[1:]), paper_ids)
        elif name and _is_shared(library, name):
            question = "Why, for the others? or nothing"
            screen.app.push_screen(Ask(question), lambda reason: put_in(name, reason))
        elif name:
            put_in(name, "")

    def put_in(name: str, reason: str | None) -> None:
        if reason is not None:
            screen.marks.mark(lambda: collections.add(library, paper_ids, name, because=reason), paper_ids)

    hint = "enter puts it in · -name takes it out\ntab completes · esc cancels"
    dialog = AskNames(question, known_collections(screen), hint=hint)
    if len(paper_ids) == 1:
        dialog.about = about(screen, paper_ids)
    screen.app.push_screen(dialog, answered)


def _is_shared(library: Library, name: str) -> bool:
    """Whether there is a collection with this name that is shared with other people."""
    connection = library.reader()
    return collections.is_shared(collections.properties(connection, collections.stored_name(connection, name)))


def take_out(screen: LibraryScreen) -> None:
    """Take the selected papers out of the collection that the list shows."""
    view, paper_ids = screen.search.view, screen.list.selected
    if view.kind != "collection":
        screen.status.show_news(
            f"this works in a collection; {key_or_name('collect', screen.keymap)} puts a paper into one"
        )
    elif not paper_ids:
        screen.status.show_news(NO_PAPER, until_key=True)
    else:
        screen.marks.mark(lambda: collections.remove(screen.library, paper_ids, view.argument), paper_ids)


def save_filter(screen: LibraryScreen) -> None:
    """Ask for a name and a key, and save the current filter, view and order of the list as a saved filter."""
    search = screen.search
    saved = saved_filters.read_all(screen.library.reader())
    old = next((each for each in saved if search.view == View("filter", each.name)), None)
    if not search.is_filtered and old is None:
        screen.status.show_news("type a filter with / first, then save it")
        return
    text, base = search.query.text.strip(), str(search.view)
    if old is not None:
        # The list shows a saved filter, and perhaps the user has typed a further one: save both as one filter.
        text, base = " ".join(filter(None, (_grouped(old.filter, text), text))), old.view
    known = [KnownName(each.name, each.filter) for each in saved]

    def named(answer: str | None) -> None:
        if name := filter_name(answer or ""):
            replaced = next((each for each in saved if each.name == name), old)
            key = (replaced and replaced.key) or ""
            question = f"A key that shows “{styled.safe(name, 40)}”, or nothing"
            screen.app.push_screen(Ask(question, key, selects=True), lambda typed: keyed(name, typed))

    def keyed(name: str, typed: str | None) -> None:
        if typed is not None:
            screen.notices.attempt(lambda: save(name, typed.strip()))

    def save(name: str, typed: str) -> None:
        key = free_key(screen, typed) if typed else None
        chosen = SavedFilter(name, text, base, search.sort, key)
        _change_views(screen, lambda: saved_filters.save(screen.library, chosen))

    screen.app.push_screen(
        AskNames("Name for this filter as a view", known, old.name if old else "", hint=_GO_ON), named
    )


def free_key(screen: LibraryScreen, typed: str) -> str:
    """Textual's name of the key that the user has typed.

    Raises LibraryError when the text is not a key, or when the key already has an action.
    """
    try:
        name = key_names.read(typed)
    except ValueError as error:
        raise LibraryError(str(error)) from None
    if KeyActions(screen.keymap).has(name.split()[0]) or " " in name:
        raise LibraryError(f"{typed!r} has an action already, so it cannot show a view; the view is not saved")
    return name


def rename(screen: LibraryScreen) -> None:
    """Rename the tag, the collection or the saved filter that the list shows, or else a tag that the user chooses."""
    view = screen.search.view
    if view.kind == "collection":
        _ask_new_name(screen, view, "collection", known_collections(screen))
    elif view.kind == "filter":
        _ask_new_name(screen, view, "view", [])
    elif view.kind == "tag":
        _ask_new_name(screen, view, "tag", known_tags(screen))
    elif not (known := known_tags(screen)):
        screen.status.show_news("no paper has a tag")
    else:

        def answered(text: str | None) -> None:
            if name := tag_name(text or ""):
                _ask_new_name(screen, View("tag", name), "tag", known)

        screen.app.push_screen(AskNames("Which tag?", known, hint=_GO_ON), answered)


def _ask_new_name(screen: LibraryScreen, view: View, kind: str, known: list[KnownName]) -> None:
    old, library = view.argument, screen.library
    shown = styled.view_name(view)
    question = f"New name for {styled.safe(shown, 40)}, or a {kind} to merge it with"
    if kind == "view":
        question = f"New name for {styled.safe(shown, 40)}"
    hint = "" if kind == "tag" else f"tab completes · enter saves · an empty name removes the {kind} · esc cancels"

    def answered(text: str | None) -> None:
        if text is None or text.strip() == old:
            return
        if kind == "tag":
            if new := tag_name(text):
                _change_views(screen, lambda: tags.rename(library, [old], new), View("tag", new), view)
        elif not text.strip():
            delete = collections.delete if kind == "collection" else saved_filters.remove
            _change_views(screen, lambda: delete(library, old), View("all"), view)
        elif kind == "collection":
            new = collections.collection_name(text)
            _change_views(screen, lambda: collections.rename(library, old, new), View("collection", new), view)
        else:
            new = filter_name(text)
            _change_views(screen, lambda: filter_renaming.rename(library, old, new), View("filter", new), view)

    screen.app.push_screen(AskNames(question, known, old, hint=hint), answered)


def _change_views(
    screen: LibraryScreen, change: Callable[[], Marked], then: View | None = None, shown: View | None = None
) -> None:
    """Call `change`, which changes stored views, for example by renaming a tag.

    If the list still shows the view `shown` after the change, replace it by the view `then`.
    """

    def show(marked: Marked) -> None:
        screen.status.show_news(wording.mark_text(marked.label, len(marked.papers)))
        if then is not None and screen.search.view == shown:
            screen.search.show_view(then)
        screen.updates.refresh(to_top=False)

    screen.writer.write(change, show)


def _grouped(saved: str, typed: str) -> str:
    """The text of a saved filter in the form in which it can be put before the filter `typed`.

    It is in parentheses if `typed` is not empty, so that `typed` then applies to all alternatives of the saved filter.
    """
    return f"({saved})" if typed and saved else saved
