"""The stored page is printed only while nothing on which it depends has changed, and cannot act on a terminal."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.library.library import Library
from store.marks import marking
from tests.tui.hostile import PAYLOADS
from tui.startup import last_page

SIZE = (80, 24)
LINES = ["\x1b[1;38;2;1;2;3m★ Glaciers\x1b[0m — 深い海", "plain", "\x1b[7m \x1b[0m"]
# Two changes of a file within this time (s) may have the same modification time.
TICK = 0.02


def conditions(path: Path, config: Path | None = None) -> str:
    """The conditions under which a stored page is valid, read after the file system's clock has advanced."""
    time.sleep(TICK)
    return last_page.conditions(str(path), config and str(config), SIZE)


def stored(path: Path) -> Path:
    """The file in which a page of a library is stored."""
    return path.with_name(f"{path.name}.page")


def test_a_stored_page_is_loaded_unchanged(path: Path) -> None:
    under = conditions(path)
    last_page.save(str(path), under, LINES)
    page = last_page.load(str(path), under)
    assert page == "".join(f"\x1b[{number};1H{line}" for number, line in enumerate(LINES, 1)).encode()
    assert stored(path).stat().st_mode & 0o777 == 0o600
    last_page.save(str(path), under, LINES[:1])
    assert last_page.load(str(path), under) == f"\x1b[1;1H{LINES[0]}".encode()


def mark(path: Path) -> None:
    with Library.open(path) as library:
        marking.bookmark(library, [1], True)


def commit_in_another_program(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE paper SET title = 'Another' WHERE id = 1")
    connection.commit()
    connection.close()


def replace(path: Path) -> None:
    shutil.copy2(path, path.with_suffix(".copy"))
    path.with_suffix(".copy").replace(path)


@pytest.mark.parametrize(
    "change", [mark, commit_in_another_program, replace, Path.unlink], ids=lambda each: each.__name__
)
def test_a_page_is_not_right_after_a_change_of_the_library(path: Path, change: Callable[[Path], object]) -> None:
    before = conditions(path)
    assert conditions(path) == before
    change(path)
    assert conditions(path) != before


def test_every_commit_changes_the_conditions_while_another_process_keeps_the_library_open(path: Path) -> None:
    reader = sqlite3.connect(path)
    reader.execute("SELECT count(*) FROM paper").fetchone()
    seen = {conditions(path)}
    with Library.open(path) as library:
        for number in range(1, 8):
            marking.bookmark(library, [1], bool(number % 2))
            if number == 4:
                # After this, SQLite writes the write-ahead log from its beginning again.
                library.reader().execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
            now = conditions(path)
            assert now not in seen
            seen.add(now)
    reader.close()


def test_opening_a_library_without_a_change_leaves_the_page_right(path: Path) -> None:
    before = conditions(path)
    with Library.open(path) as library:
        assert library.reader().execute("SELECT count(*) FROM paper").fetchone()
        assert library.data_version()
    assert conditions(path) == before


def test_a_page_depends_on_the_terminal_the_configuration_and_the_day(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    seen = [conditions(path, config)]
    config.write_text('theme = "recto-light"')
    seen.append(conditions(path, config))
    config.write_text('theme = "recto-dark"\n')
    seen.append(conditions(path, config))
    seen.append(last_page.conditions(str(path), str(config), (81, 24)))
    with monkeypatch.context() as patched:
        patched.setenv("NO_COLOR", "1")
        seen.append(conditions(path, config))
    with monkeypatch.context() as patched:
        patched.setattr(last_page, "__version__", "99")
        seen.append(conditions(path, config))
    with monkeypatch.context() as patched:
        patched.setattr(time, "strftime", lambda _: "2031-01-01")
        seen.append(conditions(path, config))
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_page_with_anything_but_text_and_colours_is_not_printed(path: Path, payload: str) -> None:
    under = conditions(path)
    text = PAYLOADS[payload]
    for line in (text, f"\x1b[{text}m", f"\x1b[1m{text}\x1b[0m"):
        stored(path).write_bytes("\n".join((under, line, under)).encode())
        page = last_page.load(str(path), under)
        if page is not None:
            assert all(part.split("m")[0].strip("0123456789;") == "" for part in page.decode().split("\x1b[")[2:])
            assert page.decode().replace("\x1b[", "").isprintable()
        # `save` does not store such a page either.
        last_page.save(str(path), under, [line])
        assert last_page.load(str(path), under) in (None, page)


@given(st.binary(max_size=200))
def test_a_page_of_any_bytes_is_refused_or_safe(data: bytes) -> None:
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError:
        return
    for line in filter(last_page.is_safe, lines):
        assert line.replace("\x1b[", "").isprintable()


@pytest.mark.parametrize("cut", [1, 5, 60])
def test_a_page_that_was_written_in_part_is_not_printed(path: Path, cut: int) -> None:
    under = conditions(path)
    last_page.save(str(path), under, LINES)
    stored(path).write_bytes(stored(path).read_bytes()[:-cut])
    assert last_page.load(str(path), under) is None


def test_a_page_of_absurd_size_is_neither_stored_nor_read(path: Path) -> None:
    under = conditions(path)
    last_page.save(str(path), under, ["x" * (1 << 20)])
    assert stored(path).read_bytes() == b""
    stored(path).write_bytes("\n".join((under, "x" * (1 << 20), under)).encode())
    assert last_page.load(str(path), under) is None


def test_a_page_file_that_recto_did_not_make_is_left_alone(path: Path, tmp_path: Path) -> None:
    under = conditions(path)
    other = tmp_path / "other"
    content = "\n".join((under, "text", under))

    def link() -> None:
        stored(path).symlink_to(other)

    def second_name() -> None:
        stored(path).hardlink_to(other)

    def pipe() -> None:
        os.mkfifo(stored(path))

    def folder() -> None:
        stored(path).mkdir()

    for make in (link, second_name, pipe, folder):
        other.write_text(content)
        make()
        assert last_page.load(str(path), under) is None
        with contextlib.suppress(OSError):
            last_page.save(str(path), under, LINES)
        assert other.read_text() == content
        stored(path).rmdir() if stored(path).is_dir() else stored(path).unlink()
