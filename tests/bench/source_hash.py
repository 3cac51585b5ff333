"""A hash of Python source files that changes only when their code does."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable
from pathlib import Path


def source_hash(files: Iterable[Path]) -> str:
    """Twelve hexadecimal digits that depend on the code in `files`, but not on comments, docstrings and layout.

    Another version of Python may return another hash for the same code.
    """
    digest = hashlib.sha256()
    for file in files:
        tree = ast.parse(file.read_bytes())
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                node.body = [each for each in node.body if not _is_text(each)]
        digest.update(ast.dump(tree).encode())
    return digest.hexdigest()[:12]


def _is_text(statement: ast.stmt) -> bool:
    """Whether the statement consists of only a string, as a docstring does."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )
