"""The paths of the library and the configuration.

The fast code for the first page must find the same paths as the rest of the program.
"""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs
import pytest

from store.library.config_and_library_paths import config_path, library_path, places


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only platformdirs knows the folders")
@pytest.mark.parametrize("home", [None, "", "/", "/home/reader", "/home/reader/", "relative", "~"])
@pytest.mark.parametrize("folder", [None, "", " ", "/data", "/data/", "/with blank/", "relative", " /x", "/x ", "~/x"])
def test_the_default_paths_of_library_and_configuration_are_those_of_platformdirs(
    monkeypatch: pytest.MonkeyPatch, home: str | None, folder: str | None
) -> None:
    for name, value in {"HOME": home, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder}.items():
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    usual = {
        library_path(): lambda: platformdirs.user_data_path("recto", appauthor=False) / "library.db",
        config_path(): lambda: platformdirs.user_config_path("recto", appauthor=False) / "config.toml",
    }
    for path, expected in usual.items():
        if path is not None:
            assert Path(path) == expected()
    if (home or "").startswith("/") and (folder is None or folder == "/data"):
        assert None not in usual
        assert places().library == Path(str(library_path()))
        assert places().config == Path(str(config_path()))


@pytest.mark.parametrize("named", ["/a/b.db", "b.db", "../b.db", "~/b.db", "~nobody/b.db", "a b%2f?#.db"])
def test_the_first_page_shows_the_library_that_the_reader_opens(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv("RECTO_LIBRARY", named)
    path = library_path()
    assert (path is None) == named.startswith("~")
    assert library_path(named) == path
    if path is not None:
        assert Path(path) == places().library == places(Path(named)).library
