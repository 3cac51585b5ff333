"""Pages of Hugging Face as tools write them that turn pages into text: bullets, addresses, Markdown, broken lines."""

from __future__ import annotations

import io
import textwrap
from typing import NamedTuple

import pytest

from store.formats.hugging_face import copied_page
from store.formats.registry import SURE_ENOUGH, detect
from store.model.entry import CutShort, Entry, Item, ListingDay, Refused, Warned
from store.model.errors import ListingError
from store.model.paper import Organization
from store.model.partial_date import MonthDay
from tests.store.formats.hugging_face.test_copied_page import seconds

KITES = " ".join(["We fly 400 kites over a fjord and ask each of them where the wind will turn."] * 8)
LAMPS = " ".join(["Lamps that dim themselves save energy (12% of it) but annoy readers of long novels."] * 8)
GEESE = " ".join(["Geese know the way: $O(n \\log n)$ turns, [MASK] and all, and no map."] * 9)
LONG_TITLE = "Lamps that Dim Themselves: Measuring How Readers of Long Novels Read by Night"


class Made(NamedTuple):
    """A paper on a made-up page."""

    id: str
    upvotes: str
    title: str
    abstract: str
    slug: str
    organization: str
    authors: int
    date: str
    comments: str


PAPERS = [
    Made("2606.00683", "101", "Kites of the Fjord", KITES, "fjord-ai", "Fjord AI", 0, "May 29", "6"),
    Made("2609.11115", "1.2k", LONG_TITLE, LAMPS, "", "", 3, "Feb 27, 2025", ""),
    Made("2502.20581", "-", "2048", GEESE, "", "", 10, "Oct 14, 2024", "2"),
    Made("2310.06770", "-", "Short", "We study a kite.", "", "", 1, "Oct 10, 2023", ""),
]
NAVIGATION = ("Hugging Face", "Models", "Datasets", "Spaces", "Buckets new", "Docs", "Pricing", "", "Log In", "Sign Up")
BANNER = ("new", "Get trending papers in your email inbox once a day!", "Get trending papers in your email inbox!")
TABS = ("Daily", "Weekly", "Monthly")
FOOT = ("Company", "TOS", "Privacy", "About", "Careers", "Website", "Models", "Datasets", "Spaces", "Pricing", "Docs")


def read(text: str) -> list[Item]:
    return list(copied_page.read(io.BytesIO(text.encode())))


def whole(text: str) -> list[Entry]:
    """The entries of a page of which nothing may be refused, warned of or cut."""
    items = read(text)
    assert [item for item in items if not isinstance(item, Entry | ListingDay)] == []
    return [item for item in items if isinstance(item, Entry)]


def broken(text: str, width: int = 70) -> str:
    return textwrap.fill(text, width)


# -- a search page: title, abstract, byline


def as_list(paper: Made) -> str:
    """As tools do that write a bullet for each picture of an author, even where it has no words."""
    who = paper.organization or "\n".join(["      * "] * min(paper.authors, 5) + [f"      * {paper.authors} authors"])
    return "\n".join(
        [
            f"        {paper.upvotes}",
            f"\n    {paper.title}\n\n    {paper.abstract}\n",
            who,
            "      ·",
            f"      {paper.date} {paper.comments}".rstrip(),
        ]
    )


def as_words(paper: Made) -> str:
    """As tools do that give each piece of text a line of its own, and leave the line breaks inside some of them."""
    abstract = paper.abstract if paper.title.isdecimal() else broken(paper.abstract)
    title = broken(paper.title, 60).replace("\n", "\n  ")
    who = paper.organization or f"{paper.authors} authors"
    return "\n".join(filter(None, [paper.upvotes, title, abstract, who, "·", paper.date, paper.comments]))


def as_markdown(paper: Made) -> str:
    page = f"https://huggingface.co/papers/{paper.id}"
    pictures = "".join(f"- ![](https://huggingface.co/avatars/{at}.svg)\\\\\n" for at in range(min(paper.authors, 5)))
    who = (
        f"[![{paper.slug}](https://cdn-avatars.huggingface.co/o.png){paper.organization}](https://huggingface.co/{paper.slug})"
        if paper.organization
        else f"[{pictures}- {paper.authors} authors]({page})"
    )
    comments = f"[{paper.comments}]({page}#community)" if paper.comments else ""
    return "\n\n".join(
        [
            f"[{paper.upvotes}](https://huggingface.co/login?next=%2Fpapers%2F{paper.id})",
            f"### [{paper.title}]({page})",
            f"[{paper.abstract}]({page})",
            who,
            "·",
            f"{paper.date}{comments}",
        ]
    )


def as_narrow_markdown(paper: Made) -> str:
    """As tools do that break Markdown at a width, in links too."""
    page = f"/papers/{paper.id}"
    pictures = " ".join(f"* ![](https://cdn-\navatars.huggingface.co/{at}.png)" for at in range(min(paper.authors, 5)))
    who = (
        f"[![{paper.slug}](/o.png)\n{paper.organization}](/{paper.slug})"
        if paper.organization
        else f"[ {pictures} * {paper.authors} authors ]({page})"
    )
    comments = f" [ {paper.comments} ]({page}#community)" if paper.comments else ""
    return "\n\n".join(
        [
            f"[{paper.upvotes}](/login?next=%2Fpapers%2F{paper.id})",
            broken(f"### [{paper.title}]({page})", 78),
            broken(f"[{paper.abstract}]({page})", 78),
            f"{who}\n·\n{paper.date}{comments}",
        ]
    )


def with_addresses(paper: Made) -> str:
    """As tools do that write the address of each link below its words."""
    page = f"https://huggingface.co/papers/{paper.id}"
    who = (
        f"{paper.organization}\n\nhttps://huggingface.co/{paper.slug}"
        if paper.organization
        else f"[\n\n{paper.authors} authors]({page})"
    )
    return "\n\n".join(
        filter(
            None,
            [
                f" [-] {paper.upvotes}\n\nhttps://huggingface.co/login?next=%2Fpapers%2F{paper.id}",
                f"{paper.title}\n\n{page}\n\n{paper.abstract}\n\n{page}\n\n{who}\n\n·\n\n{paper.date}",
                paper.comments and f"{paper.comments}\n\n{page}#community",
            ],
        )
    )


def as_saved(paper: Made) -> str:
    """As browsers do that save a page as text: broken at a width, addresses behind words, or below them."""
    page = f"<https://huggingface.co/papers/{paper.id}>"
    bullets = ["  *"] * min(paper.authors, 5)
    who = (
        f"{paper.slug} {paper.organization} <https://huggingface.co/{paper.slug}>"
        if paper.organization
        else "\n".join(["", *bullets, f"  * {paper.authors} authors", "", page])
    )
    comments = f" {paper.comments} {page[:-1]}#community>" if paper.comments else ""
    return "\n".join(
        [
            f"{paper.upvotes} <https://huggingface.co/login?next=%2Fpapers%2F{paper.id}>\n\n",
            textwrap.indent(broken(paper.title, 66), "      "),
            f"      {page}\n",
            broken(paper.abstract, 72),
            f"{page}\n{who}\n·\n{paper.date}{comments}",
        ]
    )


def as_dumped(paper: Made, first: int) -> str:
    """As text browsers dump a page: a number before each link, from `first` on, and four of them for each paper."""
    bullets = ["     *"] * min(paper.authors, 5)
    who = (
        f"   [{first + 3}]{paper.slug} {paper.organization}"
        if paper.organization
        else "\n".join([*bullets, f"     * {paper.authors} authors"])
    )
    return "\n".join(
        [
            f"   [{first}]{paper.upvotes}\n",
            f"{broken(f'[{first + 1}]{paper.title}')}\n",
            textwrap.indent(broken(f"[{first + 2}]{paper.abstract}"), "   "),
            f"{who}\n   ·\n   {paper.date} {paper.comments}".rstrip(),
        ]
    )


def bulleted(lines: tuple[str, ...]) -> str:
    return "\n".join(f"    * {line}" for line in lines)


PAGES = {
    "a list": "\n".join(
        [
            bulleted(NAVIGATION),
            *("\n".join(BANNER), "Subscribe", "Daily Papers", "byAK and the research community"),
            *(bulleted(TABS), "Trending Papers", "  Oct 30"),
            *map(as_list, PAPERS),
            "PreviousNext\nCompany\nTOSPrivacyAboutCareers\nWebsite\nModelsDatasetsSpacesPricingDocs\n",
        ]
    ),
    "words": "\n".join(
        [
            *(
                *filter(None, NAVIGATION),
                *BANNER,
                "Subscribe",
                "Daily Papers",
                "by",
                "AK",
                "and the research community",
            ),
            *(*TABS, "Trending Papers", "Oct 30"),
            *map(as_words, PAPERS),
            *("Previous", "Next", *FOOT),
        ]
    )
    + "\n",
    "Markdown": "\n\n".join(
        [
            "---\nurl: https://huggingface.co/papers?q=kites%20of%20the%20fjord\nretrieved: 2026-10-30\n---",
            *BANNER,
            "[Subscribe](https://huggingface.co/login?next=%2Fpapers)",
            "# Daily Papers",
            "## by [![](https://huggingface.co/front/assets/papers-by.png)AK](https://huggingface.co/akhaliq) "
            "and the research community",
            "- Daily\n- Weekly\n- Monthly",
            "[Trending Papers](https://huggingface.co/papers/trending)",
            "Oct 30",
            *map(as_markdown, PAPERS),
            "Previous\n\nNext\n",
        ]
    ),
    "narrow Markdown": "\n\n".join(
        [
            "[![Hugging Face's logo](/front/assets/huggingface_logo-\nnoborder.svg) Hugging Face](/)",
            "  * [ Models](/models)\n  * [ Datasets](/datasets)\n  *   * * * *\n\n  * [Log In ](/login)",
            "\n\n".join(BANNER),
            "[Subscribe](/login?next=%2Fpapers)",
            "# [Daily Papers](/papers)\n\n## by[ ![](/papers-by.png) AK](/akhaliq) and the research community",
            "[](/papers/date/2026-10-29)Oct 30",
            *map(as_narrow_markdown, PAPERS),
            "[ Previous](/papers/date/2026-10-29)\n\nNext\n",
        ]
    ),
    "saved text": "\n".join(
        [
            "Daily Papers - Hugging Face\nHugging Face's logo Hugging Face <https://huggingface.co/>\n",
            f"  * Models <https://huggingface.co/models>\n  * {'-' * 72}\n  * Log In <https://huggingface.co/login>\n",
            "\n\n".join([*BANNER, "Subscribe <https://huggingface.co/login?next=%2Fpapers>\n"]),
            "\n  Daily Papers <https://huggingface.co/papers>\n\n",
            "    byAK <https://huggingface.co/akhaliq>and the research community\n\n  * Daily\n  * Weekly\n",
            "Trending Papers <https://huggingface.co/papers/trending>",
            "<https://huggingface.co/papers/date/2026-10-29> Oct 30",
            *map(as_saved, PAPERS),
            "Previous <https://huggingface.co/papers/date/2026-10-29>\nNext\n",
        ]
    ),
    "dump": "\n".join(
        [
            "   #[1]alternate\n\n   [2]Hugging Face's logo Hugging Face\n     * [3]Models\n     * [4]Datasets\n",
            "\n\n".join(f"   {line}" for line in BANNER),
            f"   [5]Subscribe\n\n{' ' * 30}[6]Daily Papers\n\n{' ' * 15}by[7]AK and the research community",
            "     * (BUTTON) Daily\n     * (BUTTON) Weekly\n   [8]Trending Papers\n   [9]Oct 30",
            *(as_dumped(paper, 10 + 4 * at) for at, paper in enumerate(PAPERS)),
            "   [26]Previous\n   Next\n\nReferences\n\n   Visible links:",
            *(f"   {at}. https://huggingface.co/x" for at in range(1, 10)),
            *(
                f"   {10 + 4 * at + more}. https://huggingface.co/{where}"
                for at, paper in enumerate(PAPERS)
                for more, where in enumerate(["login?next=x", f"papers/{paper.id}", f"papers/{paper.id}", paper.slug])
            ),
            "   26. https://huggingface.co/papers/date/2026-10-29\n",
        ]
    ),
    "addresses": "\n\n".join(
        [
            "Daily Papers - Hugging Face\n\n Hugging Face\n\nhttps://huggingface.co/\n\nModels",
            *BANNER,
            "Subscribe\n\nhttps://huggingface.co/login?next=%2Fpapers",
            "Daily Papers\n\nby \n\nAK\n\nhttps://huggingface.co/akhaliq\n\n and the research community",
            "kites and other things that fly",
            "Daily\n\nWeekly\n\nMonthly \n\nhttps://huggingface.co/papers/trending",
            "https://huggingface.co/papers/date/2026-10-29\n\nOct 30",
            *map(with_addresses, PAPERS),
            "Previous\n\nNext\n",
        ]
    ),
}


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_gives_the_same_papers_whichever_tool_wrote_it(kind: str) -> None:
    text = PAGES[kind]
    assert detect(text.encode()[:65536], "page.txt") is copied_page
    assert read(text)[0] == ListingDay(MonthDay(10, 30))
    found = whole(text)
    assert [(e.paper.title, e.paper.abstract) for e in found] == [(p.title, p.abstract) for p in PAPERS]
    assert [e.paper.author_count for e in found] == [None, 3, 10, 1]
    assert [e.paper.upvotes for e in found] == [101, 1200, 0, 0]
    assert [e.paper.comment_count for e in found] == [6, 0, 2, 0]
    assert [e.published_on for e in found] == [
        MonthDay(5, 29),
        MonthDay(2, 27, 2025),
        MonthDay(10, 14, 2024),
        MonthDay(10, 10, 2023),
    ]
    slug = "fjord-ai" if "Markdown" in kind or kind in ("saved text", "dump") else None
    assert [e.paper.organization for e in found] == [Organization("Fjord AI", slug), None, None, None]


@pytest.mark.parametrize("kind", ["Markdown", "narrow Markdown", "saved text", "dump", "addresses"])
def test_the_links_of_a_page_name_its_papers(kind: str) -> None:
    for entry, made in zip(whole(PAGES[kind]), PAPERS, strict=True):
        assert entry.paper.arxiv_id == made.id
        assert [(link.kind, link.url) for link in entry.paper.links] == [
            ("page", f"https://huggingface.co/papers/{made.id}"),
            ("pdf", f"https://arxiv.org/pdf/{made.id}"),
        ]


@pytest.mark.parametrize("kind", [kind for kind in PAGES if kind != "dump"])
def test_a_page_that_a_tool_wrote_may_end_anywhere(kind: str) -> None:
    text = PAGES[kind]
    true = [(paper.title, paper.abstract) for paper in PAPERS]
    for size in range(0, len(text), 61):
        items: list[Item] = []
        try:
            items += read(text[:size])
        except ListingError:
            continue
        found = [item for item in items if isinstance(item, Entry)]
        assert [(e.paper.title, e.paper.abstract) for e in found[:-1]] == true[: len(found) - 1]
        if found and (found[-1].paper.title, found[-1].paper.abstract) != true[len(found) - 1]:
            assert any(isinstance(item, CutShort | Warned) for item in items), (size, text[size - 60 : size])


@pytest.mark.parametrize("kind", ["Markdown", "narrow Markdown"])
def test_other_markdown_is_not_claimed(kind: str) -> None:
    other = PAGES[kind].replace("huggingface.co", "example.org").replace("/papers/", "/notes/").replace("·", "|")
    other = other.replace("and the research community", "")
    for line in BANNER:
        other = other.replace(line, "What was new")
    assert copied_page.sniff(other.encode(), "page.md") < SURE_ENOUGH


@pytest.mark.parametrize(
    "title", ["Kites (/kaɪts/): A Study", "Attention to (/dev/null)", "Lamps <https://example.org/x>"]
)
def test_an_address_in_a_title_is_its_own(title: str) -> None:
    four = "  • 4 authors\n·\nOct 29"
    text = "\n\n".join([*BANNER, "Oct 30", title, KITES, "Code (https://huggingface.co/fjord-ai/kites).", four]) + "\n"
    (entry,) = whole(text)
    assert entry.paper.title == title
    assert entry.paper.abstract == f"{KITES}\n\nCode (https://huggingface.co/fjord-ai/kites)."


def test_a_link_in_an_abstract_makes_a_page_no_markdown() -> None:
    four = "  • 4 authors\n·\nOct 29"
    linked = f"{KITES} See [here](https://huggingface.co/papers/2401.00001) and [code](https://example.org), *too*."
    text = "\n\n".join([*BANNER, "Oct 30", "-", "Kites", linked, four, "7", "Lamps", LAMPS, four]) + "\n"
    assert [(e.paper.abstract, e.paper.upvotes) for e in whole(text)] == [(linked, 0), (LAMPS, 7)]


@pytest.mark.parametrize("width", [60, 72, 80])
def test_a_broken_abstract_may_stand_right_above_its_byline(width: int) -> None:
    four = "  • 4 authors\n·\nOct 29"
    papers = [("Kites", KITES), (LONG_TITLE, LAMPS), ("Geese", GEESE)]
    blocks = [f"{broken(title, width)}\n\n{broken(abstract, width)}\n{four}" for title, abstract in papers]
    text = "\n\n".join([*BANNER, "Oct 30", *blocks]) + "\n"
    assert [(e.paper.title, e.paper.abstract) for e in whole(text)] == papers
    assert all(entry.published_on == MonthDay(10, 29) for entry in whole(text))


def test_an_address_alone_on_a_line_of_an_abstract_is_its_own() -> None:
    address = "https://huggingface.co/fjord-ai/kites-of-the-fjord"
    four = "  • 4 authors\n·\nOct 29"
    text = "\n\n".join([*BANNER, "Oct 30", "Kites", f"{KITES}\n{address}\n{LAMPS}", four, "Lamps", LAMPS, four]) + "\n"
    kites, lamps = whole(text)
    assert (kites.paper.abstract, lamps.paper.abstract) == (f"{KITES}\n\n{address}\n\n{LAMPS}", LAMPS)


def test_a_title_that_fills_its_line_takes_nothing_of_the_abstract() -> None:
    title = "Kites and Lamps: How They Turn, How They Burn, and Why They Do at All"
    url = "https://example.org/a/rather/long/address/of/a/page/about/kites"
    abstract = f"Alignment of {KITES} Our code: {url} and {LAMPS}"
    lines = ["5", title, broken(abstract), "4 authors", "·", "Oct 29", "7", "Lamps", LAMPS, "1 authors", "·", "Oct 28"]
    text = "\n".join([*BANNER, "Oct 30", *lines]) + "\n"
    assert [(e.paper.title, e.paper.abstract) for e in whole(text)] == [(title, abstract), ("Lamps", LAMPS)]


# -- the cards of a day


def card(by: str, title: str, *below: str) -> str:
    return "\n".join([f"Submitted by {by}", *title.split("\n"), *below])


def test_who_submitted_a_paper_may_stand_on_one_line() -> None:
    text = "\n".join(
        [
            *(
                *BANNER,
                "Subscribe",
                "",
                "Daily Papers",
                "",
                "by AK and the research community",
                "Submit a paper",
                "Aug 1",
            ),
            card("ada", "94\n\nKites of the Fjord\n", "  • ·", "    533 authors", "5"),
            card("bo.rook", "-\n\n2048\n", "  • ·", "    12 authors"),
            card("cy_swan", "1.2k\n\nLamps\n", "* ", "* ", "* ·", "1 authors", "1"),
            *("Previous", "Next"),
        ]
    )
    assert [(e.paper.title, e.paper.upvotes, e.paper.author_count, e.paper.comment_count) for e in whole(text)] == [
        ("Kites of the Fjord", 94, 533, 5),
        ("2048", 0, 12, 0),
        ("Lamps", 1200, 1, 1),
    ]
    assert read(text)[0] == ListingDay(MonthDay(8, 1))


def test_a_card_may_name_an_organization() -> None:
    text = "\n".join(
        [
            *(*BANNER, "Subscribe", "Daily Papers", "byAK and the research community", "Aug 1"),
            card("ada", "94\nKites of the Fjord", "Carnegie Mellon University", "5"),
            card("bo", "7\nLamps", "Fjord AI", "·", "12 authors", "3"),
            card("cy", "6\nGeese", "fjord-ai Fjord AI 2"),
            card("di", "5\nSwans\n  of the North", "·", "4 authors"),
            *("Previous", "Next"),
        ]
    )
    kites, lamps, geese, swans = whole(text)
    assert kites.paper.organization == Organization("Carnegie Mellon University")
    assert (kites.paper.comment_count, kites.paper.author_count) == (5, None)
    assert lamps.paper.organization == Organization("Fjord AI")
    assert (lamps.paper.comment_count, lamps.paper.author_count) == (3, 12)
    assert (geese.paper.organization, geese.paper.comment_count) == (Organization("Fjord AI", "fjord-ai"), 2)
    assert (swans.paper.title, swans.paper.author_count) == ("Swans of the North", 4)
    assert all(entry.paper.abstract is None for entry in whole(text))


def test_a_card_may_have_a_title_that_looks_like_a_foot() -> None:
    names = ["GitHub", "Project", "arXiv"]
    cards = [card("ada", f"5\n{name}", "·", "4 authors", "2") for name in names]
    text = "\n".join([*BANNER, "Subscribe", "Daily Papers", "byAK and the research community", "Aug 1", *cards]) + "\n"
    assert [(entry.paper.title, entry.paper.comment_count) for entry in whole(text)] == [(name, 2) for name in names]


def test_a_title_that_says_who_submitted_is_a_title() -> None:
    text = "\n\n".join([*BANNER, "Submitted by Force", KITES, "  • 4 authors\n·\nOct 29", "Lamps", LAMPS]) + "\n"
    assert [entry.paper.title for entry in whole(text)] == ["Submitted by Force", "Lamps"]


# -- the trending page


@pytest.mark.parametrize(
    "foot",
    [
        "Upvote 117\nGitHub 3.29k arXiv Page",
        "Upvote117GitHub3.29karXiv Page",
        "Upvote\n117\nGitHub\n3.29k\nProject Page\narXiv Page",
        "Upvote\n117\n\nGitHub 3.29karXiv Page",
        "Upvote 117 GitHub 3.29k arXiv\nPage",
        "GitHub 3.29k\narXiv Page",
    ],
)
def test_the_foot_of_a_card_may_run_together(foot: str) -> None:
    byline = "· Published on Oct 4, 2026"
    cards = [
        f"Submitted by ada\n\n{title}\n\n{LAMPS}\n\n  • 4 authors\n{byline}\n{foot}\n" for title in ("Kites", "Lamps")
    ]
    text = "\n".join([*BANNER, "Subscribe", "Trending Papers", "byAK and the research community", *cards])
    found = [(e.paper.title, e.paper.author_count, e.published_on, e.paper.upvotes) for e in whole(text)]
    votes = 117 if "Upvote" in foot else None
    assert found == [(title, 4, MonthDay(10, 4, 2026), votes) for title in ("Kites", "Lamps")]


@pytest.mark.parametrize("byline", ["Fjord AI· Published on May 29", "fjord-ai Fjord AI · Published on May 29"])
def test_a_byline_on_one_line_is_joined_with_no_foot(byline: str) -> None:
    cards = [f"Submitted by ada\n\n{title}\n\n{LAMPS}\n\n{byline}\nUpvote\n\n101\n" for title in ("Kites", "Lamps")]
    text = "\n".join([*BANNER, "Subscribe", "Trending Papers", "byAK and the research community", *cards])
    for entry in whole(text):
        assert (entry.paper.abstract, entry.paper.upvotes, entry.published_on) == (LAMPS, 101, MonthDay(5, 29))
        assert entry.paper.organization == Organization("Fjord AI", "fjord-ai" if "fjord-ai" in byline else None)


@pytest.mark.parametrize("title", ["Upvote", "GitHub", "arXiv Page", "Published", "1.2k"])
def test_a_title_that_looks_like_a_foot_is_a_title(title: str) -> None:
    four = "  • 4 authors\n·\nOct 29"
    text = "\n\n".join([*BANNER, "Subscribe", "Oct 30", "Kites", KITES, four, title, LAMPS, four]) + "\n"
    assert [entry.paper.title for entry in whole(text)] == ["Kites", title]


# -- what a browser copies


@pytest.mark.parametrize(
    ("who", "organization"),
    [
        ("KAIST AI", Organization("KAIST AI")),
        ("Hugging Face", Organization("Hugging Face")),
        ("AI at Meta", Organization("AI at Meta")),
        ("Carnegie Mellon University", Organization("Carnegie Mellon University")),
        ("CarnegieMellonU Carnegie Mellon University", Organization("Carnegie Mellon University", "CarnegieMellonU")),
        ("Mininglamp-2718 Mininglamp Technology", Organization("Mininglamp Technology", "Mininglamp-2718")),
        ("UMass University of Massachusetts Amherst", Organization("University of Massachusetts Amherst", "UMass")),
        ("facebook AI at Meta", Organization("AI at Meta", "facebook")),
    ],
)
def test_an_organization_without_a_slug_keeps_its_first_word(who: str, organization: Organization) -> None:
    (entry,) = whole("\n\n".join([*BANNER, "Subscribe", "Kites", KITES, f"{who}\n·\nOct 24, 2025 1"]))
    assert entry.paper.organization == organization


def test_a_byline_may_name_an_organization_and_count_the_authors() -> None:
    both = "Fjord AI\n·\n12 authors\n·\nOct 24, 2025 1"
    alone = "  • ·\n    4 authors\n·\nOct 29"
    kites, lamps = whole("\n\n".join([*BANNER, "Subscribe", "Kites", KITES, both, "Lamps", LAMPS, alone]))
    assert (kites.paper.organization, kites.paper.author_count) == (Organization("Fjord AI"), 12)
    assert (kites.published_on, kites.paper.comment_count) == (MonthDay(10, 24, 2025), 1)
    assert (lamps.paper.organization, lamps.paper.author_count) == (None, 4)
    assert lamps.published_on == MonthDay(10, 29)


def test_a_page_with_bullets_has_a_slug_before_every_organization() -> None:
    text = "\n\n".join([*BANNER, "Kites", KITES, "THUDM Z.ai\n·\nOct 2", "Lamps", LAMPS, "  • 4 authors\n·\nOct 29"])
    assert whole(text)[0].paper.organization == Organization("Z.ai", "THUDM")


def test_the_initials_of_authors_are_no_papers() -> None:
    text = "\n".join(
        [*BANNER, "Subscribe", "Kites", KITES, "A", "BR", "KJ", "+3", "6 authors", "·", "Oct 29 3", "Lamps", LAMPS]
    )
    kites, lamps = whole(text + "\n")
    assert (kites.paper.title, kites.paper.author_count, kites.paper.comment_count) == ("Kites", 6, 3)
    assert (lamps.paper.title, lamps.published_on) == ("Lamps", None)


@pytest.mark.parametrize("period", ["Week 43", "2025-W43", "October 2025", "Oct 20 - Oct 26", "Oct 27 – Nov 2, 2025"])
def test_a_page_of_a_week_or_a_month_has_no_day(period: str) -> None:
    four = "  • 4 authors\n·\nOct 29"
    text = "\n\n".join(
        [*BANNER, "Subscribe", *TABS, "Trending Papers", period, "Kites", KITES, four, "Lamps", LAMPS, four]
    )
    assert not any(isinstance(item, ListingDay) for item in read(text))
    assert [entry.paper.title for entry in whole(text)] == ["Kites", "Lamps"]
    titled = "\n\n".join([*BANNER, "Subscribe", period, KITES, four])
    assert [entry.paper.title for entry in whole(titled)] == [period]


def test_what_was_searched_for_is_no_paper() -> None:
    four = "  • 4 authors\n·\nOct 29"
    text = "\n\n".join([*BANNER, "Subscribe", "kites that fly", "Daily", "Weekly", "Oct 30", "Kites", KITES, four])
    assert read(text)[0] == ListingDay(MonthDay(10, 30))
    assert [entry.paper.title for entry in whole(text)] == ["Kites"]


def test_a_copy_that_begins_in_a_byline_makes_no_paper_of_it() -> None:
    four = "  • 4 authors\n·\nOct 29"
    for start in ("Oct 29 3", "·\nOct 29 3", four):
        items = read("\n\n".join([start, "Kites", KITES, four, "Lamps", LAMPS, four]))
        assert [type(item) for item in items] == [Refused, Entry, Entry]
        assert items[0] == Refused(1, 1, "a byline with no title above it")


def test_rules_between_papers_are_no_papers() -> None:
    papers = [f"{title}\n\n{KITES}\n\n  • 4 authors\n·\nOct 29" for title in ("Kites", "Lamps")]
    for rule in ("---", "=====", "* * *"):
        assert [entry.paper.title for entry in whole(f"\n\n{rule}\n\n".join(papers))] == ["Kites", "Lamps"]


# -- the page of one paper

PAPER_PAGE = f"""\
new

Get trending papers in your email inbox!

Subscribe

Papers
arxiv:2607.21783

Kites of the Fjord: How They
Turn

Published on Jul 31
· Submitted by
ada on Aug 1, 2026
#1 Paper of the day

Upvote

94

  •
  •
+89

Authors:

Ada Quill
,

Bo Rook,
Cy de Swan

Abstract

Kites turn when the wind does.

AI-generated summary

{KITES}

View arXiv page View PDF GitHub 12 Add to collection

Community

ada
Paper submitter
Aug 1, 2026

Our code is at https://example.org/kites

Reply

Models citing this paper 3

quill/kites-8b
Text Generation • Updated Sep 1 • 12k • 300

Datasets citing this paper 0

No dataset linking this paper
"""


def test_the_page_of_one_paper_is_that_paper_and_no_other() -> None:
    assert detect(PAPER_PAGE.encode(), "page.txt") is copied_page
    day, entry = read(PAPER_PAGE)
    assert day == ListingDay(MonthDay(8, 1, 2026))
    assert isinstance(entry, Entry)
    assert (entry.paper.title, entry.paper.abstract) == ("Kites of the Fjord: How They Turn", KITES)
    assert (entry.paper.arxiv_id, entry.published_on, entry.line) == ("2607.21783", MonthDay(7, 31), 10)
    assert [author.name for author in entry.paper.authors] == ["Ada Quill", "Bo Rook", "Cy de Swan"]
    assert (entry.paper.author_count, entry.paper.upvotes) == (3, 94)
    assert entry.paper.ai_summary == "Kites turn when the wind does."


def test_the_page_of_one_paper_needs_no_summary_and_no_banner() -> None:
    plain = PAPER_PAGE.replace("Kites turn when the wind does.\n\nAI-generated summary\n\n", "")
    text = plain.partition("Subscribe\n\n")[2].replace(
        "\n· Submitted by\nada on Aug 1, 2026", " · Submitted by ada on Aug 1"
    )
    assert detect(text.encode(), "page.txt") is copied_page
    day, entry = read(text)
    assert day == ListingDay(MonthDay(8, 1))
    assert isinstance(entry, Entry)
    assert (entry.paper.abstract, entry.paper.ai_summary, entry.published_on) == (KITES, None, MonthDay(7, 31))


def test_the_page_of_one_paper_may_lack_its_id() -> None:
    for above in ("Papers\narxiv:2607.21783\n", PAPER_PAGE.partition("Kites of")[0]):
        text = PAPER_PAGE.replace(above, "")
        assert detect(text.encode(), "page.txt") is copied_page
        found = [item for item in read(text) if isinstance(item, Entry)]
        assert [(entry.paper.title, entry.paper.abstract) for entry in found] == [
            ("Kites of the Fjord: How They Turn", KITES)
        ]
        assert found[0].paper.arxiv_id is None


def test_the_pages_of_two_papers_are_two_papers() -> None:
    second = PAPER_PAGE.replace("2607.21783", "2607.21784").replace("Kites of the Fjord", "Lamps of the Fjord")
    found = [item for item in read(PAPER_PAGE + second) if isinstance(item, Entry)]
    assert [entry.paper.arxiv_id for entry in found] == ["2607.21783", "2607.21784"]
    assert [entry.paper.abstract for entry in found] == [KITES, KITES]


def test_the_page_of_one_paper_that_is_cut_says_so() -> None:
    whole_size = PAPER_PAGE.index("View arXiv")
    start = PAPER_PAGE.index(KITES)
    for size in range(start, start + len(KITES) - 1, 13):
        items = read(PAPER_PAGE[:size])
        assert isinstance(items[-1], CutShort | Warned)
        assert isinstance(items[-1], CutShort) or PAPER_PAGE[:size].endswith(".")
    assert isinstance(read(PAPER_PAGE[:whole_size])[-1], Entry)


# -- time


@pytest.mark.timing
@pytest.mark.parametrize(
    "unit",
    [
        *(
            " ",
            "\t[",
            "\n",
            "[ [a] ",
            "[a]\n",
            "`",
            "[",
            "![",
            "](",
            "[](",
            "* ",
            "* \n",
            "### ",
            "\\",
            "[x](/papers/2606.00683)",
            "![a](b\n",
            "Submitted by\n",
        ),
        *(
            "Submitted by ada\n",
            "arxiv:2607.21783\n",
            "A\n",
            "10 authors\n",
            "Published on Jul 3\n",
            "Upvote",
            "GitHub",
        ),
        "A title of a paper that is broken at a width as long as\n",
        as_markdown(PAPERS[1]) + "\n\n",
        as_words(PAPERS[1]) + "\n",
    ],
)
@pytest.mark.parametrize("head", ["# Daily Papers\n[x](/papers/2606.00683)\n", ""])
def test_reading_takes_time_in_proportion_to_the_size(unit: str, head: str) -> None:
    # Sixteen times the size in at most forty times the time: a quadratic step would take 256.
    assert seconds(head, unit, 160_000) <= 40 * max(seconds(head, unit, 10_000), 0.0005)
