"""Chooses the theme: the configured one, else the one that the user chose last, else one that fits the terminal."""

from __future__ import annotations

from collections.abc import Callable

from tui.settings import themes
from tui.settings.session import Session


class ThemeChoice:
    """The theme that the application shows.

    A theme in the configuration comes first, then the theme that the user chose last. Without either, the background
    of the terminal decides between the dark and the light theme.
    """

    def __init__(self, configured: str | None, session: Session) -> None:
        """`configured` is the theme that the configuration names, or None; `session` is the stored session."""
        # A function that makes Textual show the theme with the given name. The application must replace this default.
        self.apply: Callable[[str], object] = lambda name: None
        self.background_is_dark = session.background_is_dark
        self.is_configured = configured is not None and themes.is_known(configured)
        self._has_few_colors = themes.has_16_colors()
        known = session.chosen_theme if themes.is_known(session.chosen_theme or "") else None
        # The theme to store in the session. If it is None, the background of the terminal decides at the next start.
        self.chosen = known
        named = configured if self.is_configured else known
        self._theme = None if named == themes.AUTO else named

    @property
    def follows_terminal(self) -> bool:
        """Whether the terminal's background decides between dark and light."""
        return self._theme is None and not themes.are_disabled()

    @property
    def name(self) -> str:
        """The name of the theme, as a configuration would name it."""
        return self._theme or (themes.LIGHT if self.background_is_dark is False else themes.DARK).name

    @property
    def shown(self) -> str:
        """The name of the theme that Textual shows.

        It differs from `name` when NO_COLOR is set, or when the terminal has only 16 colours.
        """
        if themes.are_disabled():
            return themes.PLAIN.name
        if self._has_few_colors:
            return (themes.DARK_16 if themes.ALL[self.name].dark else themes.LIGHT_16).name
        return self.name

    def switch(self) -> None:
        """Switch from a dark theme to its light counterpart, or from a light theme to its dark one."""
        self.choose(themes.counterpart(self.name))

    def choose(self, name: str) -> None:
        """Show the theme with this name from now on. With `themes.AUTO`, the background of the terminal decides."""
        self.chosen = None if name == themes.AUTO else name
        self._theme = self.chosen
        self.apply(self.shown)

    def background_known(self, is_dark: bool, *, is_late: bool) -> None:
        """Take note of the terminal's answer to the question whether its background is dark.

        If `is_late`, the answer came so late that a change of theme now would surprise the user. It is then only stored
        for the next start.
        """
        if is_dark != self.background_is_dark:
            self.background_is_dark = is_dark
            if self.follows_terminal and not is_late:
                self.apply(self.shown)
