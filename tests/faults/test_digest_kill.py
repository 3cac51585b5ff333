"""Row 52: a digest is sent at most once, even if recto is killed while it transfers the mail to the server."""

from __future__ import annotations

import sys
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.faults.conftest import Report
from tests.store.digest.mail_server import PASSWORD, USER, Certificates, Mailbox, serving
from tests.tui import samples
from tests.tui.processes import ran, started
from tests.waiting import PATIENCE

pytestmark = pytest.mark.faults
_ROUNDS = 5


class Killing(Mailbox):
    """A mail server that accepts a mail, and kills the sending process before it sends the reply."""

    def __init__(self) -> None:
        super().__init__()
        self.kills = True
        self.process = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if self.kills and self.process is not None:
            self.process.kill()
            self.process.wait()
        return answer


def test_a_digest_whose_sender_was_killed_is_not_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, report: Report
) -> None:
    certificates = Certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    duplicates = lost = 0
    for number in range(_ROUNDS):
        folder = tmp_path / f"{number}"
        library = folder / "library.db"
        code, _, err = ran("--library", library, "import", *samples.write(folder / "listings"))
        assert code == 0, err
        mailbox = Killing()
        with serving(mailbox, "starttls", certificates) as port:
            configuration = folder / "config.toml"
            configuration.write_text(
                f'[mail]\nhost = "127.0.0.1"\nport = {port}\nusername = "{USER}"\nfrom = "recto@example.org"\n'
                f'to = "ada@example.org"\npassword_command = ["{sys.executable}", "-c", "print({PASSWORD!r})"]\n'
            )
            monkeypatch.setenv("RECTO_CONFIG", str(configuration))
            with started("--library", library, "digest", "--send") as mailbox.process:
                mailbox.process.wait(PATIENCE)
            mailbox.kills = False
            code, _, err = ran("--library", library, "digest", "--send")
            assert code == 1 and b"so it may have arrived" in err
            duplicates += len(mailbox.mails) - 1
            # The mail may be lost, so the next digest must contain the same papers again.
            (folder / "more.txt").write_text(samples.page(["One More Paper"], day="Jul 3, 2026"), "utf-8")
            ran("--library", library, "import", folder / "more.txt")
            code, _, err = ran("--library", library, "digest", "--send", "--since", "2026-07-01")
            assert code == 0, err
            text = _plain(mailbox.mails[-1])
            lost += not all(title in " ".join(text.split()) for title in (samples.DAILY[0], "One More Paper"))
    report(52, _ROUNDS, f"{duplicates} duplicates, {lost} digests without their papers", not duplicates and not lost)


def _plain(mail: EmailMessage) -> str:
    part = next(mail.iter_parts())
    assert isinstance(part, EmailMessage)
    return str(part.get_content())
