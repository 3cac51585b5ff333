"""The command `mcp`."""

from __future__ import annotations

import click

from store.model.errors import LibraryError
from tui.cli.options import invocation, library_option


@click.command(short_help="Serve the library over the Model Context Protocol.")
@click.option("--write", is_flag=True, help="Also offer mark and note, which change your marks.")
@library_option
@click.pass_context
def mcp(context: click.Context, write: bool) -> None:
    """Serve the library to a program that speaks the Model Context Protocol, on standard input and output.

    It can search, show and list papers, the queue and the digest. Without --write it can change nothing. With it, each
    change is one step that recto undo takes back, and that names the program.

    Needs the package mcp: install recto[mcp].
    """
    try:
        # Imported here, because it needs the package `mcp`, which is installed only with the optional extra `mcp`, and
        # because its import takes half a second.
        import anyio

        from tui.cli import mcp_input, mcp_server
    except ImportError as error:
        raise LibraryError("recto mcp needs the package mcp, version 2: install recto[mcp]") from error
    anyio.run(mcp_input.serve, mcp_server.server(invocation(context).library(), write=write))


COMMANDS = (mcp,)
