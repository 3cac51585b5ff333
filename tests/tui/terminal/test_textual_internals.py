"""The adapter to Textual's private names: only it uses them, it detects missing ones, and recto works without them."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import textual

from tests.scenarios import papers
from tests.scenarios.terminal import Terminal, run
from tests.scenarios.test_leaving import is_as_it_was
from tui.terminal import textual_names
from tui.terminal.textual_names import EXPECTED

TUI = Path(textual_names.__file__).parents[1]
TEXTUAL = Path(textual.__file__).parent
# Code that runs before the program: it replaces one of Textual's names, or one of its modules, by another name.
RENAMING = """
import re, sys
from importlib.machinery import PathFinder, SourceFileLoader

OLD, NEW = {name!r}, {name!r} + "_renamed"
WORD = re.compile(rb"\\b" + OLD.encode() + rb"\\b")


class Renamed(SourceFileLoader):
    def get_code(self, fullname):
        return compile(WORD.sub(NEW.encode(), self.get_data(self.path)), self.path, "exec", dont_inherit=True)


class Finder:
    def find_spec(self, fullname, path=None, target=None):
        parent, _, name = fullname.rpartition(".")
        if parent.split(".")[0] != "textual":
            return None
        if name == OLD:
            raise ModuleNotFoundError(fullname, name=fullname)
        spec = PathFinder.find_spec(f"{{parent}}.{{OLD if name == NEW else name}}", path)
        if name == NEW or spec and spec.has_location and WORD.search(spec.loader.get_data(spec.origin)):
            spec.name, spec.loader = fullname, Renamed(fullname, spec.origin)
        return spec


sys.meta_path.insert(0, Finder())
"""


def names() -> Iterator[str]:
    """The names in `EXPECTED` that are not public: private names of modules and attributes, and classes."""
    for place, attributes in EXPECTED.items():
        module, _, owner = place.partition(":")
        private = [name.partition("(")[0] for name in attributes.split()]
        yield from (name for name in module.split(".") if name.startswith("_"))
        yield from (name for name in private if re.match(r"_[a-z]", name))
        if owner not in ("App", "Screen", "Widget"):
            yield owner


NAMES = sorted(set(names()))
# One name is about drawing, the other about the driver. `make faults` tries all names.
SAMPLE = ("_dirty_regions", "_key_thread")


def test_this_version_of_textual_has_every_name() -> None:
    assert textual_names.MISSING == []
    assert len(NAMES) > 35


def test_no_other_module_uses_a_private_name_of_textual() -> None:
    words = {word for path in TEXTUAL.rglob("*.py") for word in re.findall(r"\b_[a-z]\w*", path.read_text())}
    for path in TUI.rglob("*.py"):
        if path.name in ("textual_names.py", "textual_internals.py"):
            continue
        tree = ast.parse(path.read_text())
        modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert not [name for name in modules if name.startswith("textual") and "._" in name], path
        # A private name that Textual uses may also be defined in a module of recto, but none of the names in the table
        # may.
        defined = {name for node in ast.walk(tree) for name in definitions(node)}
        used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & words
        assert used - defined - NAMED_TUPLE == set(), path
        if any(name.startswith("textual") for name in modules):
            assert (defined | used) & set(NAMES) - COMMON == set(), path


# Methods of named tuples. They are public although their names begin with an underscore.
NAMED_TUPLE = {"_replace", "_asdict", "_fields"}
# Names in the table that also occur in classes that are not derived from Textual's.
COMMON = {"_file", "_debug"}


def definitions(node: ast.AST) -> list[str]:
    """The name of a function, or the names and attributes that a statement assigns to."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    inner = [each for target in targets for each in ast.walk(target)]
    return [each.attr for each in inner if isinstance(each, ast.Attribute)]


@pytest.mark.parametrize("place", EXPECTED)
def test_missing_names_of_textual_are_reported(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Bare:
        """A class without any of the expected attributes."""

    object_at = textual_names.named
    monkeypatch.setattr(textual_names, "named", lambda asked: Bare if asked == place else object_at(asked))
    missing = textual_names.missing()
    assert missing == [f"{place}.{name}" for name in EXPECTED[place].split()]
    monkeypatch.setattr(textual_names, "named", lambda asked: None if asked == place else object_at(asked))
    assert textual_names.missing() == [place]


def test_changed_parameters_of_a_method_are_reported() -> None:
    class Changed:
        def __init__(self) -> None:
            self.attribute = 1

        def method(self, one: int, two: int) -> None: ...

    assert textual_names.has(Changed, "attribute")
    assert textual_names.has(Changed, "method(one,two)")
    assert not textual_names.has(Changed, "method(one)")
    assert not textual_names.has(Changed, "method()")
    assert not textual_names.has(Changed, "another()")
    assert not textual_names.has(Changed, "another")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in SAMPLE else pytest.mark.faults) for name in NAMES]
)
def test_the_reader_starts_draws_and_ends_when_textual_has_renamed_a_name(name: str, tmp_path: Path) -> None:
    library = tmp_path / "library.db"
    listing = papers.write(tmp_path / "listing", papers.AUTUMN, papers.AUTUMN_DAY)
    run("--library", library, "import", listing)
    (tmp_path / "sitecustomize.py").write_text(RENAMING.format(name=name))
    env = {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(TUI.parent)]), "RECTO_CONFIG": ""}
    for _ in range(2):
        with Terminal("--library", library, size=(100, 30), env=env) as screen:
            screen.shows("papers", "Persimmon")
            # A bookmark removes a paper from the view of new papers, but not from the view of all papers.
            screen.press("2")
            screen.shows(" All", "24 papers")
            screen.press("j", "b")
            screen.shows("bookmark")
            screen.press("/", *"tree rings")
            screen.shows("Interpretable Weather from Tree Rings", "1 paper")
            screen.press("escape")
            screen.shows("24 papers")
            screen.press("?")
            screen.shows("one line down")
            screen.press("escape", "q")
            assert screen.ends() == 0
            assert is_as_it_was(screen)
            assert b"recto stopped" not in screen.output
    # Textual's own driver would clear a first page, so none is stored.
    assert not Path(f"{library}.page").exists()
    with Terminal("--library", library, size=(100, 30), env=env) as screen:
        screen.shows("24 papers")
        screen.press("ctrl+c")
        assert screen.ends() == 130
        assert is_as_it_was(screen)
