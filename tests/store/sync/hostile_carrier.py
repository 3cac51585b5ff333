"""A program that carries files between the folders of machines, as badly as such programs do."""

from __future__ import annotations

from pathlib import Path
from random import Random

from store.sync import segment_files

# What the carrier may do with a file on its way.
MODES = ("whole", "cut", "renamed", "conflict", "damaged", "temporary", "twice")


class Carrier:
    """Carries the segments in a shared folder from one machine to another. A machine's own files are never changed."""

    def __init__(self, random: Random, name: str = segment_files.NAME) -> None:
        """`name` is the name of the folder whose files are carried."""
        self._name = name
        self._random = random

    def chance(self) -> int:
        """A number that did not occur before."""
        return self._random.getrandbits(40)

    def carry(self, source: Path, target: Path, mode: str) -> None:
        """Carry one of the files of `source` to `target`, in one of MODES."""
        files = sorted(path for path in (source / self._name).glob("*") if path.is_file())
        if files:
            self._carry(self._random.choice(files), target / self._name, mode)

    def carry_all(self, source: Path, target: Path) -> None:
        """Carry all files of `source` to `target` completely, under their own names."""
        for path in sorted((source / self._name).glob("*")):
            self._carry(path, target / self._name, "whole")

    def _carry(self, path: Path, folder: Path, mode: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        content = path.read_bytes()
        name = path.name
        if mode == "cut":
            content = content[: self._random.randrange(len(content) + 1)]
        elif mode == "damaged" and content:
            at = self._random.randrange(len(content))
            content = content[:at] + bytes(self._random.choice((1, 20, 4096))) + content[at + 1 :]
        elif mode == "renamed":
            name = f"{self._random.randrange(1000)}.txt"
        elif mode == "conflict":
            name = f"{path.stem}.sync-conflict-20261130-120000-ABCDEFG.rj"
        elif mode == "temporary":
            name = f".syncthing.{name}.tmp"
        elif mode == "twice":
            content += content
        target = folder / name
        if mode == "whole" and target.exists() and target.read_bytes().startswith(content):
            # The target has as much or more: an earlier way was faster.
            return
        # Syncthing and Dropbox replace a file; rsync --inplace and some network drives write into it.
        if self._random.random() < 0.5:
            beside = folder / f".{name}.tmp"
            beside.write_bytes(content)
            beside.replace(target)
        else:
            target.write_bytes(content)
