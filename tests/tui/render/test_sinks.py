"""No text from outside is passed to a function of Textual that would read it as markup: this test reads the source.

The argument of such a function must be a literal, or Content, which never reads markup when it is made from a string.
All other arguments are listed in ALLOWED, with the reason why they cannot contain a foreign string.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TUI = Path(__file__).parents[3] / "tui"
# Functions that read a string as markup, each with the position and the name of the argument that they read.
CALLS: dict[str, tuple[int, str]] = {
    "Static": (0, "content"),
    "Label": (0, "content"),
    "Button": (0, "label"),
    "Checkbox": (0, "label"),
    "RadioButton": (0, "label"),
    "Tab": (0, "label"),
    "TabPane": (0, "title"),
    "Collapsible": (1, "title"),
    "Option": (0, "prompt"),
    "Selection": (0, "prompt"),
    "Hit": (1, "match_display"),
    "DiscoveryHit": (0, "display"),
    "Toast": (0, "notification"),
    "Notification": (0, "message"),
    "Link": (0, "text"),
    "Digits": (0, "value"),
    "Tooltip": (0, "content"),
    "update": (0, "content"),
    "notify": (0, "message"),
    "set_label": (0, "label"),
    "add_option": (0, "item"),
    "add_column": (0, "label"),
    "set_options": (0, "options"),
}
# The names of such arguments as attributes, and as keywords of any call.
NAMES = {"border_title", "border_subtitle", "tooltip", "help"}
# Functions that make Content or Text from markup.
FORBIDDEN = {"from_markup", "from_rich_text", "render_markup", "escape_markup"}
# The allowed arguments: (module, expression), and why no foreign string can be in them.
ALLOWED: dict[tuple[str, str], str] = {
    ("screens/page_dialog.py", "self._text"): "Content already: mypy --strict checks that Page is given no string",
    ("widgets/welcome.py", "text"): "Content already: mypy --strict checks that Welcome is given no string",
    ("widgets/detail.py", "page.content"): "Content: the property of a Page",
    ("screens/triage_screen.py", "text"): "Content: what sitting_side makes of titles that are drawable already",
    ("cli/completing.py", "row['names']"): "the name of an option of click, for a shell",
    ("cli/completing.py", "row['help']"): "the help of an option of click, for a shell",
    ("cli/completing.py", "help"): "the help of a word, for a shell",
    ("cli/options.py", "library"): "a library, not a widget",
    ("startup/open_reader.py", "library"): "a library, not a widget",
    ("screens/followed_files.py", "self._library"): "a library, not a widget",
    ("screens/key_queue.py", "papers"): "a set of numbers, not a widget",
}


def found_in(source: str, module: str, contents: set[str]) -> Iterator[str]:
    """The problems in a module: the line and the expression of each."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for given in handed_over(node):
            text = ast.unparse(given)
            if not is_safe(given, contents) and (module, text) not in ALLOWED:
                yield f"{module}:{given.lineno}: {text}"
        if isinstance(node, ast.Attribute | ast.Name | ast.alias) and name_of(node) in FORBIDDEN:
            yield f"{module}: {name_of(node)}"
        if isinstance(node, ast.keyword) and node.arg == "markup" and not is_false(node.value):
            yield f"{module}:{node.value.lineno}: markup={ast.unparse(node.value)}"
        if isinstance(node, ast.ImportFrom) and node.module in ("rich.markup", "textual.markup"):
            yield f"{module}:{node.lineno}: {node.module}"


def handed_over(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions that a node of the syntax tree passes to something that may read them as markup."""
    if isinstance(node, ast.Assign):
        if any(name_of(target) in NAMES for target in node.targets):
            yield node.value
    elif isinstance(node, ast.AnnAssign) and name_of(node.target) in NAMES and node.value:
        yield node.value
    elif isinstance(node, ast.Call):
        # notify() may get any text if it is called with markup=False.
        told = any(keyword.arg == "markup" and is_false(keyword.value) for keyword in node.keywords)
        at, name = CALLS.get(name_of(node.func), (-1, ""))
        if at >= 0 and not told:
            yield from node.args[at : at + 1]
            yield from (keyword.value for keyword in node.keywords if keyword.arg == name)
        # The help of an option on the command line is for click, which prints it unchanged.
        if name_of(node.func) not in ("option", "argument", "version_option", "command", "group"):
            yield from (keyword.value for keyword in node.keywords if keyword.arg in NAMES)


def is_safe(given: ast.expr, contents: set[str]) -> bool:
    """Whether an expression is a literal of the program, or Content."""
    match given:
        case ast.Constant():
            return True
        case ast.JoinedStr(values=values):
            return all(isinstance(value, ast.Constant) for value in values)
        case ast.IfExp(body=body, orelse=other):
            return is_safe(body, contents) and is_safe(other, contents)
        case ast.BoolOp(values=values):
            return all(is_safe(value, contents) for value in values)
        case ast.Call(func=function):
            # These are Content: Content("…"), Content.assemble(…), Content("").join(…), and calls of functions that are
            # declared to return Content.
            return ast.unparse(function).startswith("Content") or name_of(function) in contents
        case _:
            return False


def name_of(node: ast.AST) -> str:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name) | ast.alias(name=name):
            return name
        case _:
            return ""


def is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


@cache
def functions_that_give_content(*sources: str) -> set[str]:
    """The names of the functions that are declared to return Content, without names that another function has too."""
    gives: set[str] = set()
    others: set[str] = set()
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                declared = ast.unparse(node.returns) if node.returns else ""
                (gives if declared == "Content" else others).add(node.name)
    return gives - others


SOURCES = {str(path.relative_to(TUI)): path.read_text("utf-8") for path in sorted(TUI.rglob("*.py"))}


def test_no_string_from_outside_is_read_as_markup() -> None:
    contents = functions_that_give_content(*SOURCES.values())
    assert [(module, sink) for module in SOURCES for sink in found_in(SOURCES[module], module, contents)] == []


def test_every_exception_is_still_needed() -> None:
    used = {
        (module, ast.unparse(given))
        for module, source in SOURCES.items()
        for node in ast.walk(ast.parse(source))
        for given in handed_over(node)
    }
    assert set(ALLOWED) <= used


@pytest.mark.parametrize(
    "source",
    [
        "Static(title)",
        "Static(content=title)",
        "Label(f'{title}')",
        "Label('a' + title)",
        "widget.update(row.title)",
        "widget.update(str(error))",
        "self.notify(text)",
        "self.notify(text, markup=True)",
        "self.notify(message=text)",
        "widget.border_title = name",
        "widget.tooltip = f'{name}'",
        "self.border_subtitle: str = name",
        "Hit(1.0, name, run)",
        "Hit(1.0, Content(name), run, help=name)",
        "Option(name, id='a')",
        "Static(Content(a) if a else title)",
        "Static(title or Content(a))",
        "Content.from_markup(title)",
        "Text.from_markup('[b]x')",
        "from rich.markup import escape",
        "Binding('a', 'b', tooltip=name)",
    ],
)
def test_code_that_may_interpret_foreign_text_as_markup_is_found(source: str) -> None:
    assert list(found_in(source, "a.py", set()))


@pytest.mark.parametrize(
    "source",
    [
        "Static()",
        "Static('words of the program')",
        "Static(Content(title), id='a')",
        "Static(Content.assemble(title, (name, 'bold')))",
        "widget.update(Content('').join(parts), layout=False)",
        "widget.update(page(known))",
        "self.notify(text, markup=False)",
        "condition.notify()",
        "widget.border_title = 'Log'",
        "@click.option('--a', help=text)\ndef f(): ...",
    ],
)
def test_safe_code_is_accepted(source: str) -> None:
    assert list(found_in(source, "a.py", {"page"})) == []
