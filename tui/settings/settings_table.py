"""The table of settings: every key that the configuration file may contain, except the keys of actions.

The configuration, `recto config check`, `recto config show`, `recto config set` and the shell completion read this
table. To add a setting, only add a constant below. Its value is then `config[SETTING]`.

This module must not import Textual at its top: the import would slow down the start of the commands, which read the
configuration as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar, cast

import msgspec

_T = TypeVar("_T")


class Kind(msgspec.Struct, Generic[_T], frozen=True):
    """A kind of value, for example "true or false".

    `description` completes the sentence "theme must be …". `read` converts a value that was parsed from TOML, and
    raises ValueError if the value is not of this kind. The error has a message if `description` alone would not explain
    the mistake. `choices` returns the valid texts for suggestions, or nothing if there are too many.
    """

    description: str
    read: Callable[[object], _T]
    choices: Callable[[], Sequence[str]] = tuple


def _text(value: object) -> str:
    from store.text.clean import clean

    if not isinstance(value, str) or not value.strip() or clean(value) != value or "\n" in value:
        raise ValueError
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


TEXT = Kind("text on one line", _text)
FLAG = Kind("true or false", _flag, lambda: ("true", "false"))


def whole_number(least: int, most: int) -> Kind[int]:
    """The kind of a value that must be a whole number from `least` to `most`."""

    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError
        return value

    return Kind(f"a whole number from {least:,} to {most:,}", read)


def number(least: float, most: float) -> Kind[float]:
    """The kind of a value that must be a number from `least` to `most`, with or without a decimal point."""

    def read(value: object) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError
        return float(value)

    return Kind(f"a number from {least:,g} to {most:,g}", read)


def one_of(*names: str) -> Kind[str]:
    """The kind of a value that must be one of these texts."""
    return Kind(f"one of {', '.join(names)}", lambda value: _member(value, names), lambda: names)


def many(kind: Kind[_T]) -> Kind[tuple[_T, ...]]:
    """The kind of a value that must be one value of `kind` or a list of such values."""

    def read(value: object) -> tuple[_T, ...]:
        values = cast(Iterable[object], value) if isinstance(value, list) else [value]
        return tuple(kind.read(each) for each in values)

    return Kind(f"{kind.description}, or a list of such values", read, kind.choices)


def _program(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError
    return tuple(_text(each) for each in value)


def _key_pattern(value: object) -> str:
    # Imported here, because most configurations contain no pattern of citation keys.
    from store.exporting import citation_keys

    pattern = _text(value)
    citation_keys.check(pattern)
    return pattern


PROGRAM = Kind('a list of a program and its arguments, such as ["pass", "show", "mail"]', _program)


def or_nothing(kind: Kind[_T]) -> Kind[_T | None]:
    """The kind of a value that is None by default and must otherwise be of the kind `kind`.

    TOML has no None, so the user gets None by leaving the setting out of the configuration.
    """
    return cast("Kind[_T | None]", kind)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The element of `names` that is most similar to the misspelt `name`; None when `names` is empty.

    If two names are equally similar, the result is the first of them.
    """
    # Imported here, because few configurations contain a misspelt name.
    from rapidfuzz import process

    found = process.extractOne(name.lower(), list(names))
    return str(found[0]) if found else None


def _member(value: object, names: Sequence[str]) -> str:
    if value in names:
        return cast(str, value)
    similar = nearest(value, names) if isinstance(value, str) else None
    raise ValueError(f"{value!r} is not one of {', '.join(names)}; the nearest is {similar!r}" if similar else "")


def _theme_names() -> Sequence[str]:
    # Imported here, because the themes import Textual.
    from tui.settings import themes

    return themes.names()


def _theme(value: object) -> str:
    names = _theme_names()
    if value in names:
        return cast(str, value)
    similar = nearest(value, names) if isinstance(value, str) else None
    raise ValueError(f"there is no theme {value!r}; the nearest is {similar!r}" if similar else "")


class Setting(msgspec.Struct, Generic[_T], frozen=True):
    """One setting.

    `name` is its name in the configuration: "mail.host" is the key "host" in the table "[mail]". `default` is its value
    if it is not in the configuration. `default_text` describes the default if a user would not understand the value
    alone, such as None. `help` describes the setting in one line without a full stop.
    """

    name: str
    kind: Kind[_T]
    default: _T
    help: str
    default_text: str = ""


THEME = Setting(
    "theme",
    or_nothing(Kind("the name of a theme", _theme, _theme_names)),
    None,
    "the colours",
    default_text="dark or light, as the terminal's background",
)
ASCII = Setting(
    "ascii",
    or_nothing(FLAG),
    None,
    "draw with ASCII characters only",
    default_text="where the terminal needs it",
)
PICTURES = Setting(
    "pictures",
    one_of("auto", "kitty", "sixel", "blocks", "off"),
    "auto",
    "how the pictures of full texts are shown",
)
# The names of the presets of keys. The presets themselves are in presets.py.
PRESET_NAMES = ("vim", "emacs", "arrows")
PRESET = Setting(
    "keys.preset",
    or_nothing(one_of(*PRESET_NAMES)),
    None,
    "keys for users of vim, emacs or the arrow keys",
    default_text="recto's own keys",
)
CITATION_KEY = Setting(
    "citation.key",
    Kind("a pattern such as {author}{year}{word}", _key_pattern),
    "{author}{year}{word}",
    "the form of new citation keys",
)
SEEN_AFTER = Setting("seen_after", number(0, 3600), 1.0, "how long a paper must be open until it counts as seen (s)")
LATER_EACH_DAY = Setting(
    "later_each_day", whole_number(0, 1_000), 3, "how many postponed papers come back on one day at most"
)
PERSON = Setting(
    "person", or_nothing(TEXT), None, "your name in collections that you share with other people", default_text="login"
)
TEXTS_MEGABYTES = Setting(
    "texts.megabytes", whole_number(1, 10_000_000), 4096, "the largest size of all full texts together (MiB)"
)
MAIL_HOST = Setting("mail.host", or_nothing(TEXT), None, "the server that sends digests")
MAIL_PORT = Setting(
    "mail.port", or_nothing(whole_number(1, 65_535)), None, "its port", default_text="587, or 465 with security tls"
)
MAIL_SECURITY = Setting(
    "mail.security", one_of("starttls", "tls", "none"), "starttls", "TLS; none only for a server on this machine"
)
MAIL_USERNAME = Setting("mail.username", or_nothing(TEXT), None, "the user name, if the server asks for a password")
MAIL_PASSWORD_COMMAND = Setting(
    "mail.password_command",
    PROGRAM,
    (),
    "a program that prints the password",
    default_text="RECTO_MAIL_PASSWORD or the keyring",
)
MAIL_FROM = Setting("mail.from", or_nothing(TEXT), None, "the address that digests come from")
MAIL_TO = Setting("mail.to", many(TEXT), (), "the addresses that digests go to")

# Every setting of this module, in the order of the lines above. `recto config show` prints them in this order.
SETTINGS: tuple[Setting[object], ...] = tuple(each for each in list(globals().values()) if isinstance(each, Setting))
BY_NAME = {setting.name: setting for setting in SETTINGS}
