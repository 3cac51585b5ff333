"""Where things are on this machine: the library, the inbox beside it, the configuration."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

_NAME = "recto"


class Places(msgspec.Struct, frozen=True):
    """The files and folders of one library."""

    library: Path
    inbox: Path
    config: Path


def places(library: Path | None = None) -> Places:
    """The places of `library`, else of RECTO_LIBRARY, else of the one in the user's data folder."""
    # Imported here: it costs more than all the rest of a command that names its library.
    import platformdirs

    named = library or (Path(found) if (found := os.environ.get("RECTO_LIBRARY")) else None)
    path = (named or platformdirs.user_data_path(_NAME, appauthor=False) / "library.db").expanduser().absolute()
    config = os.environ.get("RECTO_CONFIG")
    return Places(
        library=path,
        inbox=path.parent / "inbox",
        config=Path(config).expanduser()
        if config
        else platformdirs.user_config_path(_NAME, appauthor=False) / "config.toml",
    )
