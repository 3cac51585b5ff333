"""Writes the README's table of keys from the registry of actions: `make readme`."""

from __future__ import annotations

from pathlib import Path

from tui.actions.registry import ACTIONS, SCOPES, shown

README = Path(__file__).parent.parent / "README.md"
_START, _END = "<!-- keys: made by make readme -->\n", "<!-- end of keys -->\n"


def table() -> str:
    """The keys as Markdown."""
    lines: list[str] = []
    for scope, heading in SCOPES.items():
        lines += [f"| **{heading}** | |", "|---|---|"] if not lines else [f"| **{heading}** | |"]
        for action in ACTIONS:
            if action.scope == scope:
                keys = " ".join(f"`{shown(key)}`" for key in action.keys)
                lines.append(f"| {keys} | {action.help.replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


def filled(text: str) -> str:
    """`text` with the table between its two marks."""
    before, rest = text.split(_START)
    _, after = rest.split(_END)
    return f"{before}{_START}\n{table()}\n{_END}{after}"


if __name__ == "__main__":
    README.write_text(filled(README.read_text("utf-8")), "utf-8")
