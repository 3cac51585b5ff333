"""Adds to the wheel what is made from the commands: the man page, and the table for shell completion."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CommandFiles(BuildHookInterface[Any]):
    """The build hook. It imports recto, so pyproject.toml asks for its dependencies while a wheel is built."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files and add them to a wheel. An editable installation has neither."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from tui.cli import command_table, man_page

        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        (folder / "recto.1").write_text(man_page.make(), "utf-8")
        (folder / "table.json").write_text(json.dumps(command_table.make()), "utf-8")
        build_data["shared_data"][str(folder / "recto.1")] = "share/man/man1/recto.1"
        build_data["force_include"][str(folder / "table.json")] = "tui/cli/command_table.json"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the files, which are in the wheel now."""
        if version != "editable":
            self._folder.cleanup()
