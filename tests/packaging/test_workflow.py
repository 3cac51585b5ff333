"""The CI workflow and the pre-commit hook test the same versions of Python and run the same checks as the Makefile."""

from __future__ import annotations

import re
from pathlib import Path

_ROOT = Path(__file__).parent.parent.parent
_MAKEFILE = (_ROOT / "Makefile").read_text("utf-8")
_WORKFLOW = (_ROOT / ".github" / "workflows" / "test.yml").read_text("utf-8")


def commands(text: str, pattern: str) -> list[str]:
    """The text that the only group of `pattern` matches, for each match in `text`. "^" and "$" match at each line."""
    return re.findall(pattern, text, re.MULTILINE)


def test_the_workflow_tests_the_pythons_that_the_lock_covers() -> None:
    (locked,) = commands(_MAKEFILE, r"^LOCK_PYTHONS := (.+)$")
    (tested,) = commands(_WORKFLOW, r"^ +python: \[(.+)\]$")
    assert tested == ", ".join(f'"{version}"' for version in locked.split())


def test_the_workflow_runs_what_ci_runs() -> None:
    script = (_ROOT / ".ci" / "run").read_text("utf-8")
    assert commands(_WORKFLOW, r"^ +- run: (.+)$") == commands(script, r"^(make .+)$") == ["make check", "make test"]


def test_the_hook_before_a_commit_runs_make_check() -> None:
    hooks = (_ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    assert commands(hooks, r"^ +entry: (.+)$") == ["make --silent check"]
