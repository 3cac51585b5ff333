"""Packages import only from packages of lower levels, without cycles, and nothing runs a shell."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODULES = sorted(path.relative_to(ROOT) for folder in ("store", "tui") for path in (ROOT / folder).rglob("*.py"))
STORE = [path for path in MODULES if path.parts[0] == "store"]

# The level of each unit. A unit is a package with all its modules, or a single module that has a line of its own. A
# module may import from its own unit and from units of lower levels, wherever in the module the import is. Every module
# must belong to a unit with a level: an unknown package or a new module beside the packages fails the test.
LEVELS = {
    "store": 0,
    "store.model": 1,
    "store.text": 2,
    "store.library": 2,
    "store.matching": 2,
    "store.marks": 3,
    "store.formats": 3,
    "store.papers": 4,
    # The code that splits texts into words, and determines which words are forms of the same word. Ranking imports it
    # too.
    "store.search.tokenizer": 3,
    "store.search.inflections": 3,
    "store.search.spellings": 3,
    "store.search.ordinary_words": 3,
    "store.ranking": 4,
    "store.fetching": 4,
    "store.fetching.retraction_watch": 5,
    "store.texts": 4,
    "store.pictures": 5,
    "store.search": 5,
    "store.exporting": 6,
    "store.statistics": 7,
    "store.digest": 7,
    "store.importing": 5,
    "store.sync": 6,
    "store.doctor": 6,
    "tui": 6,
    # The tables of views, actions and words, and the trie of keys, have a lower level than the screens, which import
    # them. The other modules of tui/actions have a higher level, because they import the screens.
    "tui.actions.view_keys": 7,
    "tui.actions.other_words": 7,
    "tui.actions.key_sequences": 7,
    "tui.actions.actions_and_keys": 8,
    "tui.render": 8,
    # The code that prints the output of commands. The running program also imports it, to print its last messages when
    # it ends.
    "tui.cli.output": 9,
    "tui.cli.exit_codes": 10,
    # The code that prints the first page before anything else is imported. The driver imports it to take over the
    # terminal.
    "tui.startup.last_page": 7,
    "tui.startup.splash": 8,
    "tui.settings": 9,
    "tui.workers": 9,
    "tui.terminal": 9,
    "tui.widgets": 10,
    "tui.screens": 11,
    "tui.actions": 12,
    "tui.app": 13,
    "tui.startup": 14,
    "tui.cli": 15,
    "tui.__main__": 16,
}


def dotted(path: Path) -> str:
    """The dotted name of the module in the file at this path."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {dotted(path): path for path in MODULES}


@cache
def parsed(path: Path) -> tuple[ast.AST, ...]:
    """All nodes of the syntax tree of a module."""
    return tuple(ast.walk(ast.parse((ROOT / path).read_text("utf-8"))))


def imports(path: Path) -> Iterator[str]:
    """The dotted names that a module imports, at its top level or inside functions."""
    for node in parsed(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            module = node.module or ""
            for alias in node.names:
                full = f"{module}.{alias.name}"
                yield full if full in NAMES else module


def imported_modules(path: Path) -> set[str]:
    """The modules of recto that a module imports."""
    return {name for name in imports(path) if name in NAMES}


def unit(module: str) -> str:
    """The unit of a module of recto: the module itself if it has a level.

    If not, its package, the first two parts of its name.
    """
    return module if module in LEVELS else ".".join(module.split(".")[:2])


def test_the_store_loads_without_a_screen() -> None:
    names = [".".join(path.with_suffix("").parts) for path in STORE if path.name != "__init__.py"]
    # httpx imports rich for its own command line, so the modules that import httpx are last here.
    with_httpx = [
        "store.fetching.retraction_watch",
        "store.fetching.http_get",
        "store.fetching.retraction_watch",
        "store.fetching.fetch",
        "store.fetching.fetch_text",
        "store.fetching.fetch_pictures",
    ]
    code = (
        "import importlib, sys\n"
        f"for name in {[name for name in names if name not in with_httpx]!r}:\n"
        "    importlib.import_module(name)\n"
        "    loaded = {each.partition('.')[0] for each in sys.modules}\n"
        "    assert not {'textual', 'rich', 'tui'} & loaded, name\n"
        f"for name in {with_httpx!r}:\n"
        "    importlib.import_module(name)\n"
        "assert not {'textual', 'tui'} & {each.partition('.')[0] for each in sys.modules}\n"
    )
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert loaded.returncode == 0, loaded.stderr


def test_a_library_that_is_up_to_date_opens_without_what_makes_one(tmp_path: Path) -> None:
    """To open an existing library, sqlite-utils is not imported: that would take longer than a start may take."""
    code = (
        "import sys; from pathlib import Path; from store.library.library import Library\n"
        "Library.open(Path(sys.argv[1])).close(); print('sqlite_utils' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "library.db")]
    starts = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert starts == ["True\n", "False\n"]


def test_the_store_imports_no_screen() -> None:
    screens = {"textual", "rich", "tui"}
    assert [(path, name) for path in STORE for name in imports(path) if name.partition(".")[0] in screens] == []


def test_every_module_imports_only_downwards() -> None:
    without_level = {unit(module) for module in NAMES} - set(LEVELS)
    assert not without_level, "add them to LEVELS"
    upwards = [
        f"{module} imports {imported}"
        for module, path in NAMES.items()
        for imported in imported_modules(path)
        if unit(imported) != unit(module) and LEVELS[unit(imported)] >= LEVELS[unit(module)]
    ]
    assert upwards == []


def import_cycle(imports_of: Mapping[str, set[str]]) -> list[str]:
    """The modules of one import cycle, with the first one repeated at the end. Empty when there is no cycle."""
    finished: set[str] = set()

    def walk(name: str, path: tuple[str, ...]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name not in finished:
            for imported in sorted(imports_of[name]):
                if cycle := walk(imported, (*path, name)):
                    return cycle
            finished.add(name)
        return []

    return next((cycle for name in sorted(imports_of) if (cycle := walk(name, ()))), [])


def test_no_module_imports_itself_through_others() -> None:
    assert import_cycle({name: imported_modules(path) for name, path in NAMES.items()}) == []


def test_every_unit_with_a_level_exists() -> None:
    assert set(LEVELS) <= set(NAMES)


def test_an_import_cycle_is_noticed() -> None:
    assert import_cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]


def test_nothing_runs_a_shell() -> None:
    assert [(path, ast.unparse(node)) for path in MODULES for node in parsed(path) if runs_a_shell(node)] == []


def runs_a_shell(node: ast.AST) -> bool:
    """Whether a part of a module runs a shell, or imports a function that does."""
    if isinstance(node, ast.Call):
        has_shell = any(each.arg == "shell" and ast.unparse(each.value) != "False" for each in node.keywords)
        return has_shell or ast.unparse(node.func) in {
            "os.system",
            "os.popen",
            "subprocess.getoutput",
            "subprocess.getstatusoutput",
            "asyncio.create_subprocess_shell",
            "pty.spawn",
        }
    if isinstance(node, ast.ImportFrom) and node.module in ("os", "subprocess", "asyncio"):
        forbidden = {"system", "popen", "getoutput", "getstatusoutput", "create_subprocess_shell"}
        return bool(forbidden & {alias.name for alias in node.names})
    return False
