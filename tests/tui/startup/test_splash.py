"""The first page: which modules are imported before it is printed, and which terminal it uses."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

from textual.drivers.linux_driver import LinuxDriver

from tui.startup import splash

# The modules that may be imported before the first page is printed, besides those that every interpreter has.
OWN = {
    "store",
    "store.library",
    "store.library.config_and_library_paths",
    "tui",
    "tui.__main__",
    "tui.startup",
    "tui.startup.last_page",
    "tui.startup.splash",
}
STANDARD = {
    "signal",
    "enum",
    "types",
    "operator",
    "keyword",
    "reprlib",
    "itertools",
    "functools",
    "collections",
    "collections.abc",
    "termios",
}
# The maximum number of modules that recto may import at its start: of recto and its packages, and of recto alone.
# Textual has 350 modules. Each module takes up to a millisecond.
MOST_MODULES = 331
MOST_OWN = 121
# The same for the standard library. Its modules differ between versions of Python: 3.11 imports 149, 3.14 imports 161.
MOST_STANDARD = 149 if sys.version_info < (3, 12) else 161
# Modules that recto imports only when a key or an import needs them.
LATE = (
    "click",
    "sqlite_utils",
    "numpy",
    "httpx",
    "bibtexparser",
    "selectolax",
    "linkify_it",
    "pylatexenc",
    "watchfiles",
    "anyio",
    "multiprocessing",
    "importlib.resources",
    "hashlib",
    "json",
    "rapidfuzz",
    "tantivy",
    "tomllib",
    "textual.widgets._text_area",
    "textual.widgets._footer",
    "textual.widgets._header",
    "rich.traceback",
    "store.formats.registry",
    "store.importing.importer",
    "store.fetching.fetch",
    "store.search.window",
    "store.matching.same_paper",
    "store.search.index",
    "store.search.index_sync",
    "store.matching.merge",
    "store.importing.log",
    "store.search.search",
    "store.importing.folders",
    "tui.cli.group",
    "tui.render.citation",
    "tui.workers.fetch_process",
    "tui.workers.import_process",
    "store.text.tex",
    "store.papers.addresses",
    "tui.render.paper_page",
    "tui.actions.palette",
    "tui.cli.output",
    "tui.render.fuzzy_match",
    "tui.screens.dialogs",
    "tui.screens.help_dialog",
    "tui.screens.help_page",
    "tui.screens.path_completion",
    "tui.screens.path_dialog",
    "tui.screens.log_dialog",
    "tui.screens.log_page",
    "tui.workers.withdrawal",
    "tui.screens.palette_dialog",
    "tui.terminal.layouts",
    "tui.widgets.choice_list",
    "tui.screens.note_dialog",
    "tui.actions.moving",
    "tui.actions.finding",
    "tui.actions.marking",
    "tui.actions.opening",
    "tui.actions.program",
)


def modules(code: str, *words: str) -> set[str]:
    """The modules that a new interpreter imports for `code`, without those that every interpreter imports."""
    before = "import sys; before = set(sys.modules)\n"
    after = "\nprint(*sorted(set(sys.modules) - before))"
    process = subprocess.run(
        [sys.executable, "-P", "-c", before + code + after, *words], capture_output=True, text=True, check=True
    )
    return set(process.stdout.split())


def test_next_to_nothing_is_imported_before_the_first_page_is_printed(path: Path) -> None:
    imported = modules(
        "from tui import __main__\n"
        "from tui.startup import last_page, splash\n"
        "library = __main__._library(['--library', sys.argv[1]])\n"
        "splash._can_show()\n"
        "conditions = last_page.conditions(library, splash.config_path(), (80, 24))\n"
        "last_page.save(library, conditions, ['a page'])\n"
        "assert last_page.load(library, conditions)",
        str(path),
    )
    assert imported >= OWN - {"tui.__main__"}
    assert {name for name in imported if not name.startswith("_")} - OWN - STANDARD == set()


def test_the_reader_imports_nothing_that_only_commands_and_imports_need() -> None:
    imported = modules("import tui.startup.open_reader, tui.startup.handover")
    assert "textual.app" in imported
    assert {name for name in imported if name.startswith(tuple(f"{late}." for late in LATE)) or name in LATE} == set()
    standard = {name for name in imported if name.partition(".")[0] in sys.stdlib_module_names}
    assert len(standard) <= MOST_STANDARD
    assert len(imported - standard) <= MOST_MODULES
    assert len([name for name in imported if name.partition(".")[0] in ("store", "tui")]) <= MOST_OWN


def test_the_splash_sets_the_attributes_that_textual_sets() -> None:
    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)
    raw = splash._raw(before)
    assert raw[3] == LinuxDriver._patch_lflag(before[3])
    assert raw[0] == LinuxDriver._patch_iflag(before[0])
    assert before == termios.tcgetattr(slave)
    os.close(master)
    os.close(slave)
