"""The built wheel works when it is installed with pip into an empty environment, away from this checkout."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.packaging.lock import LOCK, environment_is_locked
from tests.waiting import PATIENCE
from tui.cli import man_page

_PROJECT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it in a new environment. Returns the environment's folder `bin`."""
    folder = tmp_path_factory.mktemp("wheel")
    # Without isolation, the build uses the build backend that is installed here, and downloads nothing.
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(_PROJECT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "clean", with_pip=False)
    python = folder / "clean" / "bin" / "python"
    # `make test-newest` tests newer versions than the locked ones. Then pip may choose any version that the wheel
    # allows.
    locked = (
        ["--require-hashes", "--only-binary", ":all:", "--constraint", str(LOCK)] if environment_is_locked() else []
    )
    wheel_with_hash = f"recto @ {wheel.as_uri()}#sha256={hashlib.sha256(wheel.read_bytes()).hexdigest()}"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "--quiet",
            "--no-compile",
            *locked,
            wheel_with_hash,
        ],
        check=True,
        capture_output=True,
    )
    return python.parent


def _done(program: Path, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run an installed program with the arguments `words`. Returns its exit code and output."""
    environment = {**os.environ, "HOME": str(home), "RECTO_LIBRARY": str(home / "library.db")}
    # Run in another folder, so that Python does not import modules from the checkout.
    return subprocess.run([program, *words], cwd=home, env=environment, capture_output=True, text=True, check=False)


def _run(program: Path, home: Path, *words: str) -> str:
    """Run an installed program, check that it succeeds, and return what it prints."""
    done = _done(program, home, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_installed_command_imports_and_lists(installed: Path, home: Path) -> None:
    assert _run(installed / "recto", home, "--version").startswith("recto, version ")
    samples = _run(
        installed / "python", home, "-c", "from tui.actions.samples import sample_folder; print(sample_folder())"
    ).strip()
    reports = [json.loads(line) for line in _run(installed / "recto", home, "import", "--json", samples).splitlines()]
    assert len(reports) == 3
    assert all(report["added"] + report["merged"] == report["entries"] for report in reports)
    listed = json.loads(_run(installed / "recto", home, "list", "--json"))
    assert len(listed) == sum(report["added"] for report in reports) >= 60


def test_an_error_message_names_the_missing_extra(installed: Path, home: Path) -> None:
    """The wheel is installed without extras, so the error message must name the extra to install."""
    (home / "paper.pdf").write_bytes(b"%PDF-1.7\n")
    (home / "papers.yaml").write_text("references:\n- id: a\n  title: Bees\n  type: article-journal\n")
    (home / "bees.csv").write_text("title,doi\nBees,10.1000/bees\n")
    _run(installed / "recto", home, "import", "bees.csv")
    for extra, command in (
        ("pdf", "import paper.pdf"),
        ("pdf", "attach 1 paper.pdf"),
        ("yaml", "import papers.yaml"),
        ("cite", "cite 1 --style apa"),
        ("mcp", "mcp"),
    ):
        done = _done(installed / "recto", home, *command.split())
        assert done.returncode == 1 and f"install recto[{extra}]" in done.stderr, (command, done.stderr)


def test_a_long_listing_is_read_in_a_process_of_its_own(installed: Path, home: Path) -> None:
    listing = home / "snapshot.json"
    with listing.open("w", encoding="utf-8") as file:
        for number in range(10_000):
            paper = {"id": f"2601.{number:05}", "submitter": "A", "title": f"Bees {number}", "authors": "A. Bee"}
            file.write(json.dumps(paper | {"abstract": "They swarm. " * 140}) + "\n")
    # A package `store` in the current folder must not be imported in place of recto's own package of that name.
    (home / "store").mkdir()
    (home / "store" / "__init__.py").write_text("raise ImportError('another store')")
    script = (
        "import store.importing.worker as a, sys; from tui.cli.group import run\n"
        # Pretend that there are two cores, so that a child process is used, and remove the fallback without a child
        # process.
        "a._cores = lambda: 2\n"
        "del a.LocalFeed\n"
        "sys.argv[1:] = ['import', '--json', 'snapshot.json']\n"
        "run()"
    )
    (report,) = map(json.loads, _run(installed / "python", home, "-P", "-c", script).splitlines())
    assert (report["added"], report["error"], report["warnings"]) == (10_000, None, [])


def test_the_man_page_and_the_table_for_completion_are_inside(installed: Path, home: Path) -> None:
    page = (installed.parent / "share" / "man" / "man1" / "recto.1").read_text("utf-8")
    assert page == man_page.make()
    assert r".SS recto queue move" in page and r".B \-\-sort" in page
    table = "from tui.cli import command_table as table; print(table.load() == table.make(), table.STORED.exists())"
    assert _run(installed / "python", home, "-c", table) == "True True\n"


def test_the_stylesheet_and_the_samples_are_inside(installed: Path, home: Path) -> None:
    script = (
        "import asyncio, pathlib, tui.app as a; from store.library.library import Library;"
        "from tui.actions.samples import sample_folder;"
        "from store.library.config_and_library_paths import places;"
        "from tui.settings.config import Config; from tui.settings.session import Session\n"
        "assert 'site-packages' in str(sample_folder())\n"
        "async def main():\n"
        "    place = places(pathlib.Path('library.db'))\n"
        "    with Library.open(place.library) as library:\n"
        "        app = a.Recto(library, place, Config(), Session(), [])\n"
        "        async with app.run_test(size=(80, 24)) as pilot:\n"
        "            while 'papers' not in app.export_screenshot():\n"
        "                await pilot.pause(0.05)\n"
        "            print(app.screen.query_one('#status').styles.height)\n"
        f"asyncio.run(asyncio.wait_for(main(), {PATIENCE}))"
    )
    assert _run(installed / "python", home, "-c", script).split() == ["1"]
