"""Chooses the theme: the configured one, else the one that the user chose last, else one that suits the terminal."""

from __future__ import annotations

from collections.abc import Callable

from tui.settings import themes
from tui.settings.session import Session


class ThemeChoice:
    """The theme that the application shows.

    It is the theme in the configuration. Without one, it is the theme that the user chose last. If the user chose none,
    it is the dark or the light theme, depending on the background of the terminal.
    """

    def __init__(self, configured: str | None, session: Session) -> None:
        """`configured` is the name of the theme in the configuration, or None; `session` is the stored session."""
        # A function that makes Textual show the theme with the given name. The application must replace this default,
        # which does nothing.
        self.apply: Callable[[str], object] = lambda name: None
        self.background_is_dark = session.background_is_dark
        self.is_configured = configured is not None and themes.is_known(configured)
        self._has_few_colors = themes.has_16_colors()
        known = session.chosen_theme if themes.is_known(session.chosen_theme or "") else None
        # The name of the theme to store in the session. If it is None, the theme of the next start depends on the
        # background of the terminal.
        self.chosen = known
        named = configured if self.is_configured else known
        self._theme = None if named == themes.AUTO else named

    @property
    def follows_terminal(self) -> bool:
        """Whether the theme depends on the background of the terminal (dark or light)."""
        return self._theme is None and not themes.are_disabled()

    @property
    def name(self) -> str:
        """The name of the theme, as it is written in a configuration."""
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
        """Show the theme with this name from now on.

        With `themes.AUTO`, the theme depends on the background of the terminal.
        """
        self.chosen = None if name == themes.AUTO else name
        self._theme = self.chosen
        self.apply(self.shown)

    def background_known(self, is_dark: bool, *, is_late: bool) -> None:
        """Process the terminal's answer to the question whether its background is dark.

        If `is_late` is set, the answer arrived too late: a change of the theme would now surprise the user. So the
        answer is only stored for the next start.
        """
        if is_dark != self.background_is_dark:
            self.background_is_dark = is_dark
            if self.follows_terminal and not is_late:
                self.apply(self.shown)
