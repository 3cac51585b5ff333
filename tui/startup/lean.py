"""Textual imported without what the reader has no use for, which takes a fifteenth of the time."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_TYPES = "textual.types"


class _Types(ModuleType):
    """Stands in for `textual.types`, which imports a tree, a menu and more, only for what their types are called.

    What Textual itself takes from it comes from a module that imports nothing. For any other name it gives way.
    """

    def __getattr__(self, name: str) -> Any:
        from textual import _types

        if hasattr(_types, name):
            return getattr(_types, name)
        if name.startswith("__"):
            raise AttributeError(name)
        sys.modules.pop(_TYPES, None)
        return getattr(importlib.import_module(_TYPES), name)


@contextmanager
def imports() -> Iterator[None]:
    """What is imported inside is imported so; behind it every module is there for who asks for it.

    asyncio does without TLS, as where Python has none: the reader fetches in a process of its own.
    """
    modules: dict[str, Any] = sys.modules
    stand_ins = {"ssl": None, _TYPES: _Types(_TYPES)}
    set_in = {name: module for name, module in stand_ins.items() if name not in modules}
    for name, module in set_in.items():
        modules[name] = module
    try:
        yield
    finally:
        for name, module in set_in.items():
            if name in modules and modules[name] is module:
                del modules[name]
