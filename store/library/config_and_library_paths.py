"""The paths of the library, of its inbox, and of the configuration file.

The inbox is a folder beside the library; files that are put there are imported. This module imports almost nothing at
its top, because recto loads it before it shows its first page, and imports would delay that page. So there are two ways
to find a path: `library_path` and `config_path` for the first page, and the slower `places` for all else. Both must
return the same paths, which tests/store/library/test_config_and_library_paths.py checks.
"""

from __future__ import annotations

import os
import sys
from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Literal

_NAME = "recto"
_LIBRARY = "library.db"
_CONFIG = "config.toml"
# For each kind of folder: its XDG environment variable, and the path below the home folder if the variable is not set.
_XDG = {"data": ("XDG_DATA_HOME", ".local/share"), "config": ("XDG_CONFIG_HOME", ".config")}


class Places(namedtuple("_Places", ("library", "inbox", "config"))):
    """The paths of a library's database, of its inbox, and of the configuration file."""

    __slots__ = ()
    library: Path
    inbox: Path
    config: Path


def library_path(named: str | None = None) -> str | None:
    """The absolute path of the library `named`. If `named` is None, the same path as `places(None)` returns.

    Returns None if platformdirs or pathlib is needed to find the path. In that case, call `places`, which is slower.
    """
    return _absolute(named or os.environ.get("RECTO_LIBRARY") or _usual("data", _LIBRARY))


def config_path() -> str | None:
    """The absolute path of the configuration file, or None if platformdirs or pathlib is needed to find it."""
    return _absolute(os.environ.get("RECTO_CONFIG") or _usual("config", _CONFIG))


def places(library: Path | None = None) -> Places:
    """The paths for the library `library`.

    If `library` is None, the path in the environment variable RECTO_LIBRARY is used, or else a path in the user's data
    folder.

    Raises LibraryError when a path begins with "~" and the home folder is not known.
    """
    from pathlib import Path

    library_variable, config_variable = os.environ.get("RECTO_LIBRARY"), os.environ.get("RECTO_CONFIG")
    named = library or (Path(library_variable) if library_variable else None)
    try:
        path = (named or _in("data", _LIBRARY)).expanduser().absolute()
        config = (Path(config_variable) if config_variable else _in("config", _CONFIG)).expanduser()
    except RuntimeError as error:
        from store.model.errors import LibraryError

        raise LibraryError(f"{error} Set HOME, or name whole paths in RECTO_LIBRARY and RECTO_CONFIG.") from None
    return Places(library=path, inbox=path.parent / "inbox", config=config)


def read_only_uri(library: Path) -> str:
    """The URI with which SQLite reads the library at this absolute path and writes nothing, not even beside it.

    For a database in WAL mode, SQLite needs a file with shared memory, which it cannot create on a read-only disk. With
    the option `immutable`, it reads without this file, but also ignores the WAL. So `immutable` is not used for a
    database that has a WAL.
    """
    try:
        has_log = os.stat(f"{library}-wal").st_size > 0  # noqa: PTH116 - a Path with this suffix would have to be made
    except OSError:
        has_log = False
    return f"{library.as_uri()}?mode=ro{'' if has_log else '&immutable=1'}"


def _in(kind: Literal["data", "config"], name: str) -> Path:
    """The path of the file `name` in recto's own folder below the user's data or configuration folder."""
    from pathlib import Path

    if usual := _usual(kind, name):
        return Path(usual)
    # Imported only if needed, because importing platformdirs takes longer than all other work of a short command.
    import platformdirs

    folder = platformdirs.user_data_path if kind == "data" else platformdirs.user_config_path
    return folder(_NAME, appauthor=False) / name


def _usual(kind: Literal["data", "config"], name: str) -> str | None:
    """The path that platformdirs would return on Linux, found without importing it.

    None on other systems, and if HOME or the XDG variable is not an absolute path: the caller must use platformdirs.
    """
    variable, usual = _XDG[kind]
    home, folder = os.environ.get("HOME", ""), os.environ.get(variable, "")
    if sys.platform != "linux" or hasattr(sys, "getandroidapilevel") or "ANDROID_DATA" in os.environ:
        return None
    if not home.startswith("/") or (folder and (not folder.startswith("/") or folder != folder.strip())):
        return None
    return os.path.join(folder or f"{home.rstrip('/')}/{usual}", _NAME, name)  # noqa: PTH118


def _absolute(path: str | None) -> str | None:
    """The absolute form of `path`; None when it begins with "~", which only pathlib expands."""
    if path is None or path.startswith("~"):
        return None
    return path if path.startswith("/") else os.path.join(os.getcwd(), path)  # noqa: PTH109, PTH118
