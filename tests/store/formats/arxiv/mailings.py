"""Functions that make arXiv mailings for the tests and read them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from store.formats.arxiv import mailing
from store.model.entry import Entry, Item

RULE = "-" * 78
CROSSES = "%-" * 39
REPLACEMENTS = ("%%--" * 20)[:78]
END = ("%%%---" * 13)[:78]


def read(text: str | bytes) -> list[Item]:
    data = text.encode() if isinstance(text, str) else text
    return list(mailing.read(io.BytesIO(data)))


def entries(items: list[Item]) -> list[Entry]:
    return [item for item in items if isinstance(item, Entry)]


def one(text: str | bytes) -> Entry:
    (entry,) = entries(read(text))
    return entry


def kinds(items: list[Item]) -> list[str]:
    return [type(item).__name__ for item in items]


def item(
    number: str = "2303.00763",
    *,
    title: str = "A title",
    fields: str = "Authors: Ada Lovelace\nCategories: cs.LG",
    dated: str = "Date: Wed, 1 Mar 2023 19:00:02 GMT   (3197kb,D)",
    abstract: str | None = "  An abstract.",
) -> str:
    first = number if ":" in number else f"arXiv:{number}"
    head = f"\\\\\n{first}\n{dated}\n\nTitle: {title}\n{fields}\n"
    address = f"\\\\ ( https://arxiv.org/abs/{number} ,  3197kb)\n"
    return head + (f"\\\\\n{abstract}\n{address}" if abstract else address)


def mail(
    new: Sequence[str],
    crosses: Sequence[str] = (),
    replaced: Sequence[str] = (),
    *,
    sent: str = "Fri,  3 Mar 23 01:29:12 GMT",
) -> str:
    return (
        f"Date: {sent}\nSubject: cs daily {len(new)} new +  crosses received\n\n{RULE}\n{RULE}\n"
        f"Send any comments regarding submissions directly to submitter.\n{RULE}\nArchives at http://arxiv.org/\n"
        f"To unsubscribe, e-mail To: cs@arXiv.org, Subject: cancel\n{RULE}\n"
        f"received from  Wed  1 Mar 23 19:00:00 GMT  to  Thu  2 Mar 23 19:00:00 GMT\n{RULE}\n"
        + f"{RULE}\n".join(new)
        + f"{CROSSES}\n{RULE}\n"
        + f"{RULE}\n".join(crosses)
        + f"{REPLACEMENTS}\n{RULE}\n"
        + f"{RULE}\n".join(replaced)
        + f"{END}\nFor help see http://arxiv.org/help/\n"
    )


REPLACED = "replaced with revised version Thu, 2 Mar 2023 11:00:13 GMT   (1527kb,D)"


def real_files(listings: Path) -> list[Path]:
    return sorted((listings / "arxiv-email").iterdir())


def by_id(path: Path) -> dict[str | None, Entry]:
    return {each.paper.arxiv_id: each for each in entries(read(path.read_bytes()))}


MIME = 'MIME-Version: 1.0\nContent-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: {}\n'


def saved(transfer: str, body: bytes) -> bytes:
    head = (
        "Return-Path: <no-reply@arxiv.org>\nReceived: from a by b;\n\tFri, 3 Mar 2023 01:30:00 +0000\n"
        "From: send mail ONLY to cs <no-reply@arxiv.org>\nTo: rabble@arxiv.org\n"
        "Date: Fri, 3 Mar 2023 01:29:12 +0000\nSubject: cs daily\n" + MIME.format(transfer) + "\n"
    )
    return head.encode() + body


BODY = mail(
    [item("2303.00001", title="Großes über x = y", abstract="  Long lines of text " + "and more " * 12 + "end.")],
    [],
    [item("2201.00003", dated=REPLACED, abstract=None)],
).partition("\n\n")[2].encode()  # fmt: skip
