"""Row 74: a truncated, damaged or hostile full text is refused, and never crashes recto."""

from __future__ import annotations

import random
import resource
import tempfile
import time
import zlib
from collections.abc import Iterator

import pytest

from store.model.errors import ListingError
from store.text.clean import UNSAFE
from store.texts import worker
from store.texts.blocks import FullText
from store.texts.worker import TextFormat
from tests.faults.conftest import Report
from tests.store.texts.pages import LATEXML, MARKDOWN, two_columns
from tests.thorough import number_of_rounds

pytestmark = pytest.mark.faults

_DAMAGED = number_of_rounds(8, 160)
# The maximum processor time (s) for a file in the process that reads it. The limit that recto itself sets is much
# higher.
_SLOWEST = 60.0


def _damaged(data: bytes, count: int, seed: int) -> Iterator[bytes]:
    """`data` with damage: truncated, with changed bits, or with a part removed, repeated or replaced."""
    dice = random.Random(seed)
    for _ in range(count):
        at, end = sorted((dice.randrange(len(data)), dice.randrange(len(data))))
        match dice.randrange(5):
            case 0:
                yield data[:at]
            case 1:
                changed = bytearray(data)
                for _ in range(dice.randrange(1, 40)):
                    changed[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
                yield bytes(changed)
            case 2:
                yield data[:at] + data[end:]
            case 3:
                yield data[:end] + data[at:]
            case _:
                yield data[:at] + dice.randbytes(min(200, end - at)) + data[end:]


def _stream(content: bytes, dictionary: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), dictionary, content)


def _pdf(*objects: bytes) -> bytes:
    """A PDF with these objects and without a cross-reference table. PDFium then builds the table itself."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def _hostile_pdfs() -> Iterator[bytes]:
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    font = b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R " + font + b" >>"
    one = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    bomb = zlib.compress(b" " * 300_000_000, 9)
    text = b"BT /F1 10 Tf 1 0 0 1 72 700 Tm " + b"(word ) Tj " * 200_000 + b"ET"
    nested = b"[" * 100_000
    yield _pdf(catalog, one, page, _stream(bomb, b"/Filter /FlateDecode"))
    yield _pdf(catalog, one, page, _stream(zlib.compress(text), b"/Filter /FlateDecode"))
    yield _pdf(catalog, one, page, _stream(b"BT /F1 1e38 Tf 1 0 0 1 1e38 -1e38 Tm (big) Tj ET"))
    yield _pdf(catalog, one, page, _stream(b"BT /F1 10 Tf (\\033]52;c;Zm9v\\007 \\233) Tj ET " * 50))
    yield _pdf(catalog, one, page, _stream(nested))
    yield _pdf(catalog, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2000000000 >>", page, _stream(b""))
    yield _pdf(catalog, b"<< /Type /Pages /Kids [" + b"3 0 R " * 50_000 + b"] /Count 50000 >>", page, _stream(b""))
    yield _pdf(catalog, one, b"<< /Type /Page /Parent 3 0 R /MediaBox [0 0 0 0] >>")
    text = _stream(b"BT /F1 10 Tf 1 0 0 1 72 700 Tm (1 Cranes) Tj ET")
    outlined = b"<< /Type /Catalog /Pages 2 0 R /Outlines 5 0 R >>"
    # An outline whose items follow and contain themselves, and one with very many items that lead nowhere.
    yield _pdf(
        outlined,
        one,
        page,
        text,
        b"<< /First 6 0 R /Last 6 0 R >>",
        b"<< /Title (Cranes) /Parent 5 0 R /Next 6 0 R /First 6 0 R /Last 6 0 R /Dest [3 0 R /XYZ 0 1e38 0] >>",
    )
    entries = [
        b"<< /Title (%s) /Parent 5 0 R /Next %d 0 R /Dest [99 0 R /XYZ] >>" % (b"x" * 500, n + 7) for n in range(30_000)
    ]
    yield _pdf(outlined, one, page, text, b"<< /First 6 0 R /Last 6 0 R >>", *entries)
    yield b"%PDF-1.7\n" + b"1 0 obj << " * 100_000


def _hostile_pages() -> Iterator[bytes]:
    yield b"<html><body>" + b"<div>" * 60_000 + b"deep"
    yield b"<html><body><p>" + b"<b><i>" * 20_000 + b"styles"
    yield b"<html><body><math>" + b"<msup><mi>x</mi>" * 5_000 + b"</math>"
    yield b"<html><body><math>" + b"<mrow>" * 30_000 + b"<mi>x</mi></math>"
    yield b"<html><body><table><tr>" + b"<td>cell" * 100_000
    yield b"<html><body>" + b"<p>" + b"word " * 4_000_000
    yield b"<html><body>" + b"".join(b"<p id='a%d'>p" % number for number in range(200_000))
    yield b"<html><body><p>" + b"<a href='#a'>x</a>" * 100_000
    yield b"<html><body>" + b"<ul><li>" * 5_000 + b"item"
    yield "<html><body><p>\x1b]52;c;Zm9v\x07 \u202e \x9b31m <a href='http://e.org/\x1b'>a</a>".encode()
    yield b"<!--" * 100_000
    yield b"<html><body>" + b"<article class=ltx_document>" * 2_000 + b"<p>text"


def _hostile_markdown() -> Iterator[bytes]:
    yield b"[" * 50_000
    yield b"*a **b " * 50_000
    yield b"> " * 20_000 + b"deep"
    yield b"- " * 20_000 + b"deep"
    yield b"$" * 100_001
    yield b"$$" + b"\\frac{" * 5_000 + b"$$"
    yield b"|a" * 5_000 + b"\n" + b"|-" * 5_000 + b"\n" + (b"|1" * 5_000 + b"\n") * 20
    yield b"`" * 100_000
    yield b"\\[ x" * 400_000
    yield b"\\( x" * 400_000
    yield b"![" * 100_000
    yield b"- item\n" * 200_000
    yield b"word\n\n" * 6_000_000


def _files() -> Iterator[tuple[TextFormat, bytes]]:
    for kind, data in (("html", LATEXML.encode()), ("markdown", MARKDOWN.encode()), ("pdf", two_columns())):
        for damaged in _damaged(data, _DAMAGED, len(data)):
            yield kind, damaged  # type: ignore[misc]
    yield from (("pdf", data) for data in _hostile_pdfs())
    yield from (("html", data) for data in _hostile_pages())
    yield from (("markdown", data) for data in _hostile_markdown())


def _read(data: bytes, kind: TextFormat) -> FullText:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        return worker.read(file, kind)


def test_a_hostile_text_is_one_refused_file(report: Report) -> None:
    pytest.importorskip("pypdfium2")
    texts = read = refused = 0
    failures: list[str] = []
    slowest = 0.0
    for kind, data in _files():
        texts += 1
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.monotonic()
        try:
            text = _read(data, kind)
        except ListingError as error:
            refused += 1
            if "please report" in str(error) or UNSAFE.search(str(error)):
                failures.append(f"{kind} {data[:40]!r}: {error}")
        else:
            read += 1
            if any(UNSAFE.search(block.text.replace("\n", "").replace("\t", "")) for block in text.blocks):
                failures.append(f"{kind} {data[:40]!r}: a control character")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        slowest = max(slowest, used)
        if used > _SLOWEST:
            failures.append(f"{kind} {data[:40]!r}: {used:.0f} s, {time.monotonic() - began:.0f} s by the clock")
    figure = f"{texts} texts: {read} read, {refused} refused, slowest {slowest:.1f} s, failures {failures[:5]}"
    report(74, texts, figure, not failures)
