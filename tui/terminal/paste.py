"""Collects the text of a bracketed paste, which arrives from the terminal in pieces."""

from __future__ import annotations

_PASTE_END = "\x1b[201~"
# At most about this many characters of a paste are kept; the rest is dropped. The input fields of recto accept fewer.
_LONGEST_PASTE = 1 << 20


class Paste:
    """The text of a bracketed paste, as far as it has arrived."""

    def __init__(self) -> None:
        self.is_complete = False
        self._pieces: list[str] = []
        self._length = 0
        # The last characters that have arrived. They may be the beginning of the sequence that ends the paste.
        self._tail = ""

    def add(self, text: str, at: int) -> int:
        """Add the characters of `text` from the index `at` on, up to the end of the paste if `text` contains it.

        Returns the index of the first character that does not belong to the paste.
        """
        joined = self._tail + text[at:]
        end = joined.find(_PASTE_END)
        self.is_complete = end >= 0
        kept = end if self.is_complete else max(0, len(joined) - len(_PASTE_END) + 1)
        self._keep(joined[:kept])
        behind = at - len(self._tail) + end + len(_PASTE_END) if self.is_complete else len(text)
        self._tail = "" if self.is_complete else joined[kept:]
        return behind

    @property
    def text(self) -> str:
        """The pasted text without NUL characters, cut to about `_LONGEST_PASTE` characters."""
        return "".join([*self._pieces, self._tail]).replace("\0", "")

    def _keep(self, piece: str) -> None:
        piece = piece[: _LONGEST_PASTE - self._length]
        self._length += len(piece)
        self._pieces.append(piece)
