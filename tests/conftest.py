"""Fixtures for all tests: a separate home folder for each test, and the real listings, if this machine has them.

Also how the processes of `make test` share the work: each compiles a part of the test files, and the files that take
long come first.
"""

from __future__ import annotations

import faulthandler
import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from store.library import schema
from tests import new_tables

# Hypothesis tries the same examples in every run, so that a new failure is due to a change of the code. For new
# examples, use --hypothesis-profile=default.
settings.register_profile("same", derandomize=True)
settings.load_profile("same")

# A test may take this long (s). It may wait for several events (tests/waiting.py).
_LONGEST_TEST_SECONDS = 1800
# The limit is set anew with the first test after this time (s), and not with each of 10,000 tests: that starts a thread
# and waits for the one before, which takes 2 ms.
_LIMIT_SECONDS = 60
# The folders whose tests take longest. They come first, so that no process is left with a long file at the end.
_LONG = ("packaging", "scenarios", "tui")

# How a process handles the signals that end it, unless they are ignored.
_HANDLERS = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
    signal.SIGHUP: signal.SIG_DFL,
    signal.SIGQUIT: signal.SIG_DFL,
}

_LISTINGS = Path(__file__).parent.parent.parent / "shared" / "listings"


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """Let each process of pytest-xdist collect the files of a folder in another order.

    Every process collects all tests, and pytest compiles a test file when it is collected for the first time. If all
    processes collected the files in the same order, each would compile all of them.
    """
    report = yield
    if isinstance(collector, pytest.Directory) and "PYTEST_XDIST_WORKER" in os.environ:
        report.result = random.Random(os.environ["PYTEST_XDIST_WORKER"]).sample(report.result, len(report.result))
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the tests into the same order in every process, which pytest-xdist needs: long files first."""
    top = Path(__file__).parent

    def place(item: pytest.Item) -> tuple[int, Path]:
        folder = item.path.relative_to(top).parts[0]
        return (_LONG.index(folder) if folder in _LONG else len(_LONG)), item.path

    items.sort(key=place)


class TimeLimit:
    """Ends a test process that hangs in a test, and prints where."""

    def __init__(self) -> None:
        # A duplicate, because standard error is redirected while a test runs.
        self._errors = os.dup(2)
        self._set_at = float("-inf")

    def pytest_runtest_logstart(self) -> None:
        """Limit the time of the test that begins."""
        if time.monotonic() - self._set_at > _LIMIT_SECONDS:
            self._set_at = time.monotonic()
            faulthandler.dump_traceback_later(_LONGEST_TEST_SECONDS, exit=True, file=self._errors)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(TimeLimit())


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Restore the default handling of signals that a shell or nohup may have set to be ignored.

    Programs that the tests start inherit the handling.
    """
    _handle_signals()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Restore the default handling of signals after each test: the application ignores them once it ends."""
    _handle_signals()


def _handle_signals() -> None:
    for number, handler in _HANDLERS.items():
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


@pytest.fixture(scope="session", autouse=True)
def fast_new_tables() -> Iterator[None]:
    """Make the tables of new libraries without the migrations since the first version."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(schema, "migrate", new_tables.migrate)
        yield


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
