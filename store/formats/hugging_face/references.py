"""Read Hugging Face pages saved by a text browser, which numbers the links and lists their addresses at the end.

For example, "[12]Kites of the Fjord" in the page belongs to "12. https://huggingface.co/papers/2606.00683" in the list
"References".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from store.formats.hugging_face.markdown import CLOSE, OPEN, OWN, paper_named

_REFERENCES = re.compile(r"^[ \t]*+References[ \t]*+$", re.M)
_ADDRESS = re.compile(r"^[ \t]*+(\d{1,5})\. (\S{1,2000})$", re.M)
_NUMBER = re.compile(r"\[(\d{1,5})\]")
_BUTTON = re.compile(r"\(BUTTON\) ?")
# A list with fewer addresses is not the list of the page's links.
_ENOUGH = 3
# The browser also numbers links without words, but does not print their numbers. So numbers may be missing from the
# page, but at most this many in a row.
_MOST_UNSEEN = 20


def numbered(content: str) -> str | None:
    """The words of a page with numbered links; None for any other page.

    The words of a link to a paper have the paper's arXiv id before them, between OPEN and CLOSE.
    """
    *_, last = [None, *_REFERENCES.finditer(content)]
    if last is None:
        return None
    addresses = {int(match[1]): match[2] for match in _ADDRESS.finditer(content, last.end())}
    if len(addresses) < _ENOUGH or _NUMBER.search(content) is None:
        return None
    return "".join(_words(content[: last.start()].translate(OWN), addresses))


def _words(page: str, addresses: dict[int, str]) -> Iterator[str]:
    """The text of a page in parts, with arXiv ids in place of link numbers.

    Link numbers ascend, so a number in brackets that is out of order belongs to the text of a paper and is not
    replaced.
    """
    page = _BUTTON.sub("", page)
    count = at = 0
    for match in _NUMBER.finditer(page):
        number = int(match[1])
        if not count < number <= count + _MOST_UNSEEN:
            continue
        count = number
        paper_id = paper_named(addresses.get(number, ""))
        yield page[at : match.start()]
        yield f"{OPEN}{paper_id}{CLOSE}" if paper_id else ""
        at = match.end()
    yield page[at:]
