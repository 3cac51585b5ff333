"""The status line shows what a search did to find more than exact matches."""

from __future__ import annotations

import pytest

from store.search.answer import Inexact
from tui.render.wording import found_text


@pytest.mark.parametrize(
    ("total", "inexact", "text"),
    [
        (23, [], ""),
        (23, [Inexact("forms", 8, ("optimization",))], "23 papers, 8 of them as optimization"),
        (8, [Inexact("forms", 8, ("matrix", "vertex"))], "8 papers, as matrix and vertex"),
        (1, [Inexact("corrected", 1, ("attention",))], "1 paper, as attention"),
        (9, [Inexact("corrected", 2)], "9 papers, 2 of them with corrected spelling"),
        (
            30,
            [Inexact("forms", 2, ("chain",)), Inexact("acronyms", 4, ("chain of thought",))],
            "30 papers, 2 of them as chain, 4 of them as chain of thought",
        ),
        (3, [Inexact("ordinary", 3, ("papers", "about"))], "3 papers, without papers and about"),
        (200, [Inexact("most", 200, tuple("abcdef"))], "no paper has all six words: these have most"),
        (200, [Inexact("most", 200, tuple("abcdefghijklmn"))], "no paper has all 14 words: these have most"),
    ],
)
def test_the_text_about_search_results_is_right(total: int, inexact: list[Inexact], text: str) -> None:
    assert found_text(total, inexact) == text
