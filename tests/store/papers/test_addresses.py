"""Which web addresses a paper has. Only http and https addresses with a host are opened, exactly as displayed."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.model.paper import Link, LinkKind, Paper
from store.papers import addresses
from tests.tui.hostile import ESCAPES, PAYLOADS, seen, texts

OPENED = {
    "https://arxiv.org/abs/2510.01234": "https://arxiv.org/abs/2510.01234",
    "http://example.org": "http://example.org",
    "HTTPS://Example.ORG/Path": "https://example.org/Path",
    "https://example.org:8443/a": "https://example.org:8443/a",
    "https://example.org:/a": "https://example.org/a",
    "https://example.org/a?b=c&d=e#f": "https://example.org/a?b=c&d=e#f",
    "https://example.org?q=1?2": "https://example.org?q=1?2",
    "https://doi.org/10.1016/S0022-2836(05)80360-2": "https://doi.org/10.1016/S0022-2836(05)80360-2",
    "https://example.org/%E2%9C%93": "https://example.org/%E2%9C%93",
    "https://example.org/✓/é": "https://example.org/%E2%9C%93/%C3%A9",
    "https://example.org/?q=naïve": "https://example.org/?q=na%C3%AFve",
    "https://example.org/100%": "https://example.org/100%",
    "https://bücher.example/": "https://xn--bcher-kva.example/",
    "https://日本語.jp/": "https://xn--wgv71a119e.jp/",
    "http://аррӏе.com": "http://xn--80ak6aa92e.com",
    "http://ⓔxample.com": "http://example.com",
    "http://127.0.0.1:8000/": "http://127.0.0.1:8000/",
    "http://localhost/x": "http://localhost/x",
    "http://[::1]:80/": "http://[::1]:80/",
    "http://[2001:DB8::1]/": "http://[2001:db8::1]/",
    "https://example.org./": "https://example.org./",
    "https://under_score.example/": "https://under_score.example/",
    "https://example.org/a|b": "https://example.org/a%7Cb",
    'https://example.org/"><script>': "https://example.org/%22%3E%3Cscript%3E",
    "https://example.org/$(touch x)".replace(" ", ""): "https://example.org/%24(touchx)",
    "https://example.org/`id`": "https://example.org/%60id%60",
    "https://example.org/';id;'": "https://example.org/%27;id;%27",
    "https://example.org/[x]": "https://example.org/%5Bx%5D",
    "https://example.org/--help": "https://example.org/--help",
    "https://example.org#@evil.example": "https://example.org#@evil.example",
}
REFUSED = (
    "",
    " ",
    "example.org",
    "//example.org/a",
    "/etc/passwd",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "JavaScript://example.org/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "ftp://example.org/",
    "mailto:a@example.org",
    "ssh://example.org",
    "vscode://file/etc/passwd",
    "view-source:https://example.org",
    "x-apple.systempreferences:",
    "http:",
    "http://",
    "http:///path",
    "http:example.org",
    "https:/example.org",
    "http://user@example.org/",
    "http://user:word@example.org/",
    "http://@example.org/",
    "http://example.org@evil.example/",
    "http://example.org\\@evil.example/",
    "http://example.org:99999/",
    "http://example.org:port/",
    "http://example.org:80:80/",
    "http://-rf.example/",
    "http://.example.org/",
    "http://a..b/",
    "http://[::1/",
    "http://[v1.a]/",
    "http://[fe80::1%25$(id)]/",
    "http://a%2ecom/",
    "http://$(id)/",
    "http://a;b/",
    "http://a,b/",
    "http://" + "a" * 64 + ".example/",
    "http://straße.example/",
    "-https://example.org",
    "--new-window https://example.org",
    "https://example.org/ a",
    " https://example.org/",
    "https://example.org/\n",
    "https://example.org/\t",
    "https://example.org/\x1b[2J",
    "https://example.org/\x9b2J",
    "https://exam\u200bple.org/",
    "https://example.org/\u202egpj.exe",
    "https://example.org/\U000e0061",
    "https://example.org/\ud800",
)


def paper(abstract: str | None = None, **fields: object) -> Paper:
    return Paper(title="T", abstract=abstract, **fields)  # type: ignore[arg-type]


def link(kind: LinkKind, url: str) -> Link:
    return Link(kind=kind, url=url)


# -- which addresses are opened


@pytest.mark.parametrize(("url", "opened"), OPENED.items())
def test_web_addresses_are_opened_in_the_form_they_are_shown_in(url: str, opened: str) -> None:
    assert addresses.may_open(url) == opened
    assert addresses.may_open(opened) == opened


@pytest.mark.parametrize("url", REFUSED)
def test_other_addresses_are_not_opened(url: str) -> None:
    assert addresses.may_open(url) is None


def test_the_examples_have_at_least_sixty_addresses() -> None:
    assert len(OPENED) + len(REFUSED) >= 60


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_makes_an_address_that_acts(payload: str) -> None:
    for url in (PAYLOADS[payload], f"https://example.org/{PAYLOADS[payload]}", f"https://{PAYLOADS[payload]}.org/"):
        opened = addresses.may_open(url[:5000])
        assert opened is None or (opened.isascii() and opened.isprintable() and " " not in opened)


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(texts, texts.map(lambda text: f"https://example.org/{text}"), texts.map(lambda text: f"http://{text}/"))
)
def test_an_address_that_is_opened_is_one_plain_word_that_starts_with_http(url: str) -> None:
    opened = addresses.may_open(url)
    if opened is not None:
        assert opened.startswith(("http://", "https://"))
        assert opened.isascii() and opened.isprintable()
        assert not set(opened) & set(" \"'`$<>|\\^{}\n\t")
        assert addresses.may_open(opened) == opened


# -- which addresses a paper has


def test_an_arxiv_id_or_a_doi_is_an_address() -> None:
    assert addresses.page(paper(arxiv_id="2510.01234")) == "https://arxiv.org/abs/2510.01234"
    assert addresses.pdf(paper(arxiv_id="2510.01234")) == "https://arxiv.org/pdf/2510.01234"
    assert addresses.page(paper(doi="10.1000/a<b>#c")) == "https://doi.org/10.1000/a%3Cb%3E%23c"
    assert addresses.pdf(paper(doi="10.1000/x")) is None
    assert addresses.page(paper()) is addresses.pdf(paper()) is addresses.best(paper()) is None
    assert addresses.of(paper()) == []


def test_addresses_from_a_listing_come_before_those_derived_from_ids() -> None:
    given = paper(
        arxiv_id="2510.01234", links=(link("page", "https://a.example/p"), link("pdf", "https://a.example/f"))
    )
    assert addresses.page(given) == "https://a.example/p"
    assert addresses.pdf(given) == "https://a.example/f"


def test_every_address_is_there_once_in_the_order_of_their_use() -> None:
    found = addresses.of(
        paper(
            "See https://github.com/a/b, www.example.org/x and HTTPS://A.example/p. Mail a@example.org. In b.In.",
            arxiv_id="2510.01234",
            links=(
                link("code", "https://github.com/a/b"),
                link("project", "https://p.example"),
                link("page", "https://a.example/p"),
            ),
        )
    )
    assert [(each.label, each.url) for each in found] == [
        ("page", "https://a.example/p"),
        ("PDF", "https://arxiv.org/pdf/2510.01234"),
        ("code", "https://github.com/a/b"),
        ("project", "https://p.example"),
        ("link", "http://www.example.org/x"),
    ]


def test_an_address_is_shown_as_it_opens() -> None:
    (found,) = addresses.of(paper(links=(link("project", "http://аррӏе.com/login"),)))
    assert found.url == "http://xn--80ak6aa92e.com/login"


def test_an_address_that_cannot_be_opened_is_still_listed_unchanged() -> None:
    (found,) = addresses.of(paper(links=(link("code", "file:///etc/passwd"),)))
    assert found.url == "file:///etc/passwd"
    assert addresses.best(paper(links=(link("code", "javascript:x"),))) == "javascript:x"
    assert addresses.may_open("javascript:x") is None


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Code: https://github.com/a/b.", ["https://github.com/a/b"]),
        ("(https://example.org/a_(b))", ["https://example.org/a_(b)"]),
        ("at github.com/a/b", ["http://github.com/a/b"]),
        ("deep learning.In this work", []),
        ("e.g.the U.S.A. in Fig.3", []),
        ("file:///etc/passwd and javascript:alert(1) and ftp://a.example/x", []),
        ("a@example.org", []),
        ("https://user:word@example.org/", []),
        ("https://exa\u202emple.org", []),
        ("https://[x", []),
    ],
)
def test_addresses_in_the_abstract_are_found(said: str, found: list[str]) -> None:
    assert [each.url for each in addresses.of(paper(said))] == found


@settings(max_examples=200, deadline=None)
@given(texts, texts)
def test_any_abstract_gives_addresses_that_open(one: str, other: str) -> None:
    for each in addresses.of(paper(f"{one} https://example.org/{other} www.{one}.com {other}")):
        assert addresses.may_open(each.url) == each.url
        seen(each.url)


@pytest.mark.parametrize(
    "part", ["http://a.com/(", "http://a.com/%", "a.", "http://", "a@", "//a", "[", "http://a.com/'(", "www.", ":"]
)
def test_a_hostile_abstract_does_not_hold_the_screen_up(part: str) -> None:
    addresses.of(paper("warm.com"))
    started = time.process_time()
    addresses.of(paper(part * (100_000 // len(part))))
    assert time.process_time() - started < 1.5


def test_no_shell_is_used_anywhere() -> None:
    tree = Path(addresses.__file__).parents[2]
    for module in [*tree.glob("tui/**/*.py"), *tree.glob("store/**/*.py")]:
        source = module.read_text("utf-8")
        for word in ("shell=True", "os.system(", "os.popen(", "create_subprocess_shell", "webbrowser", "getoutput("):
            assert word not in source, f"{module}: {word}"


def test_an_escape_in_an_address_is_shown_and_not_opened() -> None:
    given = paper(links=(link("code", f"https://example.org/{ESCAPES}"),))
    assert addresses.may_open(addresses.of(given)[0].url) is None


def test_the_shortcut_for_simple_addresses_changes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(1)
    urls = [f"https://{''.join(chance.choices('aZ09-._~/?=&:%@ü#', k=chance.randrange(1, 14)))}" for _ in range(3_000)]
    answers = [addresses.may_open(url) for url in urls]
    monkeypatch.setattr(addresses, "_SIMPLE", re.compile("(?!)"))
    assert [addresses.may_open(url) for url in urls] == answers
    assert sum(answer is not None for answer in answers) > 300


def test_the_search_for_signs_of_addresses_in_an_abstract_changes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(2)
    parts = [
        "http",
        "HTTPS",
        ":",
        "/",
        "//",
        ".",
        "。",
        "www",
        "a",
        "GitHub",
        ".com",
        ".Org",
        ".xn--p1ai",
        "ü",
        ".uk",
        " ",
    ]
    parts += ["1.2.3.4", "localhost", "mailto:", "@", "com", "(", ")", "\n", "xn--a"]
    abstracts = ["".join(chance.choices(parts, k=chance.randrange(1, 9))) for _ in range(2_000)]
    answers = [addresses.of(paper(abstract)) for abstract in abstracts]
    monkeypatch.setattr(addresses, "_MAY_MENTION", re.compile(""))
    assert [addresses.of(paper(abstract)) for abstract in abstracts] == answers
    assert sum(map(bool, answers)) > 100
