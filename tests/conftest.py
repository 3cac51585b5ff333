"""Fixtures for all tests: a separate home folder for each test, and the real listings, if this machine has them."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import settings

# Hypothesis tries the same examples in every run, so that a new failure is due to a change of the code. For new
# examples, use --hypothesis-profile=default.
settings.register_profile("same", derandomize=True)
settings.load_profile("same")

_LISTINGS = Path(__file__).parent.parent.parent / "shared" / "listings"


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Restore the default handling of signals that a shell or nohup may have set to be ignored: programs inherit it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, so that no test uses the developer's own library, configuration or inbox."""
    made = tmp_path / "home"
    made.mkdir(exist_ok=True)
    monkeypatch.setenv("HOME", str(made))
    # PYTHONUNBUFFERED would hide what happens to output that is still in a buffer when recto ends.
    for name in ("RECTO_LIBRARY", "RECTO_CONFIG", "NO_COLOR", "BROWSER", "PYTHONUNBUFFERED"):
        monkeypatch.delenv(name, raising=False)
    # The tests get the settings of a terminal with all colours and symbols, even if they run in another one.
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(made / f".{name.lower()}"))
    return made


@pytest.fixture(scope="session")
def listings() -> Path:
    """The folder of real listing files beside the checkout."""
    if not _LISTINGS.is_dir():
        pytest.skip("the real listings are not beside this checkout (../shared/listings)")
    return _LISTINGS
