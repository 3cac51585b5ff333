"""What `pip install` gives a reader: the wheel, in an environment that knows nothing of this checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

_PROJECT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands that the built wheel installs."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(_PROJECT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "clean", with_pip=True)
    subprocess.run(
        [folder / "clean" / "bin" / "python", "-m", "pip", "install", "--quiet", str(wheel)],
        check=True,
        capture_output=True,
    )
    return folder / "clean" / "bin"


def _run(installed: Path, home: Path, *words: str) -> str:
    environment = {**os.environ, "HOME": str(home), "RECTO_LIBRARY": str(home / "library.db")}
    # Away from the checkout: nothing of it may be found by accident.
    done = subprocess.run(
        [installed / "recto", *words], cwd=home, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_the_installed_command_imports_and_lists(installed: Path, home: Path) -> None:
    assert _run(installed, home, "--version").startswith("recto, version ")
    samples = subprocess.run(
        [installed / "python", "-c", "from tui.app import samples; print(samples())"],
        cwd=home,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    reports = [json.loads(line) for line in _run(installed, home, "import", "--json", samples).splitlines()]
    assert len(reports) == 3
    assert all(report["added"] + report["merged"] == report["entries"] for report in reports)
    listed = json.loads(_run(installed, home, "list", "--json"))
    assert len(listed) == sum(report["added"] for report in reports) >= 60


def test_the_stylesheet_and_the_samples_are_inside(installed: Path, home: Path) -> None:
    script = (
        "import asyncio, pathlib, tui.app as a; from store.library import Library; from store.places import places;"
        "from tui.config import Config; from tui.session import Session\n"
        "assert 'site-packages' in str(a.samples())\n"
        "async def main():\n"
        "    place = places(pathlib.Path('library.db'))\n"
        "    with Library.open(place.library) as library:\n"
        "        app = a.Recto(library, place, Config(), Session(), [])\n"
        "        async with app.run_test(size=(80, 24)) as pilot:\n"
        "            await pilot.pause()\n"
        "            print(app.screen.query_one('#status').styles.height, 'papers' in app.export_screenshot())\n"
        "asyncio.run(main())"
    )
    done = subprocess.run(
        [installed / "python", "-c", script],
        cwd=home,
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(home)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["1", "True"]
