"""Every command mentioned in a message, in the help or in the README exists, and so does each option after it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tui.cli.group import recto as program

ROOT = Path(__file__).parents[3]
SOURCES = sorted(path for folder in ("store", "tui") for path in (ROOT / folder).rglob("*.py"))
PAGES = [path for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md") if (path := ROOT / name).is_file()]
# Words that follow the word "recto" in sentences about the program, so they are no commands.
PROSE = {
    "and", "as", "asks", "can", "cannot", "checks", "did", "does", "ended", "ends", "fetches", "finds", "for", "from",
    "has", "in", "is", "itself", "keeps", "needs", "never", "on", "opens", "or", "reads", "shows", "starts", "stops",
    "stopped", "takes", "that", "to", "was", "with", "works", "writes", "then", "had", "wrote", "would", "may",
    "must", "will", "knows", "gives", "sees", "process", "at", "holds", "while", "runs", "uses", "there", "recognizes",
    "imports", "rebuilds", "refuses", "also", "tries", "by", "could", "made", "lets", "before", "learns",
    "creates", "draws", "brings", "needed", "warns", "makes", "kept", "only", "back",
}  # fmt: skip
_NAMED = re.compile(r"(?<![\w./-])recto ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?((?: --[a-z][a-z-]*)*)")


def strings(path: Path) -> Iterator[str]:
    """The string constants of a module. Docstrings are included only where click prints them as help."""
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            is_command = any("command" in ast.unparse(each) for each in getattr(node, "decorator_list", ()))
            if ast.get_docstring(node, clean=False) is not None and not is_command:
                statement = node.body[0]
                assert isinstance(statement, ast.Expr)
                docstrings.add(id(statement.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def code(page: str) -> str:
    """The code blocks and code spans of a Markdown page. Its other text is about recto and contains no commands."""
    return "\n".join(block or span for block, span in re.findall(r"```(.*?)```|`([^`\n]+)`", page, re.DOTALL))


def unknown(text: str) -> list[str]:
    """The commands in `text` that do not exist."""
    missing = []
    for name, second, flags in _NAMED.findall(text):
        command = program.commands.get(name)
        if command is None:
            if name not in PROSE:
                missing.append(f"recto {name}")
            continue
        if isinstance(command, click.Group) and second:
            command = command.commands.get(second)
            if command is None:
                if not program.commands[name].invoke_without_command:  # type: ignore[attr-defined]
                    missing.append(f"recto {name} {second}")
                continue
        options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        missing += [f"recto {name} {flag}" for flag in flags.split() if flag not in options]
    return missing


def test_a_message_names_only_commands_that_exist() -> None:
    assert [(path, missing) for path in SOURCES for text in strings(path) for missing in unknown(text)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_names_only_commands_that_exist(path: Path) -> None:
    assert unknown(code(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("see: recto surgeon", ["recto surgeon"]),
        ("put it there with: recto mark 3 --queue", []),
        ("try recto mark --shelve", ["recto mark --shelve"]),
        ("recto fetch pdf", ["recto fetch pdf"]),
        ("recto log undo 4", []),
        ("recto reads it", []),
    ],
)
def test_a_command_that_does_not_exist_is_found(text: str, missing: list[str]) -> None:
    assert unknown(text) == missing
