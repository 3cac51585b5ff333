"""Rows 32 and 50: whatever paths and addresses a listing contains, an import opens only the listing's own file.

It opens no connection and starts no program.

strace reports the system calls, so this also covers libraries that are written in C.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.faults.conftest import Report
from tests.faults.injection import needs_strace, traced
from tests.store.formats.samples import ABSTRACT, SAMPLES

pytestmark = [pytest.mark.faults, needs_strace]

# No file has this name. If recto tries to open it, strace reports the call with this name.
_CANARY = "recto-canary"
_CALLS = "open,openat,openat2,connect,sendto,execve,stat,newfstatat,statx,access,faccessat2,readlink"
_ENTITIES = (
    '<!DOCTYPE feed [<!ENTITY x SYSTEM "{name}">]><feed xmlns="http://www.w3.org/2005/Atom"><entry><title>&x;</title>'
    "</entry></feed>",
    '<!DOCTYPE feed SYSTEM "{name}"><feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title></entry></feed>',
    '<!DOCTYPE feed [<!ENTITY % x SYSTEM "{name}"> %x;]><feed xmlns="http://www.w3.org/2005/Atom"></feed>',
    '<?xml-stylesheet href="{name}"?><rss version="2.0"><channel><item><title>A</title><link>{name}</link>'
    '<enclosure url="{name}"/></item></channel></rss>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{name}"/>'
    "</feed>",
)
_OTHERS = (
    '<html><head><base href="{name}"><link rel="stylesheet" href="{name}"><script src="{name}"></script>'
    '<meta http-equiv="refresh" content="0;{name}"><meta name="citation_title" content="A"></head>'
    '<body><img src="{name}"><iframe src="{name}"></iframe></body></html>',
    "@article{{a, title = {{\\input{{{name}}} \\write18{{cat {name}}}}}, file = {{{name}}}, crossref = {{{name}}}}}",
    '@comment{{jabref-meta: fileDirectory:{name};}}\n@string{{x = "{name}"}}\n@article{{b, title = x,'
    " pdf = {{{name}}}}}",
    "references:\n- !!python/object/apply:os.system ['cat {name}']\n- title: !include {name}\n  URL: {name}\n",
    "TY  - JOUR\nTI  - A\nL1  - {name}\nL4  - {name}\nUR  - {name}\nER  - \n",
    "{name}",
    "{name}\n{name}\n",
    "# [A]({name})\n\n![picture]({name})\n",
)


def _listings(folder: Path) -> int:
    """Write hostile listings that contain the canary (a file name) as a path and in addresses. Returns how many."""
    names = (f"/{_CANARY}", f"../{_CANARY}", f"file:///{_CANARY}", f"http://127.0.0.1:9/{_CANARY}", f"`cat {_CANARY}`")
    count = 0
    for name in names:
        filled = [text.replace("{{", "{").replace("}}", "}").replace("{name}", name) for text in (*_ENTITIES, *_OTHERS)]
        filled += [sample.text().replace(ABSTRACT.strip(), name) for sample in SAMPLES.values()]
        for text in filled:
            (folder / f"{count}.txt").write_text(text, "utf-8")
            count += 1
    return count


def test_an_import_opens_nothing_that_a_listing_names(tmp_path: Path, report: Report) -> None:
    folder = tmp_path / "listings"
    folder.mkdir()
    count = _listings(folder)
    # `import` exits with 1, because many of the files are refused.
    program = (
        "import sys; from tui.__main__ import main\n"
        "try: main()\n"
        "except SystemExit as end: sys.exit(end.code not in (0, 1))\n"
    )
    calls = traced(_CALLS, tmp_path / "log", "-c", program, "--library", tmp_path / "library.db", "import", str(folder))
    assert any(f"{folder}/0.txt" in call for call in calls)
    named = [call for call in calls if _CANARY in call]
    connected = [call for call in calls if re.search(r"\b(connect|sendto)\(.*AF_INET", call)]
    started = [call for call in calls if "execve(" in call and sys.executable not in call and "= 0" in call]
    figure = (
        f"{count} listings, {len(named)} files opened that they name, {len(connected)} connections,"
        f" {len(started)} programs started"
    )
    for row in (32, 50):
        report(row, count, figure, not (named or connected or started))
