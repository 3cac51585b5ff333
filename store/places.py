"""Where things are on this machine: the library, the inbox beside it, the configuration."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from store.paper import LibraryError

_NAME = "recto"


class Places(msgspec.Struct, frozen=True):
    """The files and folders of one library."""

    library: Path
    inbox: Path
    config: Path


def places(library: Path | None = None) -> Places:
    """The places of `library`, else of RECTO_LIBRARY, else of the one in the user's data folder.

    Raises LibraryError when a place depends on a home that is not known.
    """
    # Imported here: it costs more than all the rest of a command that names its library.
    import platformdirs

    named = library or (Path(found) if (found := os.environ.get("RECTO_LIBRARY")) else None)
    set_config = os.environ.get("RECTO_CONFIG")
    try:
        path = (named or platformdirs.user_data_path(_NAME, appauthor=False) / "library.db").expanduser().absolute()
        config = (
            Path(set_config) if set_config else platformdirs.user_config_path(_NAME, appauthor=False) / "config.toml"
        ).expanduser()
    except RuntimeError as error:
        raise LibraryError(f"{error} Set HOME, or name whole paths in RECTO_LIBRARY and RECTO_CONFIG.") from None
    return Places(library=path, inbox=path.parent / "inbox", config=config)
