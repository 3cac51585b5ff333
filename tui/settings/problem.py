"""A mistake in the configuration."""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """A mistake in the configuration.

    `text` describes it in one line. `path` is the key with the mistake, for example ("keys", "bookmark"), and `line`
    the line of that key; they are empty and None if the mistake has no key or line.
    """

    text: str
    path: tuple[str, ...] = ()
    line: int | None = None
