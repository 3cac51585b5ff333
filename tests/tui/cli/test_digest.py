"""The command `digest` prints or sends the new papers."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.store.digest.mail_server import PASSWORD, USER, Certificates, Mailbox, serving
from tests.tui import samples
from tests.tui.conftest import Recto


@pytest.fixture
def listed(recto: Recto, tmp_path: Path) -> Recto:
    file = tmp_path / "daily-2026-07-02.txt"
    file.write_text(samples.page(samples.DAILY), "utf-8")
    assert recto("import", str(file)).code == 0
    return recto


def test_a_digest_is_plain_text_until_another_format_is_named(listed: Recto, tmp_path: Path) -> None:
    done = listed("digest")
    assert (done.code, done.err) == (0, "")
    assert done.lines[1:3] == ["5 new papers", "New since Thursday 2 July 2026, the newest listing day"]
    assert "New on Thursday 2 July 2026 (5)" in done.lines
    target = tmp_path / "digest.html"
    assert listed("digest", "--format", "html", "-o", str(target)).lines == [f"{target}: 5 new papers"]
    assert target.read_text().startswith("<!DOCTYPE html>")
    assert listed("digest", "--format", "markdown").out.startswith("# Papers of ")


def test_a_query_and_views_select_papers(listed: Recto) -> None:
    listed("mark", "1", "2", "--tag", "sky")
    done = listed("digest", "--view", "tag:sky", "--since", "2026-07-01")
    assert "New in tag:sky (2)" in done.lines
    assert listed("digest", "no-such-word-anywhere").lines[1] == "0 new papers"
    listed("tag", "rename", "sky", "clouds")
    done = listed("digest", "--view", "tag:sky", "--since", "2026-07-01")
    assert "New in tag:clouds (2)" in done.lines
    listed("collection", "add", "Thesis", "3")
    done = listed("digest", "--view", "collection:Thesis", "--since", "2026-07-01")
    assert "New in collection:Thesis (1)" in done.lines
    assert "there is no view" in listed("digest", "--view", "nothing").complaint()
    assert "is not a day" in listed("digest", "--since", "someday").complaint()


def test_a_digest_is_sent_as_the_configuration_says(
    listed: Recto, configuration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificates, mailbox = Certificates(tmp_path), Mailbox()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    with serving(mailbox, "starttls", certificates) as port:
        configuration.write_text(
            f'[mail]\nhost = "127.0.0.1"\nport = {port}\nusername = "{USER}"\nfrom = "recto@example.org"\n'
            f'to = "ada@example.org"\npassword_command = ["{sys.executable}", "-c", "print({PASSWORD!r})"]\n'
        )
        assert listed("digest", "--send").lines == ["sent to ada@example.org: 5 new papers"]
        done = listed("digest", "--send")
        assert done.code == 0 and done.out.endswith(", so nothing was sent\n")
        assert "was sent on" in listed("digest", "--send", "--since", "2026-07-01").complaint()
    (mail,) = mailbox.mails
    assert mail["Subject"].startswith("5 new papers (")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "lacks host and from and to"),
        (
            '[mail]\nhost = "mail.example.org"\nfrom = "a@example.org"\nto = ["b@example.org"]\nport = 0',
            "mail.port must be",
        ),
        ('[mail]\npassword_command = "pass show mail"', "mail.password_command must be a list of a program"),
    ],
)
def test_without_an_account_nothing_is_sent(listed: Recto, configuration: Path, text: str, message: str) -> None:
    configuration.write_text(text)
    assert message in listed("digest", "--send").complaint()


def test_options_that_do_not_go_together_are_refused(listed: Recto) -> None:
    assert "--send does not go with" in listed("digest", "--send", "--format", "html").complaint(2)
    assert "--again goes with --send" in listed("digest", "--again").complaint(2)


def test_a_timer_is_shown_before_it_is_installed(
    recto: Recto, configuration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, table = tmp_path / "bin" / "crontab", tmp_path / "crontab"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nif [ "$1" = - ]; then /bin/cat > {table}; fi\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(program.parent))
    words = ("digest", "--install", "--timer", "cron", "--at", "06:30", "--view", "tag:sky", "graph", "-vision")
    asked = recto(*words)
    assert "say --yes to install it" in asked.complaint(2) and not table.exists()
    assert "30 6 * * * env RECTO_CONFIG=" in asked.out
    assert recto(*words, "--yes").lines[-1] == "installed: the digest is sent every day at 06:30"
    assert "digest --send --since last --view tag:sky -- graph -vision # recto digest" in table.read_text()
    assert "write a time such as" in recto("digest", "--install", "--at", "7").complaint(2)
