"""What one check found: that something is in order, or what is wrong with it and how to mend it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """The result of a check.

    `subject` names what was checked, for example "backups". `text` is one sentence about it. `problem` says whether
    something is wrong. `command` is the command that mends it, or "" when a person must act. `mend` makes the repair
    and returns a sentence about it; None when no repair is safe without a decision of the user. It raises LibraryError
    or OSError when the repair fails.
    """

    subject: str
    text: str
    problem: bool = False
    command: str = ""
    mend: Callable[[], str] | None = None
