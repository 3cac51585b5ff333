"""The commands `backup` and `restore`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from store.library import backup as library_backup
from store.library import restoring
from store.library.library import Library
from store.marks import recovery
from store.model.errors import LibraryError
from store.texts import text_files
from tui.cli import output
from tui.cli.options import invocation, json_option, library_option
from tui.cli.progress import Progress
from tui.render import wording


@click.command()
@click.argument("target", metavar="[FILE]", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--list", "only_list", is_flag=True, help="List the backups that recto keeps, the newest first.")
@click.option("--texts", is_flag=True, help="Copy the full texts too, into the folder FILE.texts.")
@json_option
@library_option
@click.pass_context
def backup(context: click.Context, target: Path | None, only_list: bool, texts: bool, as_json: bool) -> None:
    """Copy the whole library, and check the copy.

    Without FILE, the copy goes into the folder of backups beside the library, of which recto keeps the last three.
    recto makes such a backup once a day while it is open, and whenever a new version must change the tables of the
    library. FILE may be a new file, or an earlier copy, which is then replaced.
    """
    run = invocation(context)
    if only_list:
        if target:
            raise click.UsageError("--list takes no FILE")
        _list(run.places.library, as_json)
        return
    if texts and target is None:
        raise click.UsageError("--texts needs FILE: the texts are copied into the folder FILE.texts")
    library = run.library()
    with Progress(sys.stderr) as progress:
        if target is None:
            made = library_backup.make(library.reader(), library.file, on_step=progress.copied)
        else:
            made = target.expanduser().absolute()
            if library.is_of(made):
                raise LibraryError(f"{target} is the library itself; name another file")
            library_backup.copy_library(library.reader(), made, replace=True, on_step=progress.copied)
    if made is None:
        raise LibraryError("no backup was made")
    files = text_files.copy_to(library, text_files.folder_beside(made)) if texts else 0
    size = made.stat().st_size
    if as_json:
        output.say_object({"path": output.path_text(made), "size": size})
    else:
        output.say(f"{output.path_text(made)}: {wording.size_text(size)}, checked")
        if texts:
            folder = output.path_text(text_files.folder_beside(made))
            output.say(f"{folder}: {wording.count(files, 'file')} of full texts")


@click.command()
@click.argument("source", metavar="FILE", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--newest", is_flag=True, help="Restore the newest backup that recto made, instead of FILE.")
@click.option("--with-marks", is_flag=True, help="Then take over the marks that the replaced library has since.")
@library_option
@click.pass_context
def restore(context: click.Context, source: Path | None, newest: bool, with_marks: bool) -> None:
    """Replace the library by the backup FILE.

    The files of the replaced library are kept in a folder beside it, and can be restored in the same way. Nothing is
    changed when FILE is damaged, or when another recto has the library open.

    After damage, --newest --with-marks restores as much as possible: the papers of the newest backup that is not
    damaged, and the marks that were made after it. Listings that were imported after it must be imported again.
    """
    places = invocation(context).places
    if (source is None) != newest:
        raise click.UsageError("name a backup, or give --newest (recto backup --list shows the backups)")
    chosen = _newest_sound(places.library) if source is None else source.expanduser()
    replaced = restoring.restore(places.library, chosen)
    # Open the restored library once: if the backup was made by an older version of recto, this updates its tables.
    with Library.open(places.library) as library:
        output.say(f"{output.path_text(places.library)}: restored from {output.path_text(chosen)}")
        if (folder := text_files.folder_beside(chosen)).is_dir():
            files = text_files.restore_from(folder, places.library)
            output.say(f"restored {wording.count(files, 'file')} of full texts")
        if with_marks and replaced:
            recovered = recovery.recover(library, replaced / library.file.name)
            count = wording.count(recovered.accepted, "later mark")
            waiting = f"; {recovered.waiting:,} wait until their papers are imported again" if recovered.waiting else ""
            output.say(f"Took over {count} of the replaced library{waiting}.")
    if replaced:
        output.say(f"The replaced library is in {output.path_text(replaced)}")


def _newest_sound(library: Path) -> Path:
    """The newest undamaged backup of the library. Raises LibraryError when there is none."""
    for each in library_backup.backups(library.resolve()):
        if not library_backup.check(each.path):
            return each.path
    raise LibraryError(f"{library} has no backup that can be restored")


def _list(library: Path, as_json: bool) -> None:
    made = library_backup.backups(library.resolve())
    if as_json:
        output.say_json(
            {"path": output.path_text(each.path), "made_at": each.made_at.isoformat(), "size": each.size}
            for each in made
        )
        return
    for each in made:
        output.say(f"{each.made_at:%Y-%m-%d %H:%M}  {wording.size_text(each.size):>9}  {output.path_text(each.path)}")


COMMANDS = (backup, restore)
