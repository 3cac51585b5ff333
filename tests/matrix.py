"""Runs the tests with every Python from 3.11 on that this machine has or that uv can download: `make matrix`.

Each Python gets a virtual environment (.venv-3.12 and so on) with the locked versions of the dependencies. This module
needs only the standard library.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

OLDEST = (3, 11)
# A program that is run by a Python. It prints the version of that Python, whether it is a final release, and its path.
_ASK = "import sys; print(*sys.version_info[:3], sys.version_info.releaselevel == 'final', sys.executable)"


def candidates(wanted: Iterable[str]) -> Iterator[str]:
    """Paths of programs that may be a Python: on PATH, of pyenv and of uv. uv may download the `wanted` versions."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if folder and Path(folder).is_dir():
            yield from sorted(
                str(path) for path in Path(folder).iterdir() if re.fullmatch(r"python3(\.\d+)?", path.name)
            )
    if pyenv := shutil.which("pyenv"):
        root = _output(pyenv, "root").strip()
        for version in _output(pyenv, "versions", "--bare").split():
            yield str(Path(root) / "versions" / version / "bin" / "python")
    if uv := shutil.which("uv"):
        for version in wanted:
            yield from _output(uv, "python", "find", version).split() or _downloaded(uv, version)


def _downloaded(uv: str, version: str) -> list[str]:
    """Let uv download this version of Python. Returns a list with the path of the program, empty if uv cannot do it."""
    print(f"Python {version}: asking uv for it", flush=True)
    _output(uv, "python", "install", version)
    return _output(uv, "python", "find", version).split()


def _output(*command: str) -> str:
    """The output of a command, or "" if it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def pythons(programs: Iterable[str]) -> dict[str, str]:
    """The newest final release of each minor version from OLDEST on ("3.12") among `programs`.

    The oldest comes first.
    """
    newest: dict[tuple[int, int], tuple[int, str]] = {}
    for program in dict.fromkeys(programs):
        words = _output(program, "-c", _ASK).split(maxsplit=4)
        if len(words) != 5 or words[3] != "True":
            continue
        major, minor, micro = map(int, words[:3])
        if (major, minor) >= OLDEST and micro >= newest.get((major, minor), (-1, ""))[0]:
            newest[major, minor] = (micro, words[4].strip())
    return {f"{major}.{minor}": newest[major, minor][1] for major, minor in sorted(newest)}


def main(wanted: list[str]) -> None:
    """Run `make test` with each Python and print one line for each; `wanted` are the versions that recto supports."""
    available = pythons(candidates(wanted))
    results = []
    for version, python in available.items():
        print(f"\nPython {version}: {python}", flush=True)
        began = time.monotonic()
        command = ["make", "--no-print-directory", "test", f"PYTHON={python}", f"VENV=.venv-{version}"]
        code = subprocess.run(command, check=False).returncode
        results.append((version, "passed" if code == 0 else "FAILED", f"{(time.monotonic() - began) / 60:.1f} min"))
    results += [(version, "not on this machine", "") for version in wanted if version not in available]
    print()
    for version, result, duration in sorted(results, key=lambda each: [int(part) for part in each[0].split(".")]):
        print(f"Python {version}: {result} {duration}".rstrip())
    if not available or any(result == "FAILED" for _, result, _ in results):
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
