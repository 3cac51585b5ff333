"""The arrows between the parts run one way, and nothing runs a shell."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(path.relative_to(ROOT) for folder in ("store", "tui") for path in (ROOT / folder).rglob("*.py"))
STORE = [path for path in MODULES if path.parts[0] == "store"]

# What each part of the store may import from the others, over and above the values in `paper` and the cleaning in
# `clean`, which all may. A format or an export knows no other part; `formats` and `export` are those folders.
MAY_IMPORT = {
    "paper": set(),
    "clean": set(),
    "identity": set(),
    "merge": set(),
    "years": set(),
    "schema": set(),
    "spelling": set(),
    "opening": set(),
    "places": set(),
    "query_values": {"identity"},
    "query": {"query_values"},
    "library": {"schema"},
    "shelf": {"identity", "merge"},
    "reading": {"library"},
    "report": {"shelf"},
    "views": {"reading"},
    "papers": {"changes", "identity", "reading", "shelf"},
    "index": {"spelling"},
    "indexing": {"index", "library"},
    "found": {"index", "library"},
    "ranking": {"spelling"},
    "conditions": {"identity", "index", "query", "reading", "spelling"},
    "search": {"conditions", "found", "index", "indexing", "library", "query", "ranking", "spelling", "views"},
    "newcomers": {"identity"},
    "ready": {"identity", "merge", "newcomers", "shelf", "years"},
    "stacks": {"identity", "merge", "newcomers", "reading", "ready", "shelf"},
    "dating": {"shelf", "stacks", "years"},
    "limits": set(),
    "source": {"formats", "limits", "opening"},
    "changes": {"identity", "shelf"},
    "feed": {"ready"},
    "frames": {"ready"},
    "apart_reading": {"formats", "frames", "limits", "opening", "ready", "source"},
    "apart": {"apart_reading", "feed", "formats", "frames", "limits", "ready", "source"},
    "batches": {"feed", "library", "ready", "report", "stacks"},
    "withdrawal": {"batches", "dating", "library", "report", "shelf", "stacks"},
    "watcher": {"library", "years"},
    "intake": {"importer", "library", "report", "watcher"},
    "importer": {
        "apart",
        "batches",
        "dating",
        "feed",
        "formats",
        "frames",
        "library",
        "limits",
        "opening",
        "ready",
        "report",
        "shelf",
        "source",
        "years",
    },
}
ALWAYS = {"paper", "clean"}


def imports(path: Path) -> Iterator[str]:
    """The dotted names that a module imports, wherever in it."""
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            module = node.module or ""
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def part(dotted: str) -> str | None:
    """The part of the store that a dotted name is in, if it is in one."""
    top, _, rest = dotted.partition(".")
    name = rest.partition(".")[0]
    folder = ROOT / "store" / name
    return name if top == "store" and name and (folder.is_dir() or folder.with_suffix(".py").is_file()) else None


def parts(path: Path) -> set[str]:
    return {found for dotted in imports(path) if (found := part(dotted))}


def own(path: Path) -> str:
    return path.with_suffix("").parts[1]


def test_the_store_loads_without_a_screen() -> None:
    names = [".".join(path.with_suffix("").parts) for path in STORE if path.name != "__init__.py"]
    # httpx brings a command of its own along, which draws with rich.
    names.sort(key="store.fetch".__eq__)
    code = (
        "import importlib, sys\n"
        f"for name in {names!r}:\n"
        "    loaded = {each.partition('.')[0] for each in sys.modules}\n"
        "    assert not {'textual', 'rich', 'tui'} & loaded, loaded\n"
        "    importlib.import_module(name)\n"
        "assert not {'textual', 'tui'} & {each.partition('.')[0] for each in sys.modules}\n"
    )
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert loaded.returncode == 0, loaded.stderr


def test_a_library_that_is_up_to_date_opens_without_what_makes_one(tmp_path: Path) -> None:
    """sqlite-utils takes longer to import than a start may take."""
    code = (
        "import sys; from pathlib import Path; from store.library import Library\n"
        "Library.open(Path(sys.argv[1])).close(); print('sqlite_utils' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "library.db")]
    starts = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert starts == ["True\n", "False\n"]


@pytest.mark.parametrize("path", STORE, ids=str)
def test_the_store_imports_no_screen(path: Path) -> None:
    assert not {"textual", "rich", "tui"} & {dotted.partition(".")[0] for dotted in imports(path)}


@pytest.mark.parametrize("path", [path for path in STORE if len(path.parts) == 2 and own(path) in MAY_IMPORT], ids=str)
def test_inside_the_store_the_arrows_run_one_way(path: Path) -> None:
    assert parts(path) <= MAY_IMPORT[own(path)] | ALWAYS


@pytest.mark.parametrize("folder", ["formats", "export"])
def test_a_format_knows_papers_and_text_and_nothing_of_the_library(folder: str) -> None:
    allowed = {"paper", "clean", "identity", folder}
    if folder == "export":
        allowed |= {"papers", "formats"}
    for path in STORE:
        if path.parts[1] == folder:
            assert parts(path) <= allowed, path


def test_there_is_no_circle_in_the_store() -> None:
    arrows: dict[str, set[str]] = {}
    for path in STORE:
        if path.name != "__init__.py" or len(path.parts) > 2:
            arrows.setdefault(own(path), set()).update(parts(path) - {own(path)})
    done: set[str] = set()

    def walk(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " -> ".join((*above, name))
        if name not in done:
            for below in sorted(arrows.get(name, ())):
                walk(below, (*above, name))
            done.add(name)

    for name in sorted(arrows):
        walk(name, ())
    assert {"importer", "search", "library"} <= done


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_nothing_runs_a_shell(path: Path) -> None:
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == "shell":
                    assert isinstance(keyword.value, ast.Constant), path
                    assert keyword.value.value is False, path
            called = ast.unparse(node.func)
            assert called not in {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}, path
            assert called not in {"asyncio.create_subprocess_shell", "pty.spawn"}, path
        elif isinstance(node, ast.ImportFrom) and node.module in ("os", "subprocess", "asyncio"):
            forbidden = {"system", "popen", "getoutput", "getstatusoutput", "create_subprocess_shell"}
            assert not forbidden & {alias.name for alias in node.names}, path
