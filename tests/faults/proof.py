"""Shows for each protection against a fault that a test fails without it: `make faults-proof`.

    python -m tests.faults.proof [--row NUMBER]... [--jobs NUMBER] [--json FILE]

Copies the project into a temporary folder, applies the changes of `protections.py` to the copy one by one, and runs the
test that belongs to each change. Prints one line for each protection: "fails without it", "NOT NOTICED" when the test
passes without the protection, or "NOT SHOWN" when the test cannot run here or fails even with the protection. Exits
with 1 unless every line is "fails without it" or the test was skipped.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from tests.faults.protections import PROTECTIONS, Protection

ROOT = Path(__file__).parents[2]
_COPIED = ("store", "tui", "tests", "assets", "pyproject.toml", "README.md", "CHANGELOG.md", "SECURITY.md", "Makefile",
           "CONTRIBUTING.md", "requirements.lock", "hatch_build.py", "LICENSE", ".ci", ".github")  # fmt: skip
# How long a test may take with the protection (s). Without the protection, a test that takes much longer has failed: it
# waits for something that does not happen, or its work has no end. It waits for one event for _PATIENCE_WITHOUT (s).
_SECONDS = 600.0
_SECONDS_WITHOUT, _TIMES_WITHOUT, _PATIENCE_WITHOUT = 60.0, 5, 20.0
_FAILS, _UNNOTICED, _NOT_SHOWN, _SKIPPED = "fails without it", "NOT NOTICED", "NOT SHOWN", "skipped here"


class Outcome(NamedTuple):
    """How a run of pytest ended: "passed", "failed", "skipped" or "broken"; with the reason, and the duration (s)."""

    result: str
    reason: str
    seconds: float


class Copy:
    """A copy of the project in a separate folder. The tests in the copy use the code of the copy."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / ROOT.name
        self._runs = 0
        self.root.mkdir()
        for name in _COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, self.root / name, symlinks=True)
            elif source.exists():
                shutil.copy2(source, self.root / name)
        # Some tests read real listings in a folder next to the project, so this folder must exist next to the copy too.
        if (shared := ROOT.parent / "shared").is_dir():
            (folder / "shared").symlink_to(shared)

    @contextmanager
    def without(self, protection: Protection) -> Iterator[None]:
        """A context in which the protection is removed from the copy.

        Raises ValueError when the change does not apply.
        """
        path = self.root / protection.path
        before, status = path.read_text("utf-8"), path.stat()
        path.write_text(protection.removed(before), "utf-8")
        # Python decides by the time (in whole seconds) and the size of a source file whether its compiled module is
        # outdated. This change may keep both, so remove the compiled module.
        os.utime(path, (status.st_atime, status.st_mtime + 10))
        try:
            yield
        finally:
            path.write_text(before, "utf-8")
            os.utime(path, (status.st_atime, status.st_mtime))

    def run(self, test: str, seconds: float, patience: float | None = None) -> Outcome:
        """Run one test in the copy, for at most `seconds`. `patience` is how long it waits for one event (s)."""
        self._runs += 1
        temporary = self.root.parent / f"tmp-{self._runs}"
        temporary.mkdir()
        environment = {**os.environ, "PYTHONPATH": str(self.root), "TMPDIR": str(temporary)}
        environment.pop("RECTO_TESTS", None)
        if patience is not None:
            environment["RECTO_TESTS_PATIENCE"] = str(patience)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, "-m", "pytest", "-x", "-rs", "--tb=line", "-m", "", "-p", "no:cacheprovider",
                   "-p", "no:xdist", test]  # fmt: skip
        began = time.monotonic()
        with (self.root.parent / "output").open("w+", encoding="utf-8", errors="replace") as output:
            process = subprocess.Popen(
                command,
                cwd=self.root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code = process.wait(seconds)
            except subprocess.TimeoutExpired:
                return Outcome("failed", f"it had not ended after {seconds:.0f} s", time.monotonic() - began)
            finally:
                # The test may have left processes that it started, so end them.
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                _remove(temporary)
            output.seek(0)
            text = output.read()
        return _outcome(code, text, time.monotonic() - began)


def _remove(folder: Path) -> None:
    """Remove a temporary folder. If a killed test has left disks mounted in it, unmount them first."""
    with suppress(OSError):
        for line in Path("/proc/self/mounts").read_text("utf-8", "surrogateescape").splitlines():
            if (place := line.split(" ")[1]).startswith(f"{folder}/"):
                subprocess.run(["umount", "--lazy", place], check=False)
    shutil.rmtree(folder, ignore_errors=True)


def _outcome(code: int, output: str, seconds: float) -> Outcome:
    """Determine the outcome from pytest's exit code and output."""
    last = next((line for line in reversed(output.splitlines()) if line.strip()), "no output")
    if code == 1:
        return Outcome("failed", last, seconds)
    if code == 0 and re.search(r"\b[1-9]\d* passed", last):
        return Outcome("passed", last, seconds)
    if code == 0 and (reason := re.search(r"(?m)^SKIPPED .*?: (.*)$", output)):
        return Outcome("skipped", reason[1], seconds)
    return Outcome("broken", last, seconds)


def prove(protection: Protection, copy: Copy) -> dict[str, object]:
    """Run the test of a protection with the protection and without it.

    Returns the row, the file, the test and the verdict.
    """
    try:
        protection.removed((copy.root / protection.path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        with_it = Outcome("broken", f"the change does not apply: {error}", 0.0)
    else:
        with_it = copy.run(protection.test, _SECONDS)
    without_it = with_it
    if with_it.result == "skipped":
        verdict, reason = _SKIPPED, with_it.reason
    elif with_it.result != "passed":
        verdict, reason = _NOT_SHOWN, f"with the protection: {with_it.reason}"
    else:
        with copy.without(protection):
            limit = max(_SECONDS_WITHOUT, _TIMES_WITHOUT * with_it.seconds)
            without_it = copy.run(protection.test, limit, _PATIENCE_WITHOUT)
        verdict = {"failed": _FAILS, "passed": _UNNOTICED}.get(without_it.result, _NOT_SHOWN)
        reason = without_it.reason
    return {
        "row": protection.row,
        "file": protection.path,
        "test": protection.test,
        "verdict": verdict,
        "reason": reason,
        "seconds": round(without_it.seconds, 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Show for each protection that a test fails without it.")
    parser.add_argument("--row", type=int, action="append", default=[], help="only this row; may be repeated")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many tests run at once")
    parser.add_argument("--json", type=Path, default=ROOT / ".run" / "faults-proof.json", metavar="FILE")
    chosen = parser.parse_args()
    protections = [each for each in PROTECTIONS if not chosen.row or each.row in chosen.row]
    results: list[dict[str, object]] = []
    # On SIGTERM, exit through an exception, so that the temporary folder is removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="recto-proof-", ignore_cleanup_errors=True) as folder:
        copies: queue.SimpleQueue[Copy] = queue.SimpleQueue()
        for number in range(chosen.jobs):
            (Path(folder) / str(number)).mkdir()
            copies.put(Copy(Path(folder) / str(number)))

        def proved(protection: Protection) -> dict[str, object]:
            copy = copies.get()
            try:
                return prove(protection, copy)
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(chosen.jobs) as pool:
            for done in as_completed([pool.submit(proved, each) for each in protections]):
                result = done.result()
                results.append(result)
                print("row {row:>2} · {verdict} · {file} · {test} · {seconds} s".format_map(result), flush=True)
                if result["verdict"] != _FAILS:
                    print(f"        {result['reason']}", flush=True)
    results.sort(key=lambda each: (each["row"], each["file"], each["test"]))
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps(results, indent=1) + "\n")
    count = [each["verdict"] for each in results].count
    shown = ", ".join(f"{count(verdict)} {verdict}" for verdict in (_FAILS, _UNNOTICED, _NOT_SHOWN, _SKIPPED))
    print(f"{len(results)} protections: {shown}; {time.monotonic() - began:.0f} s")
    return int(count(_UNNOTICED) + count(_NOT_SHOWN) > 0)


if __name__ == "__main__":
    sys.exit(main())
