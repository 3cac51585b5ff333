"""Which theme the reader shows: the configured one, the one that was chosen, or the one that fits the terminal."""

from __future__ import annotations

from collections.abc import Callable

from tui.settings import themes
from tui.settings.session import Session


class ThemeChoice:
    """The theme of a reader. The configuration comes first, then the last choice, then the terminal's background."""

    def __init__(self, configured: str | None, session: Session) -> None:
        """`configured` is the theme that the configuration names, if any, and `session` is that of the last reader."""
        # Shows a theme by its name.
        self.apply: Callable[[str], object] = lambda name: None
        self.background_is_dark = session.background_is_dark
        self.is_configured = configured is not None and themes.is_known(configured)
        self._has_few_colors = themes.has_16_colors()
        known = session.chosen_theme if themes.is_known(session.chosen_theme or "") else None
        # The theme to save for the next start; None follows the terminal.
        self.chosen = known
        named = configured if self.is_configured else known
        self._theme = None if named == themes.AUTO else named

    @property
    def follows_terminal(self) -> bool:
        """Whether the terminal's background decides between dark and light."""
        return self._theme is None and not themes.are_disabled()

    @property
    def name(self) -> str:
        """The name of the theme, one of those that a configuration may have."""
        return self._theme or (themes.LIGHT if self.background_is_dark is False else themes.DARK).name

    @property
    def shown(self) -> str:
        """The name of the theme that Textual shows: with NO_COLOR and on few colours it is another one."""
        if themes.are_disabled():
            return themes.PLAIN.name
        if self._has_few_colors:
            return (themes.DARK_16 if themes.ALL[self.name].dark else themes.LIGHT_16).name
        return self.name

    def switch(self) -> None:
        """Show the light theme that belongs to the present dark one, or the other way round."""
        self.choose(themes.counterpart(self.name))

    def choose(self, name: str) -> None:
        """Show a theme from now on; `themes.AUTO` follows the terminal's background."""
        self.chosen = None if name == themes.AUTO else name
        self._theme = self.chosen
        self.apply(self.shown)

    def background_known(self, is_dark: bool, *, is_late: bool) -> None:
        """The terminal has said whether its background is dark.

        `is_late`: the answer came too long after the question. The next start heeds it, and the present screen stays.
        """
        if is_dark != self.background_is_dark:
            self.background_is_dark = is_dark
            if self.follows_terminal and not is_late:
                self.apply(self.shown)
