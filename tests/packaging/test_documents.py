"""All files, folders, names in the code and make targets that the documents and docstrings mention exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent.parent
_DOCUMENTS = ("CONTRIBUTING.md", "SECURITY.md", "README.md", "CHANGELOG.md")
_TARGETS = set(re.findall(r"^([a-z-]+):", (_ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def text(document: str) -> str:
    return (_ROOT / document).read_text("utf-8")


@pytest.mark.parametrize("document", _DOCUMENTS)
def test_every_path_that_a_document_names_exists(document: str) -> None:
    missing = [
        path
        for path in re.findall(r"`((?:store|tui|tests|assets)/[\w./-]*)`", text(document))
        if not (_ROOT / path).exists()
    ]
    assert missing == []


def test_every_module_that_the_code_names_exists() -> None:
    for path in (path for package in ("store", "tui", "tests") for path in (_ROOT / package).rglob("*.py")):
        named = set(re.findall(r"\b((?:store|tui|tests)/[\w/]+\.py)\b", path.read_text("utf-8")))
        assert [name for name in named if not (_ROOT / name).exists()] == [], path


def test_the_recipes_name_only_modules_and_names_that_exist() -> None:
    _, _, recipes = text("CONTRIBUTING.md").partition("## Recipes")
    modules = [path for package in ("store", "tui", "tests") for path in (_ROOT / package).rglob("*.py")]
    named = set(re.findall(r"`([a-z_]+\.py)`", recipes))
    assert len(named) > 10
    assert named <= {path.name for path in modules}
    words = set(re.findall(r"\w+", " ".join(path.read_text("utf-8") for path in modules)))
    names = set(re.findall(r"`(\w{4,})`", recipes))
    assert len(names) > 20
    assert names - words == set()


def test_the_picture_of_an_import_names_modules_of_the_store() -> None:
    _, _, picture = text("CONTRIBUTING.md").partition("## How a listing becomes a paper")
    modules = re.findall(r"\b([a-z_]+/[a-z_]+\.py)", picture.split("```")[1])
    assert len(modules) >= 9
    assert [module for module in modules if not (_ROOT / "store" / module).exists()] == []


@pytest.mark.parametrize("document", _DOCUMENTS)
def test_every_make_target_that_a_document_names_exists(document: str) -> None:
    named = set(re.findall(r"\bmake ([a-z]+(?:-[a-z]+)*)(?=[`, ]|$)", "\n".join(_code(text(document))), re.MULTILINE))
    assert named <= _TARGETS


def _code(document: str) -> list[str]:
    """The pieces of code in a Markdown text: all text between backticks, on one line or on several lines."""
    pieces = re.findall(r"```(?:\w*\n)?(.+?)```|`([^`\n]+)`", document, re.DOTALL)
    return [block or inline for block, inline in pieces]


def test_contributing_names_every_target_of_the_makefile() -> None:
    named = set(re.findall(r"\bmake ([a-z]+(?:-[a-z]+)*)", text("CONTRIBUTING.md")))
    assert _TARGETS - named <= {"clean", "bench-full"}
