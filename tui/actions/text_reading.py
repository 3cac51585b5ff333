"""Actions on the screen of a full text."""

from __future__ import annotations

from store.papers import paper_details
from store.texts import text_store
from store.texts.text_store import StoredText
from tui.actions import browsing, text_following, text_opening
from tui.actions.text_following import LONGEST_CHOICE
from tui.render import styled, text_layout, wording
from tui.render.pieces import Line
from tui.render.styled import Piece
from tui.screens.library_screen import LibraryScreen
from tui.screens.text_screen import TextScreen


class TextReading:
    """The actions with the scope "text" in the table of actions.

    They work only while the screen of a full text is shown.
    """

    def __init__(self, screen: LibraryScreen) -> None:
        self._screen = screen

    def text_contents(self) -> None:
        """Let the user choose a heading, a figure or a table of the text, and go to it."""
        from tui.screens.dialogs import Choose

        text = self._text
        if text is None:
            return
        entries: list[tuple[int, str]] = [
            (heading.block, "  " * (heading.level - 2) + heading.text) for heading in text.headings
        ]
        captions = [(index, block) for index, block in enumerate(text.blocks) if block.kind == "caption"]
        entries += [(index, text_layout.display_text(block)) for index, block in captions]
        if not entries:
            text.show_news("this text has no headings")
            return
        choices = [(Piece(styled.drawable(label)[:LONGEST_CHOICE]),) for _, label in entries]

        def chosen(index: int | None) -> None:
            if index is not None:
                text.jump(entries[index][0])

        # The headings are the first entries, so the number of the section on the screen is the index of its entry.
        dialog = Choose("Contents", choices, self._screen.keymap, "goes there", cursor=text.section or 0)
        self._screen.app.push_screen(dialog, chosen)

    def text_find(self) -> None:
        if (text := self._text) is not None:
            text.find()

    def text_next(self) -> None:
        if (text := self._text) is not None:
            text.go_to_match(1)

    def text_previous(self) -> None:
        if (text := self._text) is not None:
            text.go_to_match(-1)

    def text_next_section(self) -> None:
        if (text := self._text) is not None:
            text.go_to_section(1)

    def text_last_section(self) -> None:
        if (text := self._text) is not None:
            text.go_to_section(-1)

    def text_follow(self) -> None:
        """Let the user choose one of the visible citations, notes and links, and go to its target."""
        from tui.screens.dialogs import Choose

        text = self._text
        if text is None:
            return
        targets = [
            found for target in text.shown_targets if (found := text_following.described(text, target)) is not None
        ]
        if not targets:
            text.show_news("no citation, note or link is on the screen")
        elif len(targets) == 1:
            text_following.follow(self._screen, text, targets[0].target)
        else:
            choices = [(Piece(f"{each.label:<10} ", "muted"), Piece(each.text)) for each in targets]

            def chosen(index: int | None) -> None:
                if index is not None:
                    text_following.follow(self._screen, text, targets[index].target)

            self._screen.app.push_screen(Choose("Follow", choices, self._screen.keymap, "follows it"), chosen)

    def text_picture(self) -> None:
        from tui.actions import text_pictures

        if (text := self._text) is not None:
            text_pictures.show_picture(self._screen, text)

    def text_page(self) -> None:
        from tui.actions import text_pictures

        if (text := self._text) is not None:
            text_pictures.show_page(self._screen, text)

    def text_highlight(self) -> None:
        if (text := self._text) is not None:
            text.highlights.begin()

    def text_highlights(self) -> None:
        """Let the user choose one of the highlighted passages of the text, and go to it."""
        from tui.screens.dialogs import Choose

        text = self._text
        if text is None:
            return
        placed = text.highlights.placed
        if not placed:
            text.show_news("nothing is highlighted in this text yet")
            return
        choices = [
            (
                Piece("" if place is not None else "not in this version  ", "muted"),
                Piece(styled.safe(highlight.quotation, LONGEST_CHOICE)),
                Piece(f"  {styled.safe(highlight.note, 100)}" if highlight.note else "", "muted"),
            )
            for highlight, place in placed
        ]

        def chosen(index: int | None) -> None:
            place = placed[index][1] if index is not None else None
            if place is not None:
                text.jump(place.block, place.start)

        self._screen.app.push_screen(Choose("Your highlights", choices, self._screen.keymap, "goes there"), chosen)

    def text_versions(self) -> None:
        """Let the user choose another text of the same paper. It opens at the passage that the user is reading."""
        from tui.screens.dialogs import Choose

        text = self._text
        if text is None:
            return
        versions = text_store.of_paper(self._screen.library.reader(), text.paper_id)
        if len(versions) < 2:
            text.show_news("this is the only text of this paper; attach another one with: recto attach ID FILE")
            return
        others = [each for each in versions if each.id != text.stored.id]
        choices = [_version(each) for each in versions]
        choices += [(Piece("compare this text with  "), *_version(each)) for each in others]
        screen = self._screen

        def chosen(index: int | None) -> None:
            if index is not None and index >= len(versions):
                self._compare(text, others[index - len(versions)])
            elif index is not None:
                text.save()
                screen.app.pop_screen()
                # Open the other text only after the reading position is stored, because it opens at that position.
                screen.writer.write(
                    lambda: None,
                    lambda _: text_opening.open_text(screen, text.paper_id, versions[index]),
                    quiet=True,
                )

        self._screen.app.push_screen(Choose("Texts of this paper", choices, self._screen.keymap), chosen)

    def text_compare(self) -> None:
        """Compare the text with another one of the same paper. If there are several, the user chooses one."""
        from tui.screens.dialogs import Choose

        text = self._text
        if text is None:
            return
        versions = text_store.of_paper(self._screen.library.reader(), text.paper_id)
        others = [each for each in versions if each.id != text.stored.id]
        if not others:
            text.show_news("this is the only text of this paper; attach another one with: recto attach ID FILE")
        elif len(others) == 1:
            self._compare(text, others[0])
        else:
            self._screen.app.push_screen(
                Choose("Compare this text with", [_version(each) for each in others], self._screen.keymap),
                lambda index: self._compare(text, others[index]) if index is not None else None,
            )

    def _compare(self, text: TextScreen, other: StoredText) -> None:
        before, after = sorted((text.stored, other), key=lambda stored: stored.id)
        text_opening.compare(self._screen, text.paper_id, before, after)

    def text_return(self) -> None:
        if (text := self._text) is not None:
            text.go_back()

    def text_open(self) -> None:
        if (text := self._text) is not None:
            paper = paper_details.details(self._screen.library.reader(), text.paper_id).paper
            browsing.open_page(self._screen, paper, text.show_news)

    def text_leave(self) -> None:
        if (text := self._text) is not None:
            text.save()
            self._screen.app.pop_screen()
            # Update the detail pane, because it shows the highlights of the paper.
            self._screen.follower.show()

    @property
    def _text(self) -> TextScreen | None:
        """The screen of the full text.

        If another screen is shown, show a message that no text is open, and return None.
        """
        current = self._screen.app.screen
        if isinstance(current, TextScreen):
            return current
        self._screen.status.show_news("no full text is open")
        return None


def _version(stored: StoredText) -> Line:
    """A text of a paper, as a line of the dialog in which the user chooses a text."""
    return (
        Piece(f"{wording.TEXT_FORMATS[stored.format]:<9} "),
        Piece(f"{wording.count(stored.words, 'word')}, {stored.at[:10]}  ", "muted"),
        Piece(styled.safe(stored.source, 200), "muted"),
    )
