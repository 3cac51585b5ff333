"""Settings are stored in the library as pairs of a key and a text."""

from __future__ import annotations

from pathlib import Path

from store.library import settings
from store.library.library import Library


def test_a_setting_is_read_back_and_replaced(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.db") as library:
        assert settings.get(library.reader(), "colour") is None
        for value in ("blue", "", "grün 🌿"):
            with library.writing() as connection:
                settings.put(connection, "colour", value)
            assert settings.get(library.reader(), "colour") == value
        assert settings.get(library.reader(), "size") is None


def test_a_number_that_is_missing_or_no_number_is_zero(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.db") as library:
        assert settings.get_number(library.reader(), "last") == 0
        with library.writing() as connection:
            settings.put(connection, "last", "42")
            settings.put(connection, "name", "x")
        assert settings.get_number(library.reader(), "last") == 42
        assert settings.get_number(library.reader(), "name") == 0
