"""Decides how pictures are shown on this terminal."""

from __future__ import annotations

from typing import Literal, NamedTuple

from tui.terminal.graphics import Graphics

# The ways to show pictures. "placeholders" and "kitty" use the kitty graphics protocol. Only pictures with placeholders
# scroll with the text; a picture shown by "kitty" or "sixel" fills the screen. "blocks" draws with the character ▀ in
# two colours, "shades" with characters that are more or less dark, and "nothing" shows no pictures.
Way = Literal["placeholders", "kitty", "sixel", "blocks", "shades", "nothing"]
# Maps values of the user's setting "pictures" to the way that they demand. With any other value, the way depends on the
# terminal.
_FORCED: dict[str, Way] = {"kitty": "placeholders", "sixel": "sixel", "blocks": "blocks", "off": "nothing"}
_SIXEL_COLOURS = 256


class Showing(NamedTuple):
    """How pictures are shown.

    `colours` is the number of colours of a sixel picture, and `cell` the width and height of a cell in pixels. `reason`
    tells the user why pictures are not shown in colour, or not at all; "" if they are shown in colour.
    """

    way: Way
    colours: int = _SIXEL_COLOURS
    cell: tuple[int, int] = (10, 20)
    reason: str = ""

    @property
    def is_in_text(self) -> bool:
        """Whether pictures are shown in the text, between its lines."""
        return self.way in ("placeholders", "kitty", "sixel", "blocks")

    @property
    def in_text(self) -> Way:
        """The way in which pictures are shown between the lines of a text."""
        return "blocks" if self.way in ("kitty", "sixel") else self.way


def showing(
    setting: str,
    graphics: Graphics,
    *,
    color_system: str | None,
    is_ascii: bool,
    cell: tuple[int, int] | None,
) -> Showing:
    """Decide how to show pictures.

    `setting` is the value of the setting "pictures", and `color_system` is Rich's name for the terminal's colours, such
    as "256" or "truecolor", or None without colours.
    """
    way = _FORCED.get(setting) or _best(graphics)
    reason = ""
    has_colours = color_system in ("truecolor", "256")
    if way == "nothing":
        reason = 'pictures are off: the configuration has pictures = "off"'
    elif is_ascii and way == "blocks":
        way, reason = "shades", "in ASCII, because the terminal shows nothing else"
    elif not has_colours and way in ("blocks", "placeholders"):
        way = "shades"
        reason = "without colours: " + ("the terminal has 16" if color_system else "NO_COLOR is set")
    colours = graphics.colours or _SIXEL_COLOURS
    return Showing(way, colours, cell or graphics.cell or Showing("nothing").cell, reason)


def _best(graphics: Graphics) -> Way:
    if graphics.placeholders:
        return "placeholders"
    if graphics.kitty:
        return "kitty"
    return "sixel" if graphics.colours else "blocks"
