"""Reads a file into blocks in a child process, which has limits of time, memory and size."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Literal

import msgspec

from store.formats.documents import child_process
from store.formats.documents.child_process import ChildFailedError
from store.model.errors import ListingError
from store.texts.blocks import FullText, cleaned

TextFormat = Literal["html", "markdown", "pdf"]
# The limits of the child process: its running time (s of wall clock time), and the length of its output (bytes).
SECONDS = 300.0
LONGEST_ANSWER = 256 * 2**20
_MODULE = "store.texts.worker_process"


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line that the child process prints: its progress (pages read of all pages), the result, or an error."""

    page: int = 0
    pages: int = 0
    text: FullText | None = None
    error: str = ""


_decoder = msgspec.json.Decoder(Message)


def read(
    file: IO[bytes],
    format: TextFormat,
    *,
    on_page: Callable[[int, int], None] = lambda page, pages: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> FullText:
    """The text of the open file `file`, without unsafe characters. `on_page` is called with the numbers of pages read
    and of all pages.

    Raises ListingError, with the reason, when the file cannot be read.
    """
    last: list[Message] = []

    def on_line(line: bytes) -> None:
        message = _decoder.decode(line)
        if message.text is None and not message.error:
            on_page(message.page, message.pages)
        else:
            last.append(message)

    try:
        child_process.lines_of(
            child_process.command_of(_MODULE, format),
            file,
            seconds=SECONDS,
            longest=LONGEST_ANSWER,
            on_line=on_line,
            should_stop=should_stop,
        )
    except (ChildFailedError, msgspec.DecodeError) as error:
        reason = str(error) if isinstance(error, ChildFailedError) else "the process that reads it failed"
        raise ListingError(f"the text cannot be read: {reason}") from None
    if not last:
        raise ListingError("the text cannot be read: the process that reads it gave no answer")
    if last[-1].text is None:
        raise ListingError(f"the text cannot be read: {' '.join(last[-1].error.split())[:300]}")
    text = cleaned(last[-1].text)
    if not text.blocks and not text.is_scan:
        raise ListingError("the text cannot be read: it has no words")
    return text
