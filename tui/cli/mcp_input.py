"""The requests that `recto mcp` reads: each line that is no request gets an answer, which says what is wrong with it.

The package `mcp` gives no answer to such a line, and the program that sent it would wait for ever.
"""

from __future__ import annotations

import json
import os
import sys
from io import BufferedReader
from typing import Any

import anyio
from anyio.abc import ObjectSendStream
from mcp.server.mcpserver import MCPServer
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp_types import INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError, jsonrpc_message_adapter

# The longest line that is read (bytes). The longest request is a note of 100,000 characters, each written as \uXXXX.
_LONGEST = 2**20


async def serve(server: MCPServer[Any]) -> None:
    """Answer the requests on standard input until it ends."""
    # The name is private. A later version of `mcp` may lack it; then use the loop of `mcp`, which skips faulty lines.
    low_level = getattr(server, "_lowlevel_server", None)
    if low_level is None:
        await server.run_stdio_async()
        return
    lines = _Lines(_own_standard_input())
    async with stdio_server(stdin=lines) as (requests, answers):  # type: ignore[arg-type]
        lines.begin(answers)
        await low_level.run(requests, answers, low_level.create_initialization_options())


class _Lines:
    """An asynchronous iterator over the lines that are requests. It answers the other lines itself."""

    def __init__(self, source: BufferedReader) -> None:
        self._source = source
        self._begun = anyio.Event()
        self._answers: ObjectSendStream[SessionMessage] | None = None

    def begin(self, answers: ObjectSendStream[SessionMessage]) -> None:
        """Begin to read lines. Answers of this object are sent to `answers`."""
        self._answers = answers
        self._begun.set()

    def __aiter__(self) -> _Lines:
        return self

    async def __anext__(self) -> str:
        await self._begun.wait()
        while line := await anyio.to_thread.run_sync(self._read, abandon_on_cancel=True):
            request = accepted(line)
            if isinstance(request, str):
                return request
            assert self._answers is not None
            await self._answers.send(SessionMessage(request))
        raise StopAsyncIteration

    def _read(self) -> bytes:
        """The next line, or its first _LONGEST + 1 bytes if it is longer; b"" at the end of the input."""
        line = rest = self._source.readline(_LONGEST + 1)
        while rest and not rest.endswith(b"\n"):
            rest = self._source.readline(_LONGEST)
        return line


def accepted(line: bytes) -> str | JSONRPCError:
    """The request in `line`, or the answer to a line that is none.

    Each lone surrogate in the request becomes a question mark, because no library can store it.
    """
    if len(line) > _LONGEST:
        return _error(None, PARSE_ERROR, f"the line is longer than {_LONGEST:,} bytes")
    try:
        value = json.loads(line, parse_constant=_refuse)
        text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
    except (ValueError, RecursionError) as error:
        return _error(None, PARSE_ERROR, f"the line is no JSON: {error}")
    name = value.get("id") if isinstance(value, dict) else None
    known = name if isinstance(name, int | str) and not isinstance(name, bool) else None
    try:
        # `mcp` would take a request whose id has a wrong type for a notification, which gets no answer.
        if known is None and isinstance(value, dict) and "id" in value:
            raise ValueError
        jsonrpc_message_adapter.validate_json(text, by_name=False)
    except ValueError:
        known = known.encode("utf-8", "replace").decode() if isinstance(known, str) else known
        return _error(known, INVALID_REQUEST, "the line is no request of JSON-RPC 2.0")
    return text


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _error(request: int | str | None, code: int, message: str) -> JSONRPCError:
    return JSONRPCError(jsonrpc="2.0", id=request, error=ErrorData(code=code, message=message))


def _own_standard_input() -> BufferedReader:
    """Standard input for this module alone: other code, and programs that it starts, find an empty standard input."""
    own = os.dup(sys.stdin.fileno())
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, sys.stdin.fileno())
    os.close(null)
    return os.fdopen(own, "rb")
