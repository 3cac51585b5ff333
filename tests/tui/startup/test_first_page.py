"""What the first page stands on: little is imported, and what it knows by itself is what the others know."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, set_cell_size

from store.library import schema
from store.library.library import Library
from store.library.paths import config_path, library_path, places
from store.marks import marks
from store.papers import views
from store.papers.views import View
from store.text import tex
from tests.tui.hostile import PAYLOADS
from tui.render import cell_width, display_text
from tui.settings.session import Session
from tui.startup import first_page, frame, splash
from tui.startup.frame import Frame

# What may be imported before the first page is on the screen, over and above what the interpreter has by itself.
OURS = {
    "store",
    "store.library",
    "store.library.paths",
    "tui",
    "tui.render",
    "tui.startup",
    "tui.__main__",
    "tui.render.cell_width",
    "tui.startup.splash",
    "tui.startup.first_page",
    "tui.startup.frame",
    "tui.render.paper_line",
    "tui.render.display_text",
}
THEIRS = {
    "signal",
    "enum",
    "types",
    "operator",
    "keyword",
    "reprlib",
    "itertools",
    "functools",
    "collections",
    "termios",
}
# From Python 3.12 on it has warnings.
SQLITE = {"sqlite3", "sqlite3.dbapi2", "_sqlite3", "datetime", "_datetime", "time", "math", "warnings"}
# So many modules the whole reader takes at most, and so many of them are recto's. Textual alone is 350; each one more
# is up to a millisecond.
MOST_MODULES = 424
MOST_OWN = 74
# Nothing of these is needed before somebody asks for what they do.
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
    "ssl",
    "tantivy",
    "tomllib",
    "textual.types",
    "textual.widgets._directory_tree",
    "textual.widgets._select",
    "textual.widgets._text_area",
    "textual.widgets._footer",
    "textual.widgets._header",
    "rich.traceback",
    "store.formats.registry",
    "store.importing.importer",
    "store.fetching.fetch",
    "store.search.window",
    "store.matching.identity",
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
    "tui.render.addresses",
    "tui.render.paper_page",
    "tui.actions.palette",
    "tui.cli.output",
    "tui.screens.dialogs",
    "tui.screens.note_dialog",
    "tui.actions.moving",
    "tui.actions.finding",
    "tui.actions.marking",
    "tui.actions.opening",
    "tui.actions.program",
)


def modules(code: str, *words: str) -> set[str]:
    """What is imported when `code` has run in an interpreter of its own, without what that has by itself."""
    before = "import sys; before = set(sys.modules)\n"
    after = "\nprint(*sorted(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", before + code + after, *words], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_before_the_first_page_next_to_nothing_is_imported(path: Path) -> None:
    code = (
        "from tui import __main__ as way_in; from tui.startup import first_page, splash\n"
        "library = way_in._library(['--library', sys.argv[1]])\n"
        "splash._can_show()\n"
        "first_page.read(library, splash.config_path(), (80, 24))"
    )
    found = modules(code, str(path))
    assert {"tui.startup.first_page", "sqlite3"} <= found
    private = {name for name in found if name.startswith("_")}
    assert found - OURS - THEIRS - SQLITE - {"collections.abc"} - private == set()


def test_a_page_is_drawn_with_nothing_more(path: Path) -> None:
    code = (
        "from tui.startup import frame, first_page\n"
        "styles = {'plain': ('', '')}\n"
        "around = frame.Frame('', '', 0, 0, 80, 20, False, styles, ())\n"
        "row = first_page.Row(1, 'Glaciers — “Slow” Networks, naïvely', 'Ø. Å', 3, None, '2026-07-01', None, 5, 2, 1,\n"
        "    'new', 3, ('sea-ice',), None)\n"
        "page = first_page.FirstPage(around, [row], 0)\n"
        "assert 'Glaciers' in page.painted.decode() and not page.rest()"
    )
    assert not {"re", "typing", "rich", "textual", "msgspec", "store.text.clean", "unicodedata"} & modules(code)


def test_the_reader_stands_without_what_only_commands_and_imports_need() -> None:
    found = modules(
        "import tui.startup.open_reader, tui.startup.lean\nwith tui.startup.lean.imports(): import tui.startup.handover"
    )
    assert "textual.app" in found
    late = {name for name in found if name in LATE or name.startswith(tuple(f"{each}." for each in LATE))}
    assert late == set()
    assert len(found) <= MOST_MODULES
    assert len([name for name in found if name.partition(".")[0] in ("store", "tui")]) <= MOST_OWN


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux is it known without platformdirs")
@pytest.mark.parametrize("home", [None, "", "/", "/home/reader", "/home/reader/", "relative", "~"])
@pytest.mark.parametrize("folder", [None, "", " ", "/data", "/data/", "/with blank/", "relative", " /x", "/x ", "~/x"])
def test_the_usual_places_are_those_of_platformdirs(
    monkeypatch: pytest.MonkeyPatch, home: str | None, folder: str | None
) -> None:
    for name, value in {"HOME": home, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder}.items():
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    known = {
        library_path(): lambda: platformdirs.user_data_path("recto", appauthor=False) / "library.db",
        config_path(): lambda: platformdirs.user_config_path("recto", appauthor=False) / "config.toml",
    }
    for path, theirs in known.items():
        if path is not None:
            assert Path(path) == theirs()
    if (home or "").startswith("/") and (folder is None or folder == "/data"):
        assert None not in known
        assert places().library == Path(str(library_path()))
        assert places().config == Path(str(config_path()))


@pytest.mark.parametrize("named", ["/a/b.db", "b.db", "../b.db", "~/b.db", "~nobody/b.db", "a b%2f?#.db"])
def test_a_library_that_is_named_is_the_one_that_is_opened(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv("RECTO_LIBRARY", named)
    found = library_path()
    assert (found is None) == named.startswith("~")
    assert library_path(named) == found
    if found is not None:
        assert Path(found) == places().library == places(Path(named)).library


@given(st.text(max_size=40), st.integers(0, 30))
def test_a_simple_text_is_measured_cut_and_left_as_it_is(text: str, width: int) -> None:
    assert cell_width.width(text) == cell_len(text)
    assert cell_width.cut(text, width) == set_cell_size(text, width)
    if cell_width.is_simple(text):
        assert cell_len(text) == len(text)
        assert display_text.drawable(text) == text
    if display_text.is_light(text):
        assert tex.for_display(text) == text
        assert display_text.title(text) == " ".join(text.split())


def test_every_letter_that_is_taken_for_simple_takes_one_cell_and_is_safe() -> None:
    from store.text.clean import clean

    simple = [letter for letter in map(chr, range(sys.maxunicode + 1)) if cell_width.is_simple(letter)]
    assert len(simple) > 500
    for letter in simple:
        assert cell_len(letter) == 1
        assert clean(letter) == letter
        # Side by side they become nothing else.
        assert clean(f"e{letter}n") == f"e{letter}n"


def test_what_is_known_without_the_store_is_what_the_store_knows() -> None:
    fresh = Session()
    assert (
        tuple(getattr(fresh, name) for name in ("view", "filter", "sort", "paper", "line", "list_share", "theme"))
        == first_page._FRESH
    )
    assert schema.APPLICATION_ID.to_bytes(4, "big") == first_page.OURS


def orders(library: Library, view: View, sort: views.Sort) -> list[int]:
    """The papers of a view, the slow and obvious way."""
    reader = library.reader()
    chosen = views.selection(reader, view)
    query = f"SELECT p.id FROM paper p {chosen.join} WHERE {chosen.where} ORDER BY {views.order(chosen, sort)}"
    return [number for (number,) in reader.execute(query, chosen.values)]


VIEWS = ("new", "all", "queue", "bookmarks", "reading", "done", "hidden", "undated", "tag:nlp", "day:2026-07-02")


@pytest.mark.parametrize("view", VIEWS)
def test_the_first_page_has_the_papers_of_the_view_in_its_order(library: Library, view: str) -> None:
    everything = [number for (number,) in library.reader().execute("SELECT id FROM paper ORDER BY id")]
    with library.writing() as connection:
        # Days that are the same, and none at all.
        connection.execute("UPDATE paper SET published = '2026-06-30' WHERE id % 3 = 1")
        connection.execute("UPDATE paper SET published = NULL WHERE id % 5 = 0")
        # Once more, and last, in the same listing.
        connection.execute(
            "INSERT INTO entry (listing_id, position, paper_id, listed_on, yearless) SELECT listing_id, 900,"
            " paper_id, listed_on, 0 FROM entry WHERE listed_on IS NOT NULL ORDER BY id LIMIT 1"
        )
    marks.queue(library, everything[::2], True)
    marks.bookmark(library, everything[1:4], True)
    marks.tag(library, everything[2:], add=["nlp"])
    for status, number in zip(("reading", "reading", "done", "hidden", "hidden"), everything[1:], strict=False):
        marks.status(library, [number], status)  # type: ignore[arg-type]
    reader = library.reader()
    wanted = orders(library, View.parse(view), "best")
    assert wanted
    for page in (1, 3, 50):
        found = first_page._ids(reader, view, "best", None, page)
        assert found is not None
        assert list(found) == wanted
        for at, paper in enumerate(wanted):
            for line in (0, 1, 2):
                ids = first_page._ids(reader, view, "best", paper, line + page)
                assert ids is not None
                shown = first_page._window(ids, paper, line, page)
                if line >= page and at:
                    assert shown is None
                    continue
                first = min(max(0, at - line), max(0, len(wanted) - page))
                assert shown == (wanted[first : first + page], at - first)
    # A paper that has gone.
    ids = first_page._ids(reader, view, "best", 10**6, 3)
    assert ids is not None
    assert first_page._window(ids, 10**6, 1, 3) == (wanted[:3], 0)


def test_an_order_without_an_index_is_left_to_the_reader(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = library.reader()
    assert first_page._ids(reader, "all", "title", None, 9) is None
    assert first_page._ids(reader, "trending", "best", None, 9) is None
    assert first_page._ids(reader, "all:of it", "best", None, 9) is None
    marks.bookmark(library, [1, 2, 3], True)
    assert first_page._ids(reader, "bookmarks", "best", None, 9) is not None
    monkeypatch.setattr(first_page, "_DEEPEST", 2)
    assert first_page._ids(reader, "bookmarks", "best", None, 9) is None


MADE = Frame(
    "for this", "recto-dark", 0, 1, 79, 21, False, {"plain": ("1;38;2;1;2;3", "")}, ((("1", "abc"), ("", "")),)
)


def test_a_frame_comes_back_as_it_was_kept() -> None:
    assert frame.load(frame.dump(MADE)) == MADE


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_frame_that_was_tampered_with_cannot_act_on_the_terminal(payload: str) -> None:
    text = PAYLOADS[payload]
    for made in (
        MADE._replace(lines=((("1", text),),)),
        MADE._replace(lines=(((text, "abc"),),)),
        MADE._replace(styles={"plain": (text, "")}),
    ):
        try:
            loaded = frame.load(frame.dump(made))
        except ValueError:
            continue
        drawn = first_page.FirstPage(loaded, [], 0).painted.decode()
        assert all(shown.isprintable() for line in loaded.lines for _, shown in line)
        assert all(part[:1] == "[" for part in drawn.split("\x1b")[1:])


def test_a_frame_for_a_larger_terminal_is_not_painted(path: Path) -> None:
    with Library.open(path) as library, library.writing() as connection:
        for width in (81, 10**9):
            connection.execute(
                "INSERT OR REPLACE INTO setting VALUES (?, ?)",
                (frame.key(80, 24), frame.dump(MADE._replace(width=width, theme="recto-dark"))),
            )
    assert first_page.read(str(path), None, (80, 24)) is None


def test_nothing_is_painted_of_what_is_no_library(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    (tmp_path / "text").write_text("a text of more than a hundred letters " * 9)
    for name in ("pipe", "empty", "text", "nowhere", "."):
        before = sorted(tmp_path.iterdir())
        assert first_page.read(str(tmp_path / name), None, (80, 24)) is None
        assert sorted(tmp_path.iterdir()) == before


def test_the_door_asks_the_terminal_for_what_textual_asks_it() -> None:
    import pty
    import termios

    from textual.drivers.linux_driver import LinuxDriver

    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)
    raw = splash._raw(before)
    assert raw[3] == LinuxDriver._patch_lflag(before[3])
    assert raw[0] == LinuxDriver._patch_iflag(before[0])
    assert before == termios.tcgetattr(slave)
    os.close(master)
    os.close(slave)
