"""Texts about counts, durations, import reports and changes, for the screens and for the commands."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from store.importing.years import RULE_TEXT
from tui.render import styled
from tui.render.cell_width import width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from store.importing.log import ImportReport, LogEntry, Step
    from store.marks import journal
    from store.model.paper import Paper
    from store.papers.revisions import Change, FactChange
    from store.ranking.taste import Reasons
    from store.search.answer import Answer, Inexact
    from store.search.arrivals import Returned

# The shortest remaining time that is shown (s). A shorter time would be over before the user has read it.
_WORTH_SHOWING = 5.0
# The number of papers in a file is estimated from the part that was read so far, as soon as this fraction of the file
# was read (0 to 1).
_KNOWN_SHARE = 0.05
# The width of the title in a description of a change of marks (cells).
_TITLE_WIDTH = 36
# A title is not shortened below this width (cells), even if the whole text does not fit then.
_SHORTEST_TITLE = 14
# The names of the formats of full texts.
TEXT_FORMATS = {"pdf": "PDF", "html": "HTML", "markdown": "Markdown"}
# The library stores every change of marks with a label. This table maps the labels to texts for the screen, in which
# "{}" is replaced by a count such as "4 papers".
_MARK_TEXTS = {
    "bookmarked": "bookmarked {}",
    "bookmark removed": "removed the bookmark from {}",
    "queued": "put {} in the queue",
    "taken out of the queue": "took {} out of the queue",
    "moved in the queue": "moved {} in the queue",
    "moved to the top of the queue": "moved {} to the top of the queue",
    "moved to the end of the queue": "moved {} to the end of the queue",
    "dropped from the queue": "dropped {} from the queue",
    "noted why they are in the queue": "noted why {} is in the queue",
    "marked new": "marked {} as new",
    "marked seen": "marked {} as seen",
    "seen": "marked {} as seen",
    "reading": "marked {} as being read",
    "done": "marked {} as done",
    "done, taken out of the queue": "marked {} as done, out of the queue",
    "hidden": "hid {}",
    "hidden, taken out of the queue": "hid {}, out of the queue",
    "postponed": "postponed {}",
    "not postponed any more": "ended the wait of {}",
    # The labels of decisions in triage, in which the user decides on papers one at a time.
    "kept": "kept {}",
    "skipped": "skipped {}",
    "tagged": "tagged {}",
    "tag removed": "removed a tag from {}",
    "note saved": "saved the note of {}",
    "note removed": "removed the note of {}",
    **{f"rated {rating}": f"rated {{}} {rating} of 5" for rating in range(1, 6)},
    "rating removed": "removed the rating of {}",
}

# Texts for labels that end with names in quotes, which are names of a collection or of tags. The keys of this table are
# the labels without the names.
_TEXTS_WITH_NAMES = {
    "put into": "put {} into",
    "taken out of": "took {} out of",
    "moved in": "moved {} in",
    "tagged with": "tagged {} with",
    "tag removed,": "removed from {} the tag",
}


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number with a noun, for example "1 paper" or "12 papers". Pass `plural` if it is not just the noun plus "s"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def size_text(size: int) -> str:
    """A size in bytes, for example "640 kB" or "1.2 GB"."""
    for unit, divisor in (("GB", 10**9), ("MB", 10**6)):
        if size >= divisor:
            return f"{size / divisor:.1f} {unit}"
    return f"{size / 1000:.0f} kB" if size >= 1000 else count(size, "byte")


def score_text(paper: Paper) -> str:
    """The mean score of a paper and the score of each review, for example "6.25 (5, 6, 6, 8)"; "" without a score."""
    if paper.score is None:
        return ""
    scores = ", ".join(f"{score:g}" for score in paper.scores)
    return f"{paper.score:g} ({scores})" if len(paper.scores) > 1 else f"{paper.score:g}"


def time_left(step: Step) -> str:
    """The remaining time, for example "about 4 minutes left"; "" when it is unknown or only a few seconds."""
    if step.seconds_left is None or step.seconds_left < _WORTH_SHOWING:
        return ""
    if step.seconds_left < 100:
        return f"about {step.seconds_left:.0f} seconds left"
    return f"about {step.seconds_left / 60:.0f} minutes left"


def step_text(step: Step, name: str) -> str:
    """The progress of the import of a file, for example "reading big.json 25%, 1,200 of about 4,800 papers".

    `name` is the name of the file.
    """
    share = min(1.0, step.done / step.size) if step.size else None
    papers = count(step.entries, "paper")
    if share is not None and _KNOWN_SHARE <= share < 1 and step.entries:
        papers = f"{step.entries:,} of about {_rounded(step.entries / share):,} papers"
    percent = "" if share is None else f" {share:.0%}"
    return ", ".join(filter(None, (f"reading {name}{percent}", papers, time_left(step))))


def _rounded(number: float) -> int:
    """The estimate `number`, rounded to two significant digits."""
    unit: int = 10 ** max(0, len(str(int(number))) - 2)
    return round(number / unit) * unit


def report_lines(report: ImportReport) -> list[str]:
    """The result of importing one file, as lines.

    The first line is a summary. The further lines are about merged papers of the library, refused papers of the file,
    and warnings.
    """
    if report.error:
        return [one_line(f"{report.path}: not read: {report.error}")]
    day = ""
    if report.listed_on:
        day = f", {report.listed_on} ({RULE_TEXT.get(report.listed_on_rule or '', 'printed in the file')})"
    state = ""
    if report.interrupted:
        state = " so far, interrupted: import it again to go on"
    elif report.partial:
        state = ", partial"
    lines = [
        f"{one_line(report.path)}: {count(report.entries, 'paper')}{state}"
        f" ({report.added:,} added, {report.merged:,} merged, {report.unchanged:,} unchanged)"
        f" · {one_line(report.format)}{day}"
    ]
    if report.joined:
        lines.append(f"  {count(report.joined, 'stored paper')} turned out to be another one and joined it")
    lines += [
        f"  refused: entry {each.index}{f', line {each.line}' if each.line else ''}: {one_line(each.reason)}"
        for each in report.refused
    ]
    lines += [f"  note: {one_line(each)}" for each in report.warnings]
    return lines


def log_lines(entry: LogEntry) -> list[str]:
    """The lines that show one entry of the import log."""
    when = f"{entry.id:>4}  {local_time(entry.at)}"
    if entry.state == "withdrawn":
        return [f"{when}  {one_line(entry.report.path)}: taken back, {count(entry.report.entries, 'entry', 'entries')}"]
    first, *rest = report_lines(entry.report)
    known = " · same bytes as a file read before" if entry.state == "known" else ""
    return [f"{when}  {first}{known}", *(f"{'':{len(when)}}{line}" for line in rest)]


def local_time(at: str) -> str:
    """A stored time (ISO 8601, UTC) as local time with its UTC offset, for example "2026-07-02 12:31 +0200"."""
    try:
        return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M %z}"
    except (ValueError, OverflowError):
        # The stored text is not a time: another program must have changed it. Return it unchanged.
        return one_line(at[:16])


def returned_text(returned: Returned) -> str:
    """A message that the postponement of a paper has ended, for example "back: “Y”, because “X” arrived"."""
    return f"back: “{styled.title(returned.title)}”, because “{styled.title(returned.because)}” arrived"


def change_text(change: Change) -> str:
    """A description of one changed field of a paper, for example "Title until 3 Mar 2023 (82 % alike)"."""
    until = f" until {change.seen_on}" if change.seen_on else " before"
    return f"{change.field.capitalize()}{until} ({change.likeness:.0f} % alike)"


def fact_change_text(change: FactChange) -> str:
    """A description of a new version or venue, for example "v1 → v2, 3 Mar 2026" or "ICML 2026, 3 Mar 2026"."""
    before = f"{styled.safe(change.before, 200)} → " if change.before else ""
    return f"{before}{styled.safe(change.after, 200)}, {styled.day_name(change.seen_on)}"


def answer_notes(answer: Answer, misread: Sequence[str], unfinished: str) -> list[str]:
    """Remarks about the answer to a filter: parts that could not be understood, and how the papers were found.

    `misread` are the messages of the filter's parser. `unfinished` is the last part of the filter, if the parser
    ignored it because the user has not typed all of it yet.
    """
    waiting = [f"“{one_line(unfinished)}” waits for more"] if unfinished else []
    notes = [*misread, *waiting, *answer.notes]
    if found := found_text(len(answer.ids), answer.inexact):
        notes.append(found)
    return notes


def liked_text(answer: Answer) -> str:
    """A text about the papers in the filter's condition `like:`, for example "similar to “Tidepool”".

    Returns "" if the filter has no such condition.
    """
    named = " and to ".join(f"“{styled.shortened(title, _TITLE_WIDTH)}”" for title in answer.liked)
    return f"{'similar' if answer.similar else 'nothing is similar'} to {named}" if named else ""


def reason_text(reasons: Reasons) -> str:
    """Why the model of the user's taste ranks a paper as it does, or "" if the model has no reason.

    For example "replay, continual; similar to “Tidepool”, which you kept; by Ada Alpha, of whom you kept 2 papers".
    """
    if reasons.is_random:
        return "chosen by chance"
    parts = [
        f"fits your filter {one_line(reasons.filter)}" if reasons.filter else "",
        ", ".join(map(one_line, reasons.words)),
    ]
    if reasons.similar_to is not None:
        parts.append(f"similar to “{styled.shortened(reasons.similar_to.title, _TITLE_WIDTH)}”, which you kept")
    for author in reasons.authors:
        kept = f", of whom you kept {count(author.kept, 'paper')}" if author.kept else ""
        parts.append(f"by {one_line(author.name)}{kept}")
    if reasons.organization:
        parts.append(f"from {one_line(reasons.organization)}")
    if reasons.categories:
        parts.append(f"in {' and '.join(map(one_line, reasons.categories))}")
    return "; ".join(filter(None, parts))


def found_text(total: int, inexact: Sequence[Inexact]) -> str:
    """How a search found papers that do not contain the words of the filter as they were typed.

    `total` is the number of papers in the answer. Returns "" if all papers contain the words as they were typed.
    """
    parts = []
    for part in inexact:
        if part.kind == "most":
            return f"no paper has all {_number(len(part.words))} words: these have most"
        of_them = "" if part.count == total else f"{part.count:,} of them "
        named = " and ".join(part.words)
        if part.kind == "ordinary":
            parts.append(f"{of_them}without {named}")
        elif part.kind == "texts":
            parts.append(f"{of_them}in the full text")
        else:
            parts.append(f"{of_them}as {named}" if named else f"{of_them}with corrected spelling")
    return f"{count(total, 'paper')}, {', '.join(parts)}" if parts else ""


def _number(number: int) -> str:
    """`number` as text: a word up to "twelve", and digits above."""
    words = "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
    return words[number] if number < len(words) else f"{number:,}"


def waited(since: str | None, now: datetime) -> str:
    """How long a paper has waited since a time (ISO 8601), for example "today", "5 days" or "3 weeks".

    The result is "" for None. It is also "" for a text that is not a time, which another program may have stored.
    """
    try:
        days = (now.astimezone().date() - datetime.fromisoformat(since or "").astimezone().date()).days
    except (ValueError, OverflowError):
        return ""
    if days < 1:
        return "today"
    for length, noun in ((365, "year"), (30, "month"), (7, "week")):
        if days >= 2 * length:
            return count(days // length, noun)
    return count(days, "day")


def mark_text(label: str, paper_count: int, title: str = "", room: int | None = None) -> str:
    """A description of a change of marks, for example "hid 4 papers". An unknown `label` is shown unchanged.

    `title` is the title of the paper if only one was changed, or "". It replaces "1 paper" in the text. If there are
    only `room` cells for the text, the title is shortened further, so that the words after it stay visible.
    """
    if not paper_count:
        # The change is not about a paper but, for example, about a saved filter.
        return one_line(label)
    text = _changed_text(label, f"“{styled.shortened(title, _TITLE_WIDTH)}”" if title else count(paper_count, "paper"))
    missing = width(text) - room if room is not None and title else 0
    if missing <= 0:
        return text
    return _changed_text(label, f"“{styled.shortened(title, max(_SHORTEST_TITLE, _TITLE_WIDTH - missing))}”")


def unchanged_text(paper_count: int, title: str = "") -> str:
    """The message after a change of marks that had no effect, because the papers already had these marks."""
    papers = f"“{styled.shortened(title, _TITLE_WIDTH)}”" if title else count(paper_count, "paper")
    return f"nothing has changed for {papers}"


def _changed_text(label: str, papers: str) -> str:
    """The description of a change with this label, in which `papers` names the papers."""
    text = _MARK_TEXTS.get(label)
    if text is not None:
        return text.format(papers)
    for start, start_with_papers in _TEXTS_WITH_NAMES.items():
        if label.startswith(f"{start} “"):
            return f"{start_with_papers.format(papers)} {one_line(label.removeprefix(start))}"
    return f"{one_line(label)}, {papers}"


def journal_line(step: journal.Step, titles: Mapping[int, str]) -> str:
    """One step in the journal of changes of marks as a line: its id, its local time, and the change.

    `titles` maps ids of papers to their titles. If only one paper was changed, the line has its title.
    """
    title = titles.get(step.papers[0], "") if len(step.papers) == 1 else ""
    undone = " (undone; recto redo repeats it)" if step.undone else ""
    return f"{step.id:>4}  {local_time(step.at)}  {mark_text(step.label, len(step.papers), title)}{undone}"


def one_line(value: object) -> str:
    """`value` as text on one line, without control characters and not truncated."""
    text = str(value)
    return styled.safe(text, len(text))
