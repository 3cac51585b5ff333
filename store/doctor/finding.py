"""The type of the result of a check: what was checked, whether it is in order, and how it can be repaired."""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """The result of a check.

    `subject` is the thing that was checked, for example "backups". `text` is one sentence about it. `problem` is true
    if something is wrong. `command` is the shell command that repairs it, or "" if there is none. `mend` is a function
    that makes the repair and returns a sentence about it. It raises LibraryError or OSError when the repair fails.
    `mend` is None if only the user can decide how to repair it safely.
    """

    subject: str
    text: str
    problem: bool = False
    command: str = ""
    mend: Callable[[], str] | None = None
