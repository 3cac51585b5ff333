"""Each caption that is read from a web page gets the links of the pictures that belong to it."""

from __future__ import annotations

from store.texts import html_reader
from tests.store.texts.pages import LATEXML


def captions(figures: str, head: str = "") -> list[tuple[str, str]]:
    """The captions of a page with these figures, and the links of their pictures."""
    page = LATEXML.replace("<head>", f"<head>{head}").replace("</article>", f"{figures}</article>")
    blocks = html_reader.read(page.encode()).blocks
    return [(block.text, block.picture) for block in blocks if block.kind == "caption"][1:]


def test_a_caption_has_the_link_of_its_picture() -> None:
    figure = '<figure><img src="x1.png"><figcaption>Figure 1: One.</figcaption></figure>'
    assert captions(figure) == [("Figure 1: One.", "x1.png")]
    assert captions(figure, '<base href="/html/2601.00001v2/">') == [("Figure 1: One.", "/html/2601.00001v2/x1.png")]
    assert captions(figure, '<base href="https://[bad">') == [("Figure 1: One.", "")]


def test_pictures_in_the_page_itself_are_numbered() -> None:
    icon = '<p>An icon <img src="icon.svg"></p>'
    figure = '<figure><img src="DATA:image/png;base64,AAAA"><figcaption>A.</figcaption></figure>'
    assert captions(icon + figure) == [("A.", "data:1")]


def test_further_pictures_of_a_caption_have_captions_of_their_own() -> None:
    figure = (
        '<figure><img src="a.png"><img src="b.png"><img src="c.png"><figcaption>Figure 2: Three.</figcaption></figure>'
    )
    assert captions(figure) == [
        ("Figure 2: Three.", "a.png"),
        ("(picture 2 of 3)", "b.png"),
        ("(picture 3 of 3)", "c.png"),
    ]


def test_panels_with_captions_have_their_own_pictures() -> None:
    panels = "".join(
        f'<figure class="ltx_figure"><img src="{name}.png"><figcaption>({name}) Panel.</figcaption></figure>'
        for name in "ab"
    )
    whole = f'<figure class="ltx_figure">{panels}<figcaption>Figure 3: Panels.</figcaption></figure>'
    assert captions(whole) == [("(a) Panel.", "a.png"), ("(b) Panel.", "b.png"), ("Figure 3: Panels.", "")]
