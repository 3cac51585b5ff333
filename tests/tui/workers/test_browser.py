"""Opening a web address in the user's browser."""

from __future__ import annotations

import os
import stat
import threading
import time
from pathlib import Path

import pytest

from store.papers import addresses
from tests.tui.processes import wait_for
from tui.workers import foreground
from tui.workers.browser import BrowserError, open_in_browser, terminal_command


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fake browser that prints noise, runs for a while, and writes its arguments into the file that is returned."""
    arguments = tmp_path / "arguments"
    script = tmp_path / "my browser"
    script.write_text(
        "#!/bin/sh\necho noise; echo noise >&2\n"
        "streams=$(readlink /proc/$$/fd/0; readlink /proc/$$/fd/2; readlink /proc/$$/fd/1 2>&1)\n"
        f'echo "$streams" > "{arguments}.streams"\n'
        f'for word in "$@"; do printf "%s\\n" "$word" >> "{arguments}.part"; done\n'
        f'mv "{arguments}.part" "{arguments}"\nsleep 3\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    link = tmp_path / "browser"
    link.symlink_to(script)
    monkeypatch.setenv("BROWSER", str(link))
    return arguments


def written(file: Path) -> list[str]:
    """The lines of a file, read as soon as it exists."""
    wait_for(file.exists, f"{file} is written")
    return file.read_text().splitlines()


def test_the_browser_gets_the_address_as_one_argument_and_prints_nothing(
    browser: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    url = addresses.may_open("https://example.org/$(touch${IFS}x);id&a='b'")
    assert url
    started = time.perf_counter()
    open_in_browser(url)
    assert time.perf_counter() - started < 2
    assert written(browser) == [url]
    if Path("/proc/self/fd").exists():
        assert set(Path(f"{browser}.streams").read_text().split()) == {"/dev/null"}
    assert capfd.readouterr() == ("", "")


def test_the_variable_browser_may_hold_options_and_alternatives(browser: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", f"/no/such/browser{os.pathsep}{os.environ['BROWSER']} --new-window %s{os.pathsep}w3m")
    has_failed = open_in_browser("https://example.org/")
    assert written(browser) == ["--new-window", "https://example.org/"]
    assert not has_failed()


def test_if_there_is_no_browser_nothing_is_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    for value in ("", "nothing", ":::", "  "):
        monkeypatch.setenv("BROWSER", value)
        with pytest.raises(BrowserError, match="no browser found"):
            open_in_browser("https://example.org/")


def test_an_opener_that_ends_with_an_error_code_has_failed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opener = tmp_path / "opener"
    opener.write_text('#!/bin/sh\ncase "$1" in *bad) exit 3;; esac\n')
    opener.chmod(0o700)
    monkeypatch.setenv("BROWSER", str(opener))
    good_has_failed, bad_has_failed = (open_in_browser(f"https://example.org/{name}") for name in ("good", "bad"))
    wait_for(bad_has_failed, "the opener has failed")
    assert not good_has_failed()


def test_recto_waits_for_the_browser_until_it_has_ended(browser: Path) -> None:
    open_in_browser("https://example.org/")
    written(browser)
    wait_for(
        lambda: not any(thread.name == "browser" for thread in threading.enumerate()), "the browser's thread has ended"
    )


def test_a_browser_that_cannot_be_started_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opener = tmp_path / "opener"
    opener.write_text("#!/no/such/shell\n")
    opener.chmod(0o700)
    monkeypatch.setenv("BROWSER", str(opener))
    with pytest.raises(BrowserError, match="opener did not start: No such file"):
        open_in_browser("https://example.org/")


def test_only_a_browser_for_terminals_gets_the_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("w3m", "windows"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 3\n")
        (tmp_path / name).chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("BROWSER", "windows")
    assert terminal_command("https://example.org/") is None
    monkeypatch.setenv("BROWSER", "w3m -o color=0")
    command = [str(tmp_path / "w3m"), "-o", "color=0", "https://example.org/"]
    assert terminal_command("https://example.org/") == command
    assert foreground.run(command) == "w3m ended with code 3"
    assert foreground.run([str(tmp_path / "gone")]) == "gone did not start: No such file or directory"
    # On a machine without a window system, this browser is found too.
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert terminal_command("https://example.org/") == [str(tmp_path / "w3m"), "https://example.org/"]
