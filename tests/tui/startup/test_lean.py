"""Textual imported without what the reader has no use for: all of it is there for who asks."""

from __future__ import annotations

import subprocess
import sys

import pytest

_LEAN = "import sys\nfrom tui.startup import lean\nwith lean.imports():\n    from textual.app import App\n"


def run(code: str) -> list[str]:
    """What `code` prints in an interpreter of its own."""
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_what_is_left_out_is_imported_when_somebody_asks() -> None:
    after = (
        "late = ('ssl', 'textual.types', 'textual.widgets._directory_tree')\n"
        "print(*(name in sys.modules for name in late))\n"
        "import ssl, textual.types\n"
        "from textual.types import DirEntry, IgnoreReturnCallbackType\n"
        "print(ssl.SSLContext.__name__, DirEntry.__name__, *(name in sys.modules for name in late))\n"
        "from textual import command\n"
        "print(command.IgnoreReturnCallbackType is IgnoreReturnCallbackType)"
    )
    assert run(_LEAN + after) == ["False"] * 3 + ["SSLContext", "DirEntry"] + ["True"] * 4


@pytest.mark.parametrize("name", ["DirEntry", "CallbackType"])
def test_a_type_that_is_asked_for_inside_is_the_one_that_there_is(name: str) -> None:
    inside = f"    from textual.types import {name}\n"
    after = f"import textual.types\nprint({name} is textual.types.{name}, len(textual.types.__all__) > 10)"
    assert run(_LEAN + inside + after) == ["True", "True"]


def test_a_name_that_nobody_has_is_an_import_error() -> None:
    inside = "    try:\n        from textual.types import Nothing\n    except ImportError:\n        print('none')"
    assert run(_LEAN + inside) == ["none"]


def test_what_is_there_already_stays() -> None:
    code = "import ssl, textual.types as before\n" + _LEAN + "import textual.types as after, ssl as tls\n"
    assert run(code + "print(before is after, ssl is tls)") == ["True", "True"]
