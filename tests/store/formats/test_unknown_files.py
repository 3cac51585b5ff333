"""What the report of an import contains for a file that no format recognizes."""

from __future__ import annotations

import pytest

from store.formats.registry import detect
from store.model.errors import ListingError


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"Some prose about life.\nNothing here.\n", "a text without papers that recto recognizes; export"),
        (b'{"foo": [1], "bar": 2}', "JSON with the keys bar, foo; export"),
        (b"[1, 2]", "JSON without papers"),
        (b"<!DOCTYPE html><html><body><p>Hello</p></body></html>", "a web page without a list of papers; save it"),
        (b'<?xml version="1.0"?>\n<a:records><record/></a:records>', "XML with the root <records>"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a picture"),
        (b"{\\rtf1 Lists}", "rich text; save it as plain text"),
        (bytes(range(256)) * 4, "a binary file"),
        (b'{"' + b"k" * 500 + b'": 1}', f"JSON with the keys {'k' * 30}; export"),
    ],
)
def test_it_says_what_the_file_is_and_what_helps(head: bytes, said: str) -> None:
    with pytest.raises(ListingError) as caught:
        detect(head, "x.dat")
    message = str(caught.value)
    assert message.startswith(f"not a listing that recto can read: {said}")
    assert message.endswith("(see: recto formats)")
