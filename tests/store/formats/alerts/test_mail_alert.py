"""Alerts by e-mail: from Google Scholar, from arXiv as HTML, and from others, of which only the links are read."""

from __future__ import annotations

import io
from base64 import b64encode
from datetime import date
from email.message import EmailMessage

import pytest

from store.formats.alerts import mail_alert
from store.formats.registry import SURE_ENOUGH, detect, formats
from store.model.entry import CutShort, Entry, Item, Warned
from store.model.errors import ListingError
from store.model.paper import Paper
from store.text import clean

DAY = date(2026, 5, 27)


def scholar(title: str, address: str, byline: str, *, before: str = "", kind: str = "class") -> str:
    link = (
        f'<a href="https://scholar.google.com/scholar_url?url={address}&amp;hl=en" class="gse_alrt_title">{title}</a>'
    )
    if kind != "class":
        link = link.replace(' class="gse_alrt_title"', "")
    return (
        f'<h3 style="font-weight:normal">{before}{link}</h3><div style="color:#006621">{byline}</div>'
        '<div class="gse_alrt_sni">We look at <b>lists</b> that people keep …<br></div><br>'
    )


def mail(
    html: str, *, text: str | None = None, sender: str = "Alerts <alerts@example.org>", cte: str = "base64"
) -> bytes:
    message = EmailMessage()
    message["From"] = sender
    message["Subject"] = "New papers – “lists”"
    message["Date"] = "Wed, 27 May 2026 09:00:00 +0000"
    if text is not None:
        message.set_content(text)
        if html:
            message.add_alternative(html, subtype="html", cte=cte)
    else:
        message.set_content(html, subtype="html", cte=cte)
    return message.as_bytes()


def page(*parts: str) -> str:
    return f"<!doctype html><html><body>{''.join(parts)}</body></html>"


def read(data: bytes) -> list[Item]:
    assert [each.NAME for each in formats() if each.sniff(data[: 64 * 1024], "mail") >= SURE_ENOUGH] == ["alert-email"]
    return list(mail_alert.read(io.BytesIO(data)))


def papers(items: list[Item]) -> list[Paper]:
    return [clean.entry(each).paper for each in items if isinstance(each, Entry)]


@pytest.mark.parametrize("cte", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("kind", ["class", "forwarded"])
def test_an_alert_of_google_scholar_is_read(cte: str, kind: str) -> None:
    data = mail(
        page(
            scholar(
                "Reading Lists in the <b>Wild</b>",
                "https://arxiv.org/pdf/2605.20011",
                "A Alpha, B Beta… – arXiv preprint arXiv:2605.20011, 2026",
                before="<span>[PDF]</span> ",
                kind=kind,
            ),
            scholar(
                "Keeping Up With Papers",
                "https%3A%2F%2Fdoi.org%2F10.1000%2Fxyz.20012",
                "C Gamma, D Delta\xa0- Journal of Reading, 2026 - Elsevier",
                kind=kind,
            ),
            scholar("Ein Buch über Listen", "https://books.example.org/1", "E Epsilon - 2024", kind=kind),
            '<a href="https://scholar.google.com/scholar_alerts?view_op=x">Alle Ergebnisse</a>',
        ),
        cte=cte,
    )
    items = read(data)
    first, second, third = papers(items)
    assert len(items) == 3
    assert (first.title, first.arxiv_id, first.venue) == ("Reading Lists in the Wild", "2605.20011", None)
    assert [author.name for author in first.authors] == ["A Alpha", "B Beta"]
    assert (second.doi, second.venue, second.published_to) == ("10.1000/xyz.20012", "Journal of Reading", "year")
    assert [author.name for author in second.authors] == ["C Gamma", "D Delta"]
    assert (third.title, third.venue, third.published) == ("Ein Buch über Listen", None, date(2024, 1, 1))
    assert all(paper.abstract is None for paper in (first, second, third))
    assert all(each.listed_on == DAY for each in items if isinstance(each, Entry))


def test_a_title_of_one_word_is_a_title() -> None:
    (paper,) = papers(read(mail(page(scholar("BERT", "https://arxiv.org/abs/2605.20011", "A Alpha - 2026")))))
    assert paper.title == "BERT"


def test_the_html_of_an_alert_alone() -> None:
    html = page(scholar("Reading Lists", "https://arxiv.org/abs/2605.20011", "A Alpha - 2026")).encode()
    assert detect(html, "alert.html") is mail_alert
    assert [each.paper.title for each in mail_alert.read(io.BytesIO(html)) if isinstance(each, Entry)] == [
        "Reading Lists"
    ]


def test_a_mailbox_has_several_alerts_and_other_mails() -> None:
    first = mail(page(scholar("Reading Lists", "https://arxiv.org/abs/2605.20011", "A Alpha - 2026")))
    other = mail(page("<p>Nothing new.</p>"))
    second = mail(page(scholar("Writing Lists", "https://arxiv.org/abs/2605.20012", "B Beta - 2026")))
    line = b"From alerts@example.org Wed May 27 09:00:00 2026\n"
    items = read(line + first + b"\n" + line + other + b"\n" + line + second)
    assert [paper.title for paper in papers(items)] == ["Reading Lists", "Writing Lists"]
    assert [each.text for each in items if isinstance(each, Warned)] == ["a mail without papers was left out"]


def test_a_mail_in_the_format_of_apple_mail() -> None:
    data = mail(page(scholar("Reading Lists", "https://arxiv.org/abs/2605.20011", "A Alpha - 2026")))
    data = str(len(data)).encode() + b"\n" + data + b'<?xml version="1.0"?><plist></plist>'
    assert [paper.title for paper in papers(read(data))] == ["Reading Lists"]


def test_a_mail_of_an_unknown_layout_is_read_by_its_links() -> None:
    html = page(
        '<a href="https://huggingface.co/papers/2605.20021"><img src="x.png"></a>',
        '<h2><a href="https://huggingface.co/papers/2605.20021?utm_source=mail">Lists for Everyone</a></h2>',
        "<p>Ada Alpha, Bert Beta, Cara Gamma and 5 more</p><p>42 upvotes</p>",
        '<h2><a href="https://www.semanticscholar.org/paper/Lists/0123456789abcdef?utm_source=alert_email">Lists of '
        "Nobody</a></h2><div>A. Alpha, B. Beta</div><div>Journal of Lists</div><div>TLDR: Nobody keeps them.</div>",
        '<a href="https://www.semanticscholar.org/paper/Lists/0123456789abcdef">View Paper</a>',
        '<p><a href="https://arxiv.org/abs/2605.20022">arXiv</a></p><a href="https://example.org/unsubscribe">Leave</a>',
    )
    items = read(mail(html, text="See the page.", sender="Hugging Face <noreply@huggingface.co>"))
    first, second, third = papers(items)
    assert (first.title, first.arxiv_id) == ("Lists for Everyone", "2605.20021")
    assert [author.name for author in first.authors] == ["Ada Alpha", "Bert Beta", "Cara Gamma"]
    assert first.author_count == 8
    assert (second.title, second.ai_summary) == ("Lists of Nobody", "Nobody keeps them.")
    assert [author.name for author in second.authors] == ["A. Alpha", "B. Beta"]
    assert second.links[0].url == "https://www.semanticscholar.org/paper/Lists/0123456789abcdef"
    assert third.title == "arXiv:2605.20022"
    (warning,) = (each for each in items if isinstance(each, Warned))
    assert "may be partial: 3 papers" in warning.text
    assert "recto fetch missing" in warning.text


def test_an_alert_of_pubmed_names_the_doi_below_the_title() -> None:
    html = page(
        '<table><tr><td>1</td><td><a href="https://pubmed.ncbi.nlm.nih.gov/33170317/?utm_source=x">Lists in Hospitals.'
        "</a><br>Ada Alpha, Bert Beta.<br>J Lists. 2026 May 20. doi: 10.1000/pm.1. Online.<br>PMID: 33170317"
        "</td></tr></table>"
    )
    (paper,) = papers(read(mail(html)))
    assert (paper.title, paper.doi) == ("Lists in Hospitals.", "10.1000/pm.1")
    assert [author.name for author in paper.authors] == ["Ada Alpha", "Bert Beta"]


def test_a_digest_with_labelled_fields() -> None:
    html = page(
        '<p><a href="https://arxiv.org/abs/2605.20051">arXiv:2605.20051</a> [<a href="https://arxiv.org/pdf/2605.20051">'
        "pdf</a>]<br><b>Title:</b> Lists with Labels<br><b>Authors:</b> Ada Alpha, Bert Beta (Some U.), et al. "
        "(3 additional authors not shown)<br>Categories: cs.CL<br>Abstract: We label<br>lists.</p>"
        '<p><a href="https://arxiv.org/abs/2605.20052">arXiv:2605.20052</a><br>Title: Cut Lists<br>'
        "Abstract: We cut…</p>"
    )
    first, second = papers(read(mail(html)))
    assert (first.title, first.abstract, first.author_count) == ("Lists with Labels", "We label lists.", 5)
    assert [author.name for author in first.authors] == ["Ada Alpha", "Bert Beta"]
    assert (second.title, second.abstract) == ("Cut Lists", None)


def test_a_mail_of_text_is_a_list_of_links() -> None:
    items = read(mail("", text="Lists of Everything\nhttps://arxiv.org/abs/2605.20031\n\nUnsubscribe: never\n"))
    assert [(paper.title, paper.arxiv_id) for paper in papers(items)] == [("Lists of Everything", "2605.20031")]
    assert all(each.listed_on == DAY for each in items if isinstance(each, Entry))


MAILING = """\\\\
arXiv:2605.20041
Date: Tue, 26 May 2026 10:00:00 GMT   (12kb)

Title: Lists &amp; Their Makers
Authors: Ada Alpha, Bert Beta
Categories: cs.CL
\\\\
  We look at lists.
\\\\ ( https://arxiv.org/abs/2605.20041 ,  12kb)
------------------------------------------------------------------------------
"""


@pytest.mark.parametrize(
    "html",
    [
        page("<div>", MAILING.replace("\n", "<br>\n"), "</div>"),
        page(*(f"<div>{line.replace('  ', '&nbsp; ') or '<br>'}</div>\n" for line in MAILING.splitlines())),
        page("<pre style='font: x'>", MAILING, "</pre>"),
    ],
    ids=["breaks", "divisions", "preformatted"],
)
def test_a_mailing_of_arxiv_whose_text_became_html(html: str) -> None:
    items = read(mail(html))
    (paper,) = papers(items)
    assert (paper.title, paper.arxiv_id, paper.abstract) == ("Lists & Their Makers", "2605.20041", "We look at lists.")
    assert [author.name for author in paper.authors] == ["Ada Alpha", "Bert Beta"]
    assert (paper.categories, paper.published) == (("cs.CL",), date(2026, 5, 26))


def test_a_mail_that_ends_early_is_partial() -> None:
    html = page(scholar("Reading Lists", "https://arxiv.org/abs/2605.20011", "A Alpha - 2026"))
    data = mail(html, cte="8bit")
    items = read(data[: data.index(b"</div>") + 9])
    assert CutShort("the mail ends early") in items


@pytest.mark.parametrize(
    "data",
    [
        mail(page("<p>Hello</p>")),
        b"From: a@example.org\nSubject: hello\n\nHow are you? See https://example.org\n",
        b"From: nobody\nnot a mail",
        b"Content-Type: multipart/mixed; boundary=a\nFrom: a\n\n"
        + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 400,
    ],
)
def test_a_mail_without_papers_is_not_an_alert(data: bytes) -> None:
    assert mail_alert.sniff(data, "mail.eml") < SURE_ENOUGH
    with pytest.raises(ListingError):
        list(mail_alert.read(io.BytesIO(data)))


def test_an_attachment_is_not_read() -> None:
    html = b64encode(page(scholar("Reading Lists", "https://arxiv.org/abs/2605.20011", "A")).encode()).decode()
    data = (
        "From: a@example.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/html\nContent-Disposition: attachment\n"
        f"Content-Transfer-Encoding: base64\n\n{html}\n"
    )
    assert mail_alert.sniff(data.encode(), "") < SURE_ENOUGH


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "x-unknown", ""])
def test_a_mail_body_in_another_character_set_is_decoded(charset: str) -> None:
    html = page(scholar("Listen über Bücher", "https://arxiv.org/abs/2605.20011", "A Älpha - 2026"))
    header = f'From: a@example.org\nSubject: =?iso-8859-1?Q?=FCber?=\nContent-Type: text/html; charset="{charset}"\n\n'
    (paper,) = papers(read(header.encode() + html.replace("…", "").encode("iso-8859-1")))
    assert (paper.title, paper.authors[0].name) == ("Listen über Bücher", "A Älpha")


@pytest.mark.parametrize("written", ["=?x-unknown?Q?a?=", "=?utf-8?B?////?=", "=?utf-8?Q?=FF?="])
def test_a_header_that_cannot_be_decoded_is_kept_as_written(written: str) -> None:
    html = page('<a href="https://arxiv.org/abs/2605.20011">Reading Lists</a>')
    data = f"From: a@example.org\nSubject: {written}\nDate: never\nContent-Type: text/html\n\n{html}".encode()
    items = read(data)
    assert [(each.paper.title, each.listed_on) for each in items if isinstance(each, Entry)] == [
        ("Reading Lists", None)
    ]
