"""The command palette: a dialog in which the user finds a command by typing a part of its name.

The best matches are listed first. Matching letters are highlighted, and the keys of a command are shown at the right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from textual import events
from textual.widget import Widget

from tui.render import fuzzy_match
from tui.render.cell_width import width as width_of
from tui.render.fuzzy_match import Spans
from tui.render.pieces import Line, Piece, fit
from tui.screens.dialogs import TypingLine, lines_of
from tui.widgets.choice_list import ChoiceList
from tui.widgets.line_list import LineList

# The score of a match in the description of a command is multiplied by this factor, so that a match in a name counts
# more.
_ABOUT_SHARE = 0.5
# The score of a match in one of the other words of a command is multiplied by this factor.
_OTHER_SHARE = 0.4
# The score of a command is reduced by this for each character of its name, so that the shorter one of two names that
# match equally well is listed first.
_LENGTH_COST = 0.01
# The description of a command is shown if there is at least this much room for it (cells). If it is shown, the column
# of names is _NAME_WIDTH cells wide.
_ABOUT_ROOM = 12
_NAME_WIDTH = 22
# Maps the keys that move the cursor to the actions of the list of papers that move in the same way. Letters do not move
# the cursor: the user types them as the query.
_MOVES = {
    "down": "down",
    "up": "up",
    "ctrl+n": "down",
    "ctrl+p": "up",
    "tab": "down",
    "shift+tab": "up",
    "pagedown": "page_down",
    "pageup": "page_up",
}


class Command(NamedTuple):
    """A command of the palette.

    `about` is a description of what the command does, `keys` are its keys as they are shown to the user, and `run` runs
    it. `other_words` are not shown, but a query with one of these words finds the command.
    """

    name: str
    about: str
    keys: str
    run: Callable[[], object]
    other_words: str = ""


class Ranked(NamedTuple):
    """A command that matches the query, and the ranges of its name and of its description that match."""

    command: Command
    in_name: Spans = ()
    in_about: Spans = ()


def ranked(query: str, commands: Sequence[Command]) -> list[Ranked]:
    """The commands that match `query`, the best first.

    A command matches if one of its keys is the query, or if every word of the query is in its name, its description or
    its other words.
    Mistyped words are looked for only if no command matches the words as they were typed.
    """
    words = fuzzy_match.words_of(query)
    if not words:
        return [Ranked(command) for command in commands]
    by_key = [Ranked(command) for command in commands if query.strip() in command.keys.split()]
    named = [each.command for each in by_key]
    rest = [command for command in commands if command not in named]
    scored = [found for command in rest if (found := _match(words, command, mistyped=False))]
    if not by_key and not scored:
        scored = [found for command in rest if (found := _match(words, command, mistyped=True))]
    # Python's sort is stable, so commands with the same score keep their order.
    scored.sort(key=lambda each: -each[0])
    return [*by_key, *(each for _, each in scored)]


def _match(words: Sequence[str], command: Command, *, mistyped: bool) -> tuple[float, Ranked] | None:
    """The score of a command, and the ranges that match; None if no text of the command contains one of the words."""
    name, about = fuzzy_match.fold(command.name), fuzzy_match.fold(command.about)
    score = -_LENGTH_COST * len(name) * len(words)
    in_name: list[tuple[int, int]] = []
    in_about: list[tuple[int, int]] = []
    for word in words:
        if by_name := fuzzy_match.match_word(word, name, mistyped=mistyped):
            score += by_name.score
            in_name += by_name.spans
        elif by_about := fuzzy_match.match_word(word, about, mistyped=mistyped):
            score += by_about.score * _ABOUT_SHARE
            in_about += by_about.spans
        elif by_other := fuzzy_match.match_word(word, command.other_words, mistyped=mistyped):
            score += by_other.score * _OTHER_SHARE
        else:
            return None
    return score / len(words), Ranked(command, fuzzy_match.joined(in_name), fuzzy_match.joined(in_about))


def command_line(shown: Ranked, width: int) -> Line:
    """The line of a command, `width` cells wide: its name, its description if there is room, its keys at the right."""
    command = shown.command
    room = max(0, width - width_of(command.keys) - 2)
    name = (Piece(" "), *_lit(command.name, shown.in_name, "title"))
    if room - _NAME_WIDTH >= _ABOUT_ROOM and command.about:
        wide = max(_NAME_WIDTH, width_of(command.name) + 3)
        about = _lit(command.about, shown.in_about, "muted")
        left = (*fit(name, min(wide, room)), *(fit((*about,), room - wide) if room > wide else ()))
    else:
        left = fit(name, room)
    return fit((*left, Piece(f" {command.keys} ", "key")), width)


def _lit(text: str, spans: Spans, style: str) -> Iterator[Piece]:
    """`text` in a style, except that the ranges `spans` have the style "match"."""
    at = 0
    for start, end in spans:
        yield Piece(text[at:start], style)
        yield Piece(text[start:end], "match")
        at = end
    yield Piece(text[at:], style)


class Palette(TypingLine[Command]):
    """The dialog of the command palette. Its result is the command that the user has chosen."""

    shape = "-list"
    # The largest length of the query (characters). A limit is needed because each typed key starts a search for the
    # whole query.
    longest = 200

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__("Commands", "enter runs it · esc closes", placeholder="type a few letters of what you want")
        self._commands = commands
        self._shown: list[Ranked] = []
        self._query: str | None = None
        self._list = ChoiceList(id="commands")

    def body(self) -> Iterable[Widget]:
        yield from super().body()
        yield self._list

    def on_mount(self) -> None:
        self.changed()

    async def take(self, event: events.Key) -> bool:
        lines = lines_of(_MOVES.get(event.key), self._list.page)
        if lines is not None:
            self._list.move(self._list.cursor + lines, lines)
        elif event.key == "enter":
            self._choose(self._list.cursor)
        else:
            return await super().take(event)
        return True

    @property
    def would_lose_text(self) -> bool:
        return False

    def changed(self) -> None:
        if self.text == self._query:
            return
        self._query = self.text
        self._shown = ranked(self.text, self._commands)
        self._list.show(len(self._shown), lambda index, width: command_line(self._shown[index], width))
        self.say("" if self._shown else "no command matches · esc closes", error=not self._shown)

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        self._choose(message.index)

    def _choose(self, index: int) -> None:
        if index < len(self._shown):
            self.dismiss(self._shown[index].command)
