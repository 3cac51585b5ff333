"""Where things are on this machine: the library, the inbox beside it, the configuration.

The reader's first page waits for this module, so it imports next to nothing.
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
# The XDG variable of a kind of folder, and the folder where it is not set.
_XDG = {"data": ("XDG_DATA_HOME", ".local/share"), "config": ("XDG_CONFIG_HOME", ".config")}


class Places(namedtuple("_Places", ("library", "inbox", "config"))):
    """The files and folders of one library."""

    __slots__ = ()
    library: Path
    inbox: Path
    config: Path


def library_path(named: str | None = None) -> str | None:
    """The library's absolute path as `places` finds it; None where only platformdirs knows."""
    return _absolute(named or os.environ.get("RECTO_LIBRARY") or _usual("data", _LIBRARY))


def config_path() -> str | None:
    """The configuration's path, as `library_path`."""
    return _absolute(os.environ.get("RECTO_CONFIG") or _usual("config", _CONFIG))


def places(library: Path | None = None) -> Places:
    """The places of `library`, else of RECTO_LIBRARY, else of the one in the user's data folder.

    Raises LibraryError when a place depends on a home that is not known.
    """
    from pathlib import Path

    named = library or (Path(found) if (found := os.environ.get("RECTO_LIBRARY")) else None)
    set_config = os.environ.get("RECTO_CONFIG")
    try:
        path = (named or _in("data", _LIBRARY)).expanduser().absolute()
        config = (Path(set_config) if set_config else _in("config", _CONFIG)).expanduser()
    except RuntimeError as error:
        from store.model.paper import LibraryError

        raise LibraryError(f"{error} Set HOME, or name whole paths in RECTO_LIBRARY and RECTO_CONFIG.") from None
    return Places(library=path, inbox=path.parent / "inbox", config=config)


def _in(kind: Literal["data", "config"], name: str) -> Path:
    """A file in one of the user's folders."""
    from pathlib import Path

    if usual := _usual(kind, name):
        return Path(usual)
    # Imported here: it costs more than all the rest of a command that names its library.
    import platformdirs

    folder = platformdirs.user_data_path if kind == "data" else platformdirs.user_config_path
    return folder(_NAME, appauthor=False) / name


def _usual(kind: Literal["data", "config"], name: str) -> str | None:
    """As platformdirs has it on Linux with a home and XDG folders that are whole paths, or not set; else None."""
    variable, usual = _XDG[kind]
    home, folder = os.environ.get("HOME", ""), os.environ.get(variable, "")
    if sys.platform != "linux" or hasattr(sys, "getandroidapilevel") or "ANDROID_DATA" in os.environ:
        return None
    if not home.startswith("/") or (folder and (not folder.startswith("/") or folder != folder.strip())):
        return None
    return os.path.join(folder or f"{home.rstrip('/')}/{usual}", _NAME, name)  # noqa: PTH118


def _absolute(path: str | None) -> str | None:
    """`path` from the root; None for one that begins with another's home."""
    if path is None or path.startswith("~"):
        return None
    return path if path.startswith("/") else os.path.join(os.getcwd(), path)  # noqa: PTH109, PTH118
