"""Fixtures for all tests: a separate home folder for each test, and the real listings, if this machine has them."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
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
    """Restore the default handling of signals that a shell or nohup may have set to be ignored.

    Programs that the tests start inherit the handling.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(scope="session", autouse=True)
def environment() -> Iterator[None]:
    """Set the environment variables that are the same for all tests."""
    with pytest.MonkeyPatch.context() as patched:
        # With PYTHONUNBUFFERED, the tests would not notice that buffered output is lost when recto ends.
        for name in ("RECTO_LIBRARY", "RECTO_CONFIG", "NO_COLOR", "BROWSER", "PYTHONUNBUFFERED"):
            patched.delenv(name, raising=False)
        # The tests get the settings of a terminal with all colours and symbols, even if they run in another terminal.
        patched.setenv("TERM", "xterm-256color")
        patched.setenv("COLORTERM", "truecolor")
        yield


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty home folder that is shared by all tests without a folder of their own."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder in the folder of the test."""
    made = tmp_path / "home"
    made.mkdir(exist_ok=True)
    _live_in(made, monkeypatch)
    return made


@pytest.fixture(autouse=True)
def empty_home(request: pytest.FixtureRequest, shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give each test an empty home folder, so that it does not use the developer's library, configuration or inbox."""
    if "tmp_path" in request.fixturenames:
        request.getfixturevalue("home")
        yield
        return
    # Three quarters of the tests use no files. So these share one folder: separate folders for their 10,000 tests would
    # take 6 s in all.
    _live_in(shared_home, monkeypatch)
    yield
    if list(shared_home.iterdir()):
        shutil.rmtree(shared_home)
        shared_home.mkdir()


def _live_in(home: Path, patched: pytest.MonkeyPatch) -> None:
    patched.setenv("HOME", str(home))
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        patched.setenv(f"XDG_{name}_HOME", str(home / f".{name.lower()}"))


@pytest.fixture(scope="session")
def listings() -> Path:
    """The folder of real listing files next to the checkout."""
    if not _LISTINGS.is_dir():
        pytest.skip("the real listings are not beside this checkout (../shared/listings)")
    return _LISTINGS
