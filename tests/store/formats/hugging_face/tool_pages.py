"""Generated pages of Hugging Face Daily Papers, in the forms of several programs that convert pages into text."""

from __future__ import annotations

import io
import textwrap
from typing import NamedTuple

from store.formats.hugging_face import copied_page
from store.model.entry import Entry, Item, ListingDay

KITES = " ".join(["We fly 400 kites over a fjord and ask each of them where the wind will turn."] * 8)
LAMPS = " ".join(["Lamps that dim themselves save energy (12% of it) but annoy readers of long novels."] * 8)
GEESE = " ".join(["Geese know the way: $O(n \\log n)$ turns, [MASK] and all, and no map."] * 9)
LONG_TITLE = "Lamps that Dim Themselves: Measuring How Readers of Long Novels Read by Night"


class MadePaper(NamedTuple):
    """A paper on a generated page."""

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
    MadePaper("2606.00683", "101", "Kites of the Fjord", KITES, "fjord-ai", "Fjord AI", 0, "May 29", "6"),
    MadePaper("2609.11115", "1.2k", LONG_TITLE, LAMPS, "", "", 3, "Feb 27, 2025", ""),
    MadePaper("2502.20581", "-", "2048", GEESE, "", "", 10, "Oct 14, 2024", "2"),
    MadePaper("2310.06770", "-", "Short", "We study a kite.", "", "", 1, "Oct 10, 2023", ""),
]
NAVIGATION = ("Hugging Face", "Models", "Datasets", "Spaces", "Buckets new", "Docs", "Pricing", "", "Log In", "Sign Up")
BANNER = ("new", "Get trending papers in your email inbox once a day!", "Get trending papers in your email inbox!")
TABS = ("Daily", "Weekly", "Monthly")
FOOTER = ("Company", "TOS", "Privacy", "About", "Careers", "Website", "Models", "Datasets", "Spaces", "Pricing", "Docs")


def read(text: str) -> list[Item]:
    return list(copied_page.read(io.BytesIO(text.encode())))


def whole(text: str) -> list[Entry]:
    """Read a page, and check that nothing is refused, warned of or reported as truncated. Returns the papers."""
    items = read(text)
    assert [item for item in items if not isinstance(item, Entry | ListingDay)] == []
    return [item for item in items if isinstance(item, Entry)]


def broken(text: str, width: int = 70) -> str:
    return textwrap.fill(text, width)


def as_list(paper: MadePaper) -> str:
    """The page in the form of tools that write a bullet for each picture of an author."""
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


def as_words(paper: MadePaper) -> str:
    """The page in the form of tools that write each piece of text on a separate line.

    Some pieces keep the line breaks inside them.
    """
    abstract = paper.abstract if paper.title.isdecimal() else broken(paper.abstract)
    title = broken(paper.title, 60).replace("\n", "\n  ")
    who = paper.organization or f"{paper.authors} authors"
    return "\n".join(filter(None, [paper.upvotes, title, abstract, who, "·", paper.date, paper.comments]))


def as_markdown(paper: MadePaper) -> str:
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


def as_narrow_markdown(paper: MadePaper) -> str:
    """The page in the form of tools that break the lines of Markdown, even inside links."""
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


def with_addresses(paper: MadePaper) -> str:
    """The page in the form of tools that write the address of each link below the text of the link."""
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


def as_saved(paper: MadePaper) -> str:
    """The page as browsers save it as text: wrapped lines, and the address of a link after its text or below it."""
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


def as_dumped(paper: MadePaper, first: int) -> str:
    """The page as text browsers such as lynx print it.

    Each link has a number before it; the numbers begin with `first`. A paper has four links.
    """
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
            *("Previous", "Next", *FOOTER),
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
