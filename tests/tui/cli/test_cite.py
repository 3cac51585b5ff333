"""The command `cite` prints the citation of a paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui import samples
from tests.tui.conftest import Recto


@pytest.mark.parametrize(
    ("style", "lines"),
    [
        (
            "plain",
            [
                "Yui Nakamura, Ren Nakamura (2023). Measuring Rain by Its Sound.",
                "Aino Sipilä, Chidi Okafor (2024). Harbour Cranes That Learn to Wait. Journal of Patient Machines."
                " https://doi.org/10.5555/jpm.2024.17",
            ],
        ),
        ("key", ["[@rain; @cranes]"]),
        (
            "markdown",
            [
                "Measuring Rain by Its Sound",
                "[Harbour Cranes That Learn to Wait](<https://doi.org/10.5555/jpm.2024.17>)",
            ],
        ),
        (
            "acl",
            [
                "Yui Nakamura and Ren Nakamura. 2023. Measuring Rain by Its Sound.",
                "Aino Sipilä and Chidi Okafor. 2024. Harbour Cranes That Learn to Wait. Journal of Patient Machines.",
            ],
        ),
    ],
)
def test_papers_are_cited_in_a_style(recto: Recto, tmp_path: Path, style: str, lines: list[str]) -> None:
    if style == "acl":
        pytest.importorskip("citeproc", reason="the extra cite is not installed")
    recto("import", str(samples.write(tmp_path)[1]))
    done = recto("cite", "rain", "Harbour", "rain", "--style", style)
    assert (done.code, done.lines) == (0, lines)


def test_bibtex_is_printed_with_the_key(recto: Recto, tmp_path: Path) -> None:
    recto("import", str(samples.write(tmp_path)[1]))
    assert recto("cite", "rain", "--style", "bibtex").lines[0] == "@misc{rain,"
    assert "no paper is called" in recto("cite", "nothing").complaint()
