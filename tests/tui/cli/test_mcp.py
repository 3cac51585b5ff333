"""`recto mcp` is called by the client of the package mcp."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from store.library.library import Library
from store.marks import journal, stored_marks
from tests.tui import samples
from tests.tui.conftest import Recto
from tests.tui.hostile import C1, ESCAPES, UNSAFE
from tests.tui.processes import started, wait_for
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from mcp.client import Client, ClientSession
    from mcp_types import CallToolResult

# These tests import mcp in the test functions. At the top, the import would take half a second, even in processes that
# run other tests.
pytestmark = pytest.mark.skipif(find_spec("mcp") is None, reason="the extra mcp is not installed")


@pytest.fixture
def filled(recto: Recto, tmp_path: Path) -> Path:
    """The path of a library with papers."""
    path = tmp_path / "mcp.db"
    assert recto("--library", str(path), "import", *map(str, samples.write(tmp_path / "listings"))).code == 0
    return path


@asynccontextmanager
async def over_stdio(path: Path, *options: str) -> AsyncIterator[ClientSession]:
    """A client that has started `recto mcp` as a process. The client's name is hostile text."""
    from mcp.client import ClientSession
    from mcp.client.stdio import StdioServerParameters, stdio_client
    from mcp_types import Implementation

    words = ["-P", "-m", "tui", "--library", str(path), "mcp", *options]
    program = StdioServerParameters(command=sys.executable, args=words, cwd=Path(__file__).parents[3])
    named = Implementation(name="a client\x1b[2J", version="1")
    # By default, mcp would use the standard error of the first test that imported it, which is closed by now.
    client = stdio_client(program, errlog=sys.stderr)
    async with client as streams, ClientSession(*streams, client_info=named) as session:
        await session.initialize()
        yield session


def client_of(library: Library, *, write: bool) -> Client:
    """A client that is connected to a server in this process."""
    from mcp.client import Client

    from tui.cli import mcp_server

    return Client(mcp_server.server(library, write=write))


def content(result: CallToolResult) -> Any:
    assert not result.is_error, result.content
    return result.structured_content


def error(result: CallToolResult) -> str:
    assert result.is_error
    return str(result.content[0].text)  # type: ignore[union-attr]


def texts(value: Any) -> Iterator[str]:
    """Yield every string in a JSON value."""
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value


async def test_a_program_searches_marks_and_notes_and_its_steps_can_be_undone(filled: Path) -> None:
    async with over_stdio(filled, "--write") as session:
        found = content(await session.call_tool("search", {"query": "title:slow"}))
        assert {paper["title"] for paper in found["papers"]} == {samples.DAILY[1], samples.DAILY[2]}
        changes = {"papers": ["Slow Glass", "cranes"], "bookmark": True, "queue": True, "add_tags": ["To Read"]}
        marked = content(await session.call_tool("mark", changes))
        assert marked["step"] == "marked by a client␛[2J"
        assert [(paper["queue_position"], paper["tags"]) for paper in marked["papers"]] == [
            (1, ["to-read"]),
            (2, ["to-read"]),
        ]
        await session.call_tool("note", {"paper": "cranes", "text": "First."})
        noted = content(await session.call_tool("note", {"paper": "cranes", "text": "Second.\x07"}))
        assert noted["step"] == "note saved by a client␛[2J"
        done = content(await session.call_tool("mark", {"papers": ["Slow Glass"], "status": "done", "rating": 4}))
        assert [(paper["queue_position"], paper["rating"]) for paper in done["papers"]] == [(None, 4)]
        shown = content(await session.call_tool("show", {"paper": "cranes"}))
        assert shown["note"] == "First.\n\nSecond.␇" and shown["bookmarked"] is True
    with Library.open(filled) as library:
        labels = []
        while step := journal.undo(library):
            labels.append(step.label.split(" by ")[0])
        assert labels == ["marked", "note saved", "note saved", "marked"]
        assert stored_marks.read(library.reader(), shown["id"]) == stored_marks.Marks()


async def test_the_server_has_no_writing_tools_without_the_option(filled: Path) -> None:
    with Library.open(filled) as library:
        async with client_of(library, write=False) as client:
            tools = (await client.list_tools()).tools
            assert [tool.name for tool in tools] == ["search", "show", "list", "queue", "digest"]
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
            listed = content(await client.call_tool("list", {"view": "all", "limit": 2, "offset": 1}))
            assert (listed["total"], len(listed["papers"])) == (8, 2)
            assert content(await client.call_tool("queue", {})) == {"total": 0, "misread": [], "papers": []}
            digest = await client.call_tool("digest", {})
            assert digest.content[0].text.startswith("# Papers of ")  # type: ignore[union-attr]


async def test_a_wrong_argument_gives_a_message_and_changes_nothing(filled: Path) -> None:
    with Library.open(filled) as library:
        async with client_of(library, write=True) as client:
            assert "no paper is called" in error(await client.call_tool("show", {"paper": "nothing"}))
            assert "there is no view" in error(await client.call_tool("list", {"view": "nothing"}))
            assert "is not a day" in error(await client.call_tool("digest", {"since": "nothing"}))
            assert "name a change" in error(await client.call_tool("mark", {"papers": ["1"]}))
            assert "limit" in error(await client.call_tool("search", {"query": "", "limit": 10_000}))
            marked = await client.call_tool("mark", {"papers": ["1", "nothing"], "bookmark": True})
            assert "no paper is called" in error(marked)
        assert journal.undo(library) is None


def test_without_the_package_the_command_says_what_to_install(recto: Recto, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("tui.cli.mcp_server", raising=False)
    monkeypatch.setitem(sys.modules, "tui.cli.mcp_server", None)
    assert "install recto[mcp]" in recto("mcp").complaint()


async def test_a_server_does_not_keep_the_lock_that_the_reader_needs_for_checkpoints(filled: Path) -> None:
    async with over_stdio(filled, "--write") as session:
        changed = content(await session.call_tool("mark", {"papers": ["Slow Glass"], "bookmark": True}))
        assert changed["papers"]
        with Library.open(filled) as library:
            assert library.holds_lock


async def test_text_that_another_program_stored_is_sent_without_control_characters(filled: Path) -> None:
    hostile = f"{ESCAPES}{C1}\u202e"
    with Library.open(filled) as library:
        with library.writing() as connection:
            connection.execute("UPDATE paper SET title = ?", (hostile,))
            connection.execute("UPDATE body SET abstract = ?, venue = ?", (hostile, hostile))
        async with client_of(library, write=True) as client:
            calls = [
                await client.call_tool("show", {"paper": "1"}),
                await client.call_tool("list", {"view": "all"}),
                await client.call_tool("digest", {"since": "week"}),
                await client.call_tool("mark", {"papers": ["1"], "add_tags": ["nlp"]}),
            ]
            refused = await client.call_tool("show", {"paper": "\x1b"})
        for result in (*calls, refused):
            for part in result.content:
                text = part.text  # type: ignore[union-attr]
                value = json.loads(text) if text.startswith("{") else text
                assert [each for each in texts(value) if UNSAFE.search(each)] == []


# The ids of requests that are faulty in another part.
NAMED_FAULTS = ("other version", "no method")


def raw_answers(path: Path, *lines: bytes) -> list[dict[str, Any]]:
    """The answers of `recto mcp --write` to `lines`, which need not be requests. A client has introduced itself."""
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
    first = [request("hello", "initialize", hello), b'{"jsonrpc":"2.0","method":"notifications/initialized"}']
    sent = (*first, *lines)
    out: list[bytes] = []
    with started("--library", path, "mcp", "--write", stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        reader = threading.Thread(target=out.extend, args=(process.stdout,), daemon=True)
        reader.start()
        process.stdin.write(b"".join(each + b"\n" for each in sent))
        process.stdin.flush()
        # A notification gets no answer.
        wait_for(lambda: len(out) == len(sent) - 1, "an answer to each line")
        process.stdin.close()
        assert process.wait(PATIENCE) == 0
        reader.join()
    answers: list[dict[str, Any]] = [json.loads(line) for line in out]
    return [answer for answer in answers if answer["id"] != "hello"]


def request(name: object, method: str, params: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": name, "method": method, "params": params}).encode()


def test_each_line_gets_an_answer_whatever_it_contains(filled: Path) -> None:
    faulty = {
        b"nonsense": -32700,
        b"[" * 100_000: -32700,
        b"\xff\xfe": -32700,
        b'"' + b"x" * 2**20 + b'"': -32700,
        b'{"jsonrpc":"2.0","id":NaN,"method":"ping"}': -32700,
        b"[]": -32600,
        b'{"jsonrpc":"2.0","id":null,"method":"ping"}': -32600,
        b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}': -32600,
        b'{"jsonrpc":"1.0","id":"other version","method":"ping"}': -32600,
        b'{"jsonrpc":"2.0","id":"no method"}': -32600,
    }
    sound = [
        request("lone surrogate", "tools/call", {"name": "search", "arguments": {"query": "\ud800 slow"}}),
        request(
            "stored surrogate", "tools/call", {"name": "note", "arguments": {"paper": "cranes", "text": "a\udfff"}}
        ),
        request("no arguments", "tools/call", {}),
        request("no such method", "nothing", {}),
        request("last", "ping", {}),
    ]
    answers = raw_answers(filled, *faulty, *sound)
    # Tools run in threads, so the order of the answers may differ from the order of the lines.
    assert [answer["error"]["code"] for answer in answers if answer["id"] is None or answer["id"] in NAMED_FAULTS] == [
        *faulty.values()
    ]
    by_id = {answer["id"]: answer for answer in answers}
    assert {*by_id} == {None, *NAMED_FAULTS, *(json.loads(line)["id"] for line in sound)}
    assert not by_id["lone surrogate"]["result"]["isError"] and not by_id["stored surrogate"]["result"]["isError"]
    with Library.open(filled) as library:
        notes = library.reader().execute("SELECT note FROM mark").fetchall()
    assert notes == [("a?",)]
