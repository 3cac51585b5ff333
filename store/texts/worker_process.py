"""The child process that reads a file into blocks: `python -m store.texts.worker_process FORMAT`.

It reads the file from standard input. It prints a `Message` as JSON after every few pages, and one with the result.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import msgspec

from store.formats.documents import child_process
from store.model import limits
from store.model.errors import ListingError
from store.texts.blocks import FullText
from store.texts.worker import Message

# The limits of this process: memory (bytes) and processor time (s). A PDF of 1,000 pages takes 40 s.
MEMORY = 2 * 2**30
SECONDS = 240
# A message about the progress is printed whenever this many further pages have been read.
_PAGES = 10


def main() -> None:
    """Read the file on standard input, whose format is the first argument of the command line, and print the result."""
    child_process.limit(MEMORY, SECONDS)
    _print(_answer(sys.argv[1]))


def _answer(format: str) -> Message:
    try:
        return answer_for(sys.stdin.buffer.read(limits.WHOLE_FILE + 1), format)
    except MemoryError:
        return Message(error="it needs too much memory")


def answer_for(data: bytes, format: str) -> Message:
    """The message with the text of a file, or with the reason why it cannot be read."""
    try:
        if len(data) > limits.WHOLE_FILE:
            return Message(error=f"it is larger than {limits.WHOLE_FILE // 2**20} MiB")
        return Message(text=_read(data, format, _print_progress))
    except ListingError as error:
        return Message(error=str(error))
    except MemoryError:
        return Message(error="it needs too much memory")
    except RecursionError:
        return Message(error="its parts are nested too deeply")
    except Exception as error:
        # Catch every exception: a bug in the code that reads one format, or in a package that it uses, must not stop
        # recto from reading other files.
        return Message(error=f"{type(error).__name__} while it was read; please report it")


def _read(data: bytes, format: str, on_page: Callable[[int, int], None]) -> FullText:
    # Import only the module for the format of this file, because importing PDFium takes longer than reading a web page.
    if format == "pdf":
        try:
            from store.texts.pdf_reader import read as read_pdf
        except ModuleNotFoundError as error:
            if error.name != "pypdfium2":
                raise
            raise ListingError("PDFs are read with the package pypdfium2: install recto[pdf]") from None
        return read_pdf(data, on_page)
    if format == "markdown":
        from store.texts.markdown_reader import read as read_markdown

        return read_markdown(data)
    from store.texts.html_reader import read as read_html

    return read_html(data)


def _print_progress(page: int, pages: int) -> None:
    if page % _PAGES == 0:
        _print(Message(page=page, pages=pages))


def _print(message: Message) -> None:
    child_process.print_bytes(msgspec.json.encode(message) + b"\n")


if __name__ == "__main__":
    main()
