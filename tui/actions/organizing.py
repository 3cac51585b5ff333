"""Actions for the user's own order of papers: notes in an editor, the queue, collections, tags and saved filters."""

from __future__ import annotations

from store.marks import tags
from store.marks.marking import tag_name
from store.papers.views import View
from tui.render import styled
from tui.screens.library_screen import LibraryScreen
from tui.screens.name_dialog import AskNames, KnownName


class Organizing:
    """The actions of the scope "organize"."""

    def __init__(self, screen: LibraryScreen) -> None:
        self._screen = screen
        self._library = screen.library

    def edit_note(self) -> None:
        # Imported here, because this is the only action that needs an editor.
        from tui.actions import notes

        notes.open_editor(self._screen)

    def rename_tag(self) -> None:
        """Rename the tag whose papers the list shows, or else a tag that the user chooses."""
        view = self._screen.search.view
        if view.kind == "tag":
            self._ask_new_name(view.argument)
            return
        known = self._known_tags()
        if not known:
            self._screen.status.show_news("no paper has a tag")
            return

        def answered(text: str | None) -> None:
            if text and text.strip():
                self._ask_new_name(text.strip())

        hint = "tab completes · enter goes on · esc cancels"
        self._screen.app.push_screen(AskNames("Which tag?", known, hint=hint), answered)

    def _ask_new_name(self, old: str) -> None:
        screen = self._screen

        def answered(text: str | None) -> None:
            new = tag_name(text or "")
            if new and new != tag_name(old):
                screen.marks.mark(lambda: tags.rename(self._library, [old], new), ())
                if screen.search.view == View("tag", old):
                    screen.search.show_view(View("tag", new))

        question = f"New name for #{styled.safe(old, 40)}, or a tag to merge it with"
        screen.app.push_screen(AskNames(question, self._known_tags(), old), answered)

    def _known_tags(self) -> list[KnownName]:
        """Every tag with the number of its papers, the most frequent first."""
        counted = sorted(tags.counted(self._library.reader()), key=lambda each: -each.count)
        return [KnownName(each.name, f"{each.count:,}", styled.tag_style(each.name)) for each in counted]
