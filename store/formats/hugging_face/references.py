"""Pages of Hugging Face as text browsers dump them: a number before each link, the addresses at the end.

"[12]Kites of the Fjord" in the page is "12. https://huggingface.co/papers/2606.00683" below "References".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from store.formats.hugging_face.markdown import CLOSE, OPEN, OWN, paper_named

_REFERENCES = re.compile(r"^[ \t]*+References[ \t]*+$", re.M)
_ADDRESS = re.compile(r"^[ \t]*+(\d{1,5})\. (\S{1,2000})$", re.M)
_NUMBER = re.compile(r"\[(\d{1,5})\]")
_BUTTON = re.compile(r"\(BUTTON\) ?")
# A list of so many addresses is one of a page's links.
_ENOUGH = 3
# Links without words have numbers too, which are not shown.
_MOST_UNSEEN = 20


def numbered(content: str) -> str | None:
    """The words of such a page, an id in OPEN and CLOSE before those that lead to its paper; None for another page."""
    *_, last = [None, *_REFERENCES.finditer(content)]
    if last is None:
        return None
    addresses = {int(found[1]): found[2] for found in _ADDRESS.finditer(content, last.end())}
    if len(addresses) < _ENOUGH or _NUMBER.search(content) is None:
        return None
    return "".join(_words(content[: last.start()].translate(OWN), addresses))


def _words(page: str, addresses: dict[int, str]) -> Iterator[str]:
    """The pieces of a page. Links are counted: a number out of turn is the paper's own."""
    page = _BUTTON.sub("", page)
    count = at = 0
    for found in _NUMBER.finditer(page):
        number = int(found[1])
        if not count < number <= count + _MOST_UNSEEN:
            continue
        count = number
        paper_id = paper_named(addresses.get(number, ""))
        yield page[at : found.start()]
        yield f"{OPEN}{paper_id}{CLOSE}" if paper_id else ""
        at = found.end()
    yield page[at:]
