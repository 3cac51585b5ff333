"""Read the decisions and review scores of conferences, as OpenReview, papercopilot's lists and tables write them."""

from __future__ import annotations

import re
from typing import Any

# The number at the start of a score such as "8: accept, good paper".
_SCORE = re.compile(r"\s*(-?\d{1,3}(?:\.\d{1,10})?)(?![\d.])")
_ONLY_SCORES = re.compile(r"[\d\s.,;|/()\[\]-]{1,400}")
_NUMBER = re.compile(r"(?<!\d)-?\d+(?:\.\d+)?")
_ACCEPTED_AS = re.compile(r"accept(?:ed)?\W{0,3}(?:(?:as|for)\s(?:an?\s)?)?[\s(:-]*(?P<kind>[^()]*)\)?", re.IGNORECASE)
_PRESENTATION = re.compile(r"\b(?:presentation|paper)\b", re.IGNORECASE)
# Matches the kind of acceptance at the end of a venue: "ICLR 2026 Poster", "NeurIPS 2024 Datasets and Benchmarks Track
# Spotlight", "ICLR 2023 notable top 25%".
_BEHIND_VENUE = re.compile(
    r"\b(?P<kind>oral|spotlight[ -]?poster|spotlight|poster|talk|highlight|(?:notable[ -])?top[ -]\d{1,2}\s?%)"
    r"(?:\s(?:presentation|paper))?\s*$",
    re.IGNORECASE,
)
# The decisions of submissions that were not accepted, with the words that show them in the venue or in the name of the
# group on OpenReview.
_NOT_ACCEPTED = (
    (re.compile(r"desk[ _]?reject", re.IGNORECASE), "Desk Reject"),
    (re.compile(r"withdraw", re.IGNORECASE), "Withdraw"),
    (re.compile(r"reject", re.IGNORECASE), "Reject"),
)


# The names of conferences in the file names of papercopilot's lists, "iclr2026.json", and how they are usually written.
_CONFERENCES = {
    name.replace(" ", "").lower(): name
    for name in (
        "3DV", "AAAI", "ACL", "ACM MM", "ACML", "AI4X", "AISTATS", "ALT", "AutoML", "COLING", "COLM", "COLT", "CoRL",
        "CVPR", "EACL", "ECCV", "EMNLP", "ICASSP", "ICCV", "ICLR", "ICML", "ICRA", "IJCAI", "INTERSPEECH", "IROS",
        "KDD", "MICCAI", "MIDL", "MLSys", "NAACL", "NeurIPS", "RSS", "SIGGRAPH", "SIGGRAPH Asia", "SIGIR", "TMLR",
        "UAI", "WACV", "WSDM", "WWW",
    )
} | {"nips": "NeurIPS"}  # fmt: skip
_FILE = re.compile(r"(?P<name>[a-z0-9]{2,12}?)[ ._-]?(?P<year>(?:19|20)\d\d)(?!\d).*", re.IGNORECASE | re.DOTALL)


_BLINDED = {"anonymous", "anonymous authors", "anonymous author(s)"}


def is_blinded(name: str) -> bool:
    """Whether the name of an author, such as "Anonymous", means that the authors are hidden from the reviewers."""
    return name.strip().lower() in _BLINDED


def of_file(name: str) -> str | None:
    """The conference that the name of a file starts with: "ICLR 2018" for "iclr2018.json"; None for any other name."""
    match = _FILE.fullmatch(name.rpartition("/")[2])
    conference = _CONFERENCES.get(match["name"].lower()) if match else None
    return f"{conference} {match['year']}" if match and conference else None


def score(value: Any) -> float | None:
    """The number in a score such as 8, "8.5" or "8: accept, good paper"; None for a text without a leading number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if -1_000 < value < 1_000 else None
    match = _SCORE.match(value) if isinstance(value, str) else None
    return float(match[1]) if match else None


def scores(text: str) -> tuple[float, ...]:
    """The scores in a text that is a list of numbers, such as "5;6;8", "[5, 6.5]" or "7"; () for any other text."""
    if not _ONLY_SCORES.fullmatch(text):
        return ()
    return tuple(value for part in _NUMBER.findall(text) if (value := score(part)) is not None)


def decision(text: str | None) -> str | None:
    """A decision in one spelling: "Accept (Oral)" becomes "Oral", and "Rejected" becomes "Reject".

    A decision in an unknown spelling is returned unchanged; None for an empty text.
    """
    text = " ".join((text or "").split())
    if not text:
        return None
    for pattern, name in _NOT_ACCEPTED:
        if pattern.match(text):
            return name
    if accepted := _ACCEPTED_AS.fullmatch(text):
        kind = " ".join(_PRESENTATION.sub(" ", accepted["kind"]).split()).strip(" :-.")
        return kind[:1].upper() + kind[1:] if kind else "Accept"
    return text


def decision_of_venue(venue: str | None) -> str | None:
    """The decision in OpenReview's name of a venue: "Poster" for "ICLR 2026 Poster"; None for a name without one."""
    match = _BEHIND_VENUE.search(venue or "")
    if match:
        return match["kind"][:1].upper() + match["kind"][1:]
    return decision_of_group(venue or "")


def decision_of_group(group: str) -> str | None:
    """The decision in the name of a group or venue if it means that submissions were not accepted; otherwise None."""
    return next((name for pattern, name in _NOT_ACCEPTED if pattern.search(group)), None)
