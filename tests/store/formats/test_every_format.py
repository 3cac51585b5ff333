"""Every format can read any bytes without a crash, reports every truncated file, and takes linear time."""

from __future__ import annotations

import contextlib
import gc
import io
import re
import time

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from store.formats.registry import HEAD_SIZE, Format, detect, formats, named
from store.importing import resource_limits
from store.model import limits
from store.model.entry import CutShort, Entry, Item, Refused, Warned
from store.model.errors import ListingError
from store.text import clean
from tests.store.formats.samples import ABSTRACT, BANNER, MAY_END, ONE_PAPER, RSS, SAMPLES, TITLES
from tests.thorough import examples, some

every_format = pytest.mark.parametrize("name", SAMPLES)


def read(format: Format, data: bytes | str) -> list[Item]:
    return list(format.read(io.BytesIO(data.encode() if isinstance(data, str) else data)))


def titles(items: list[Item]) -> list[str]:
    return [clean.entry(item).paper.title for item in items if isinstance(item, Entry)]


def test_there_is_a_sample_of_every_format() -> None:
    assert sorted([*SAMPLES, *ONE_PAPER]) == sorted(each.NAME for each in formats())


@pytest.mark.parametrize("name", ONE_PAPER)
def test_only_its_format_detects_a_file_of_one_paper(name: str) -> None:
    head = ONE_PAPER[name][:HEAD_SIZE]
    assert [each.NAME for each in formats() if each.sniff(head, "upload.bin") >= 0.5] == [name]
    assert titles(list(named(name).read(io.BytesIO(ONE_PAPER[name])))) == [TITLES[0]]


# PDFs are left out: a child process reads each PDF, which is slow. Damaged PDFs are tested in
# tests/store/formats/documents.
@pytest.mark.parametrize("name", sorted(ONE_PAPER.keys() - {"pdf"}))
@examples(12, 100, HealthCheck.too_slow)
@given(at=st.floats(0, 1), data=st.binary(max_size=40), dropped=st.integers(0, 40))
def test_a_changed_file_of_one_paper_is_read_or_refused(name: str, at: float, data: bytes, dropped: int) -> None:
    place = int(at * len(ONE_PAPER[name]))
    content = ONE_PAPER[name][:place] + data + ONE_PAPER[name][place + dropped :]
    with contextlib.suppress(ListingError):
        for item in named(name).read(io.BytesIO(content)):
            if isinstance(item, Entry):
                clean.entry(item)


@every_format
def test_a_sample_is_detected_and_read_whole(name: str) -> None:
    text = SAMPLES[name].text()
    assert detect(text.encode(), "upload.bin") is named(name)
    items = read(named(name), text)
    assert titles(items) == list(TITLES)
    assert not [item for item in items if isinstance(item, CutShort | Refused | Warned)]


@every_format
def test_no_two_formats_detect_the_same_file(name: str) -> None:
    head = SAMPLES[name].text().encode()
    assert [each.NAME for each in formats() if each.sniff(head, "upload.bin") >= 0.5] == [name]


@every_format
@pytest.mark.thorough
def test_a_file_cut_at_any_byte_is_reported(name: str) -> None:
    sample, format = SAMPLES[name], named(name)
    text = sample.text()
    ends = [
        len(sample.before + sample.between.join(sample.paper(n, TITLES[n]) for n in range(k + 1))) for k in range(3)
    ]
    for cut in some(80, range(len(text))):
        try:
            items = read(format, text[:cut])
        except ListingError as error:
            assert "\n" not in str(error)
            continue
        # No incomplete paper is returned as if it were complete, and no complete paper is lost.
        produced = titles(items)
        assert produced == list(TITLES)[: len(produced)]
        reported = any(isinstance(item, CutShort | Refused | Warned) for item in items)
        assert reported or len(produced) >= sum(end <= cut for end in ends), cut
        if not reported and cut < ends[-1]:
            assert re.search(rf"(?:{MAY_END[name]})\Z", text[:cut]), (cut, text[max(0, cut - 60) : cut])


@every_format
@examples(12, 100, HealthCheck.too_slow)
@given(data=st.binary(max_size=300), at=st.floats(0, 1))
def test_any_bytes_are_read_or_refused(name: str, data: bytes, at: float) -> None:
    format, sample = named(name), SAMPLES[name].text().encode()
    for content in (data, sample[: int(at * len(sample))] + data):
        assert 0 <= format.sniff(content, "upload.bin") <= 1
        try:
            for item in read(format, content):
                if isinstance(item, Entry):
                    clean.entry(item)
        except ListingError as error:
            assert "\n" not in str(error)


MARKS = [
    *'{}()[]"@,=\\#<>&;:%\n\r\t ~-·•|0é\x00\x1b\ud800\U0001f600',
    "\\\\\n",
    "null",
    "1e999",
    "ER  - ",
    "&quot;",
    "</",
    "]]>",
]


@every_format
@examples(12, 100, HealthCheck.too_slow)
@given(
    edits=st.lists(st.tuples(st.floats(0, 0.999), st.sampled_from(MARKS), st.integers(0, 30)), min_size=1, max_size=6)
)
def test_a_changed_file_is_read_or_refused(name: str, edits: list[tuple[float, str, int]]) -> None:
    text = SAMPLES[name].text()
    for where, what, dropped in edits:
        at = int(where * len(text))
        text = text[:at] + what + text[at + dropped :]
    try:
        for item in read(named(name), text.encode("utf-8", "surrogatepass")):
            if isinstance(item, Entry):
                clean.entry(item)
    except ListingError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
@pytest.mark.parametrize(
    ("name", "line_end"),
    # Snapshots are not tested with "\r", because arXiv's snapshots never contain this line end, and the code that reads
    # them splits lines only at line feeds.
    [(name, end) for name in SAMPLES for end in ("\n", "\r\n", "\r") if (name, end) != ("arxiv-snapshot", "\r")],
)
def test_encoding_and_line_ends_make_no_difference(name: str, encoding: str, line_end: str) -> None:
    data = SAMPLES[name].text().replace("•", "*").replace("·", "·").replace("\n", line_end)
    assert titles(read(named(name), data.encode(encoding))) == list(TITLES)


@every_format
@pytest.mark.parametrize("place", ["first", "second", "goes"])
def test_a_file_with_a_null_byte_is_read(name: str, place: str) -> None:
    text = SAMPLES[name].text()
    at = text.lower().find(place)
    data = f"{text[:at]}\0{text[at:]}".encode()
    assert detect(data, "upload.bin") is named(name)
    assert titles(read(named(name), data)) == list(TITLES)


@pytest.mark.timing
@every_format
def test_reading_takes_linear_time(name: str) -> None:
    format, sample = named(name), SAMPLES[name]
    small, large = (sample.text(count).encode() for count in (600, 2_400))

    def seconds(data: bytes) -> float:
        gc.collect()
        started = time.process_time()
        for _ in format.read(io.BytesIO(data)):
            pass
        return time.process_time() - started

    seconds(small)
    # The large file is four times as long. On a busy machine a measurement may be slow by chance, so one of three
    # attempts must be fast enough.
    assert any(seconds(large) < 4 * 2.5 * seconds(small) + 0.02 for _ in range(3))


RUN = 64 * 1024
SPACES = " " * RUN
# An earlier pattern needed quadratic time for each of these texts: it tried to match from every character of the long
# run.
LONG_RUNS = [
    ("csv", f'title,authors,doi\n"A title","Quill, Ada{SPACES}x","10.1000/1"\n'),
    ("csv", f'title,authors,doi\n"A title","Ada Quill; Bo Reed{SPACES}x","10.1000/1"\n'),
    ("csv", f'title,authors,keywords,doi\n"A title","Ada Quill","lamps{SPACES}x","10.1000/1"\n'),
    ("arxiv-email", SAMPLES["arxiv-email"].text(1).replace("Date: Wed", f"Date{SPACES}x", 1)),
    ("arxiv-rss", f"{RSS}<item><title>A title{SPACES}x</title><link>https://arxiv.org/abs/2301.00001</link></item>"),
    (
        "arxiv-rss",
        f"{RSS}<item><title>{'(arXiv:' * (RUN // 7)}</title><link>https://arxiv.org/abs/2301.00001</link></item>",
    ),
    ("bibtex", f"@article{{a, title={{A title}}, author={{Ada{SPACES}Quill}}}}"),
    ("wos", f"PT J\nAU Quill, Ada{SPACES}x\nTI A title\nER\n"),
    ("hf-text", f"{BANNER}\nA title\n\n{ABSTRACT}\n\n{'· ' * 40}<\n·\nAug 24, 2024 2\n"),
]


@pytest.mark.parametrize(("name", "text"), LONG_RUNS, ids=[f"{at} {name}" for at, (name, _) in enumerate(LONG_RUNS)])
def test_a_long_run_of_one_character_is_read_in_linear_time(
    name: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ENTRY_SECONDS", 2.0)
    # The first reading imports modules, so its time is not measured.
    read(named(name), SAMPLES[name].text(1))
    data = text.encode()
    started = time.process_time()
    entries = [item for item in resource_limits.in_time(named(name).read(io.BytesIO(data))) if isinstance(item, Entry)]
    assert len(entries) == 1
    # Code with linear time takes some hundredths of a second. The quadratic patterns took 5 to 100 seconds.
    assert time.process_time() - started < 2


@examples(60, 3_000)
@given(
    st.sampled_from(sorted(SAMPLES)),
    st.floats(0, 1),
    st.lists(
        st.sampled_from([*list(" \n\t<[{\\-@\"'0aA:,.()=%*·/>]}&;$_#+|"), " and ", "a, ", "$$", "arXiv:"]),
        min_size=1,
        max_size=3,
    ),
)
# White space in an entry whose braces are not balanced.
@example("bibtex", 0.5450808523965401, ["\t"])
@example("bibtex", 0.5450808523965401, ["\n"])
def test_a_long_run_anywhere_is_read_in_linear_time(name: str, place: float, units: list[str]) -> None:
    text = SAMPLES[name].text(2)
    at = int(place * len(text))
    unit = "".join(units)
    data = (text[:at] + unit * (RUN // len(unit)) + text[at:]).encode()
    started = time.process_time()
    with contextlib.suppress(ListingError):
        for item in resource_limits.in_time(named(name).read(io.BytesIO(data))):
            if isinstance(item, Entry):
                clean.entry(item)
    assert time.process_time() - started < 10
