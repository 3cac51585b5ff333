"""The result of one check: something is in order, or something is wrong and can be repaired in a certain way."""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """The result of a check.

    `subject` is the thing that was checked, for example "backups". `text` is one sentence about it. `problem` is true
    if something is wrong. `command` is the shell command that repairs it, or "" if there is none. `mend` is a function
    that makes the repair and returns a sentence about it, or raises LibraryError or OSError when the repair fails. It
    is None if a repair without a decision of the user would not be safe.
    """

    subject: str
    text: str
    problem: bool = False
    command: str = ""
    mend: Callable[[], str] | None = None
