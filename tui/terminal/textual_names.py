"""Every private name of Textual that recto uses. This module checks, when it is imported, that Textual has all of them.

If Textual has all of them, `MISSING` is empty, and recto uses its own code to read keys, to draw and to end, which
needs these names (textual_internals.py). If a name is missing or a method has other parameters, recto leaves these
tasks to Textual's public classes. In that case, recto is slower and does not print a copy of its last screen at the
start, but everything else works. So a new version of Textual that renames something can make recto slower, but cannot
make it fail.

The other modules of `tui` must not use private names of Textual; a test checks this.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from textual.driver import Driver

# Maps each class or table that recto uses, written as "module:name", to the private names in it that recto uses. A name
# with parentheses is a method that must have exactly these parameters after `self`. Any other name is an attribute,
# either of the class or set by the constructor of the class.
EXPECTED = {
    "textual._ansi_sequences:ANSI_SEQUENCES_KEYS": "",
    "textual._keyboard_protocol:FUNCTIONAL_KEYS": "",
    "textual._xterm_parser:XTermParser": "mouse_pixels terminal_size terminal_pixel_size feed(data)",
    "textual.drivers._writer_thread:WriterThread": "write(text) flush()",
    "textual.drivers.linux_driver:LinuxDriver": (
        "_app _debug _file _key_thread _writer_thread _must_signal_resume _mouse_pixels fileno attrs_before"
        " write(data) close() start_application_mode() suspend_application_mode() resume_application_mode()"
        " run_input_thread() disable_input() _run_input_thread() _disable_mouse_support() _get_terminal_size()"
        " _sigtstp_application() _sigcont_application() _auto_restart"
    ),
    "textual._compositor:ChopsUpdate": "__init__(chops,spans,chop_ends)",
    "textual._compositor:Compositor": (
        "_dirty_regions _full_map _visible_map full_map cuts size visible_widgets _regions_to_spans(regions)"
        " _render_chops(crop,is_rendered_line) render_partial_update() render_full_update(simplify)"
    ),
    "textual.screen:Screen": (
        "_compositor _dirty_widgets _layout_required _scroll_required _repaint_required"
        " _compositor_refresh() _on_timer_update()"
    ),
    "textual.widget:Widget": "_repaint_required _vertical_scrollbar _refresh_scrollbars() _scroll_update(virtual_size)",
    "textual.app:App": (
        "_driver _batch_count _start_widget(parent,widget) _check_bindings(key,priority) _handle_exception(error)"
        " _fatal_error()"
    ),
}


def named(place: str) -> Any:
    """The class or table that `place` ("module:name") refers to; None when Textual has no such module or name."""
    module, _, name = place.partition(":")
    try:
        return getattr(importlib.import_module(module), name, None)
    except ImportError:
        return None


def has(owner: Any, name: str) -> bool:
    """Whether the class `owner` has the attribute or the method `name`, which is written as in `EXPECTED`."""
    name, is_method, parameters = name.rstrip(")").partition("(")
    if is_method:
        method = getattr(owner, name, None)
        code = getattr(getattr(method, "__wrapped__", method), "__code__", None)
        return code is not None and ",".join(code.co_varnames[1 : code.co_argcount]) == parameters
    constructors = (base.__dict__["__init__"] for base in owner.__mro__[:-1] if "__init__" in base.__dict__)
    return hasattr(owner, name) or any(
        name in code.co_names for each in constructors if (code := getattr(each, "__code__", None))
    )


def missing() -> list[str]:
    """The names in `EXPECTED` that this version of Textual lacks."""
    lacking: list[str] = []
    for place, names in EXPECTED.items():
        owner = named(place)
        lacking += [place] if owner is None else [f"{place}.{name}" for name in names.split() if not has(owner, name)]
    return lacking


MISSING = missing()


if TYPE_CHECKING:
    from textual._ansi_sequences import ANSI_SEQUENCES_KEYS as ANSI_SEQUENCES_KEYS
    from textual._compositor import ChopsUpdate as ChopsUpdate
    from textual._compositor import Compositor as Compositor
    from textual._keyboard_protocol import FUNCTIONAL_KEYS as FUNCTIONAL_KEYS
    from textual._xterm_parser import XTermParser as XTermParser
    from textual.drivers.linux_driver import LinuxDriver as LinuxDriver
else:
    # The values after `or` replace missing names, so that the classes of textual_internals.py can be defined. They are
    # never used.
    ANSI_SEQUENCES_KEYS = named("textual._ansi_sequences:ANSI_SEQUENCES_KEYS") or {}
    FUNCTIONAL_KEYS = named("textual._keyboard_protocol:FUNCTIONAL_KEYS") or {}
    XTermParser = named("textual._xterm_parser:XTermParser") or object
    ChopsUpdate = named("textual._compositor:ChopsUpdate") or object
    Compositor = named("textual._compositor:Compositor") or object
    LinuxDriver = named("textual.drivers.linux_driver:LinuxDriver") or Driver
