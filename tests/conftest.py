"""What every test stands on: a home of its own, and the real listings where they are to be had."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import settings

# What is tried is the same every time: a run says what a change did. New examples: --hypothesis-profile=default
settings.register_profile("same", derandomize=True)
settings.load_profile("same")

_LISTINGS = Path(__file__).parent.parent.parent / "shared" / "listings"


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """What a test starts can be interrupted, also where the tests themselves run behind a shell that ignores ctrl+c."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home: no test sees the developer's own library, configuration or inbox."""
    made = tmp_path / "home"
    made.mkdir(exist_ok=True)
    monkeypatch.setenv("HOME", str(made))
    for name in ("RECTO_LIBRARY", "RECTO_CONFIG", "NO_COLOR", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    # A terminal with all colours and symbols, whatever the tests run on.
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
