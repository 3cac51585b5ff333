"""The door: everything starts here."""

from __future__ import annotations


def main() -> None:
    """The `recto` command."""
    from tui.cli import run

    run()


if __name__ == "__main__":
    main()
