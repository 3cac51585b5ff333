"""Writes the tables of the README from the registries of actions and of formats: `make readme`."""

from __future__ import annotations

from pathlib import Path

from store.formats.registry import formats
from tui.actions.actions_and_keys import ACTIONS, SCOPES, shown

README = Path(__file__).parent.parent / "README.md"


def key_table() -> str:
    """The table of keys in Markdown."""
    lines: list[str] = []
    for scope, heading in SCOPES.items():
        lines += [f"| **{heading}** | |", "|---|---|"] if not lines else [f"| **{heading}** | |"]
        for action in ACTIONS:
            if action.scope == scope:
                keys = " ".join(f"`{shown(key)}`" for key in action.keys)
                lines.append(f"| {keys} | {action.help.replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


def format_table() -> str:
    """The table of listing formats in Markdown."""
    rows = (f"| {each.TITLE} | `{each.NAME}` | `{each.EXAMPLE}` |" for each in formats())
    return "\n".join(("| format | name | typical file |", "|---|---|---|", *rows)) + "\n"


TABLES = {"keys": key_table, "formats": format_table}


def filled(text: str) -> str:
    """The README's `text`, in which each table is put between the two marks that show where it belongs."""
    for name, table in TABLES.items():
        start, end = f"<!-- {name}: made by make readme -->\n", f"<!-- end of {name} -->\n"
        before, rest = text.split(start)
        _, after = rest.split(end)
        text = f"{before}{start}\n{table()}\n{end}{after}"
    return text


if __name__ == "__main__":
    README.write_text(filled(README.read_text("utf-8")), "utf-8")
