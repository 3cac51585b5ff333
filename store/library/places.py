"""The paths of the library, of the inbox beside it, and of the configuration.

This module imports almost nothing, because recto loads it before it shows its first page.
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
# For each kind of folder its XDG variable, and its path below the home when the variable is not set.
_XDG = {"data": ("XDG_DATA_HOME", ".local/share"), "config": ("XDG_CONFIG_HOME", ".config")}


class Places(namedtuple("_Places", ("library", "inbox", "config"))):
    """The files and folders of one library."""

    __slots__ = ()
    library: Path
    inbox: Path
    config: Path


def library_path(named: str | None = None) -> str | None:
    """The absolute path of the library `named`, or of the library that `places` returns without a name.

    None if finding the path needs platformdirs.
    """
    return _absolute(named or os.environ.get("RECTO_LIBRARY") or _usual("data", _LIBRARY))


def config_path() -> str | None:
    """The absolute path of the configuration; None if finding it needs platformdirs."""
    return _absolute(os.environ.get("RECTO_CONFIG") or _usual("config", _CONFIG))


def places(library: Path | None = None) -> Places:
    """The paths for the library `library`. When it is None, RECTO_LIBRARY names the library, or else it is in the
    user's data folder.

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


def _in(kind: Literal["data", "config"], name: str) -> Path:
    """The path of a file in one of the user's folders."""
    from pathlib import Path

    if usual := _usual(kind, name):
        return Path(usual)
    # Imported late: importing platformdirs takes longer than all the rest of a command that names its library.
    import platformdirs

    folder = platformdirs.user_data_path if kind == "data" else platformdirs.user_config_path
    return folder(_NAME, appauthor=False) / name


def _usual(kind: Literal["data", "config"], name: str) -> str | None:
    """The path that platformdirs would return on Linux. None on other systems, or if a variable has a relative path."""
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
