"""The command `stats`."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import click

from store.model.errors import LibraryError
from tui.cli import output
from tui.cli.options import invocation, json_option, library_option

# The smallest and the largest width of the page that is printed (cells).
_NARROWEST, _WIDEST = 60, 110


@click.command(short_help="Show what you read, how long papers wait, rising words.")
@click.option("-o", "--output", "file", type=click.Path(path_type=Path), help="Write them to FILE.svg or FILE.csv.")
@json_option
@library_option
@click.pass_context
def stats(context: click.Context, file: Path | None, as_json: bool) -> None:
    """Show what you read, how long papers wait, and which words rise in the titles of your listings."""
    # These modules are imported here, because only this command needs them.
    import msgspec

    from store.exporting import target_file
    from store.statistics import export, reading

    library = invocation(context).library()
    writers = {".svg": export.to_svg, ".csv": export.to_csv}
    if file is not None and file.suffix.lower() not in writers:
        raise LibraryError(f"{file} ends in neither .svg nor .csv; name the file like one of these")
    found = reading.read(library.reader(), date.today())
    if file is not None:
        # Replace an existing file without asking, as other programs that write reports do.
        target_file.replace(file, [writers[file.suffix.lower()](found).encode()])
        output.say(f"wrote {output.path_text(file)}")
    elif as_json:
        output.say_object(msgspec.to_builtins(found))
    else:
        from tui.render.statistics_page import statistics_text

        width = max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size().columns))
        output.say("\n".join(line.rstrip() for line in statistics_text(found, width).plain.split("\n")))


COMMANDS = (stats,)
