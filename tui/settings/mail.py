"""The mail account of the configuration: the settings of the table `[mail]`."""

from __future__ import annotations

from pathlib import Path

from store.digest import account as accounts
from store.digest.account import MailAccount
from store.model.errors import LibraryError
from tui.settings import config, settings_table


def account(path: Path) -> MailAccount:
    """The account in the configuration file `path`.

    Raises LibraryError when a value of the account is missing or cannot be used. It also raises LibraryError when the
    file has any other mistake, because `config.load` ignores wrong lines, and one of them may be about the account.
    """
    values = config.load(path)
    if values.problems:
        raise LibraryError(f"no mail is sent with a mistake in the configuration: {values.problems[0]}")
    return accounts.account(
        host=values[settings_table.MAIL_HOST],
        port=values[settings_table.MAIL_PORT],
        security=values[settings_table.MAIL_SECURITY],
        username=values[settings_table.MAIL_USERNAME],
        password_command=values[settings_table.MAIL_PASSWORD_COMMAND],
        sender=values[settings_table.MAIL_FROM],
        recipients=values[settings_table.MAIL_TO],
    )
