"""Simulates a program such as Syncthing that copies files between the folders of machines, and makes errors."""

from __future__ import annotations

from pathlib import Path
from random import Random

from store.sync import segment_files

# What the carrier (the simulated program) may do with a file when it copies it.
MODES = ("whole", "cut", "renamed", "conflict", "damaged", "temporary", "twice")


class Carrier:
    """Copies segment files (which contain the changes of one machine) between shared folders.

    It never changes the original files.
    """

    def __init__(self, random: Random, name: str = segment_files.NAME) -> None:
        """`name` is the name of the subfolder whose files are copied."""
        self._name = name
        self._random = random

    def chance(self) -> int:
        """A random number of 40 bits. It is so large that practically no number is drawn twice."""
        return self._random.getrandbits(40)

    def carry(self, source: Path, target: Path, mode: str) -> None:
        """Copy a random file of `source` to `target`. `mode` is one of MODES."""
        files = sorted(path for path in (source / self._name).glob("*") if path.is_file())
        if files:
            self._carry(self._random.choice(files), target / self._name, mode)

    def carry_all(self, source: Path, target: Path) -> None:
        """Copy all files of `source` to `target` completely, under the same names."""
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
            # The target already contains this content or a longer, newer one, which another copy brought. Do not
            # shorten it.
            return
        # Syncthing and Dropbox replace a file; rsync --inplace and some network drives write into the existing file.
        if self._random.random() < 0.5:
            beside = folder / f".{name}.tmp"
            beside.write_bytes(content)
            beside.replace(target)
        else:
            target.write_bytes(content)
