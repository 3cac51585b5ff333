"""Changes the user's marks on papers: bookmark, position in the queue, status, rating, tags, note, and postponement.

Each function that takes a library writes one step into the journal (store/marks/journal.py), so that the user can undo
it. It returns when the step is safely on the disk. It raises LibraryError when a paper does not exist or the library
cannot be written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec.structs import replace

from store.library.library import Library
from store.marks import journal
from store.marks.journal import Change, Marked
from store.marks.queue_order import QUEUE_END
from store.marks.registers import RATINGS, UNTIL_SIMILAR
from store.marks.return_day import Until
from store.marks.stored_marks import Marks, Status, timestamp
from store.model.errors import LibraryError
from store.text.clean import clean, line

_STATUS_LABEL: dict[Status, str] = {
    "new": "marked new",
    "seen": "marked seen",
    "reading": "reading",
    "done": "done",
    "hidden": "hidden",
}
# A paper that gets one of these statuses is taken out of the queue, because the user has finished with it.
_OUT_OF_QUEUE: frozenset[Status] = frozenset({"done", "hidden"})
_LONGEST_TAG = 100
# The label of a step in the journal contains the names of at most this many tags.
_MOST_TAGS_NAMED = 5
_TAB_WIDTH = 4


def bookmark(library: Library, papers: Sequence[int], on: bool | None = None) -> Marked:
    """Bookmark papers if `on` is true, and remove their bookmarks if it is false.

    If `on` is None, bookmark all papers if any of them has no bookmark; otherwise remove all their bookmarks.
    """

    def decide(before: dict[int, Marks]) -> tuple[str, Change]:
        sets = on if on is not None else any(not marks.bookmarked for marks in before.values())
        now = timestamp()
        return (
            "bookmarked" if sets else "bookmark removed",
            lambda marks: replace(marks, bookmarked=(marks.bookmarked or now) if sets else None),
        )

    return journal.change(library, papers, decide)


def queue(
    library: Library,
    papers: Sequence[int],
    on: bool | None = None,
    at: int | None = None,
    because: str | None = None,
) -> Marked:
    """Put papers into the reading queue if `on` is true, and take them out of the queue if it is false.

    If `on` is None, put all papers into the queue if any of them is not in it; otherwise take all out. `at` is the
    position that the first paper gets, counted from 1. If `at` is None, papers that are not in the queue yet are put at
    its end. A paper that is put into the queue is no longer postponed or hidden. `because` is stored as the reason why
    a paper is in the queue, unless the paper was in the queue before.
    """
    reason = line(because or "") or None

    def added(marks: Marks, position: int) -> Marks:
        reason_now = reason if marks.queue_position is None else marks.queued_because
        return replace(shown(marks), queue_position=position, queued_because=reason_now, later=None)

    def decide(before: dict[int, Marks]) -> tuple[str, Change]:
        adds = on if on is not None else any(marks.queue_position is None for marks in before.values())
        if not adds:
            return "taken out of the queue", unqueued
        if at is None:
            last = iter(range(QUEUE_END, QUEUE_END + len(before)))
            return (
                "queued",
                lambda marks: shown(marks) if marks.queue_position is not None else added(marks, next(last)),
            )
        first = min(max(1, at), QUEUE_END)
        positions = iter(range(first, first + len(before)))
        return "queued", lambda marks: added(marks, next(positions))

    return journal.change(library, papers, decide)


def keep(library: Library, papers: Sequence[int], because: str | None = None) -> Marked:
    """Put papers at the end of the reading queue. A paper with the status "new" or "hidden" becomes "seen".

    `because` is the reason that is stored with papers that were not in the queue before.
    """
    return journal.change(library, papers, lambda before: ("kept", lambda marks: kept(marks, because)))


def kept(marks: Marks, because: str | None = None) -> Marks:
    """A copy of `marks` in which the paper is in the queue, and is neither new nor postponed nor hidden."""
    marks = shown(decided(marks))
    if marks.queue_position is not None:
        return marks
    return replace(marks, queue_position=QUEUE_END, queued_because=line(because or "") or None)


def decided(marks: Marks) -> Marks:
    """A copy of `marks` in which the paper is neither new nor postponed, because the user has decided on it."""
    return replace(marks, status="seen" if marks.status == "new" else marks.status, later=None)


def shown(marks: Marks) -> Marks:
    """A copy of `marks` in which the paper is not hidden.

    A paper is never both hidden and in the queue. Hiding a paper takes it out of the queue (`with_status`), so a paper
    that is put into the queue must no longer be hidden.
    """
    return replace(marks, status="seen") if marks.status == "hidden" else marks


def move(library: Library, paper: int, to: int) -> Marked:
    """Move a paper in the queue to the position `to`, counted from 1.

    Raises LibraryError when the paper is not in the queue.
    """

    def decide(before: dict[int, Marks]) -> tuple[str, Change]:
        if _only(before).queue_position is None:
            raise LibraryError(f"paper {paper} is not in the queue; put it there with: recto mark {paper} --queue")
        position = min(max(1, to), QUEUE_END)
        return "moved in the queue", lambda marks: replace(marks, queue_position=position)

    return journal.change(library, [paper], decide)


def status(library: Library, papers: Sequence[int], status: Status, *, toggle: bool = False) -> Marked:
    """Give papers the status `status`.

    If `toggle` is true and all the papers already have this status, they become "seen" instead, or "new" if `status` is
    "seen". Papers that were postponed are no longer postponed. Papers that become "done" or "hidden" are taken out of
    the queue.
    """

    def decide(before: dict[int, Marks]) -> tuple[str, Change]:
        target = status
        if toggle and all(marks.status == status for marks in before.values()):
            target = "new" if status == "seen" else "seen"
        leaves_queue = target in _OUT_OF_QUEUE and any(marks.queue_position is not None for marks in before.values())
        label = _STATUS_LABEL[target]
        return f"{label}, taken out of the queue" if leaves_queue else label, lambda marks: with_status(marks, target)

    return journal.change(library, papers, decide)


def with_status(marks: Marks, status: Status) -> Marks:
    """A copy of `marks` with the status `status`, in which the paper is not postponed.

    If the status is "done" or "hidden", the paper is not in the queue either.
    """
    return replace(unqueued(marks) if status in _OUT_OF_QUEUE else marks, status=status, later=None)


def seen(library: Library, paper: int, today: date | None = None) -> Marked:
    """Mark a new paper as seen. Nothing changes if the paper has another status or is postponed beyond `today`."""
    day = today or date.today()

    def change(marks: Marks) -> Marks:
        return marks if marks.status != "new" or marks.waits(day) else replace(marks, status="seen", later=None)

    return journal.change(library, [paper], lambda before: ("seen", change))


def postpone(library: Library, papers: Sequence[int], until: Until | None) -> Marked:
    """Postpone papers until the day `until`, on which they count as new again. They are taken out of the queue.

    If `until` is "similar", they come back when a similar paper arrives. If it is None, the papers are no longer
    postponed.
    """
    return journal.change(
        library,
        papers,
        lambda before: (
            ("postponed", lambda marks: postponed(marks, until))
            if until
            else ("not postponed any more", lambda marks: replace(marks, later=None))
        ),
    )


def postponed(marks: Marks, until: Until) -> Marks:
    """A copy of `marks` in which the paper is postponed until the day `until`, or until a similar paper arrives."""
    later = UNTIL_SIMILAR if until == UNTIL_SIMILAR else until.isoformat()
    return replace(unqueued(marks), later=later, status="new")


def unqueued(marks: Marks) -> Marks:
    """A copy of `marks` in which the paper is not in the queue."""
    return replace(marks, queue_position=None, queued_because=None)


def rate(library: Library, papers: Sequence[int], rating: int | None) -> Marked:
    """Give papers the rating `rating` from 1 to 5, or remove their ratings if it is None.

    Raises LibraryError when `rating` is any other number.
    """
    if rating is not None and rating not in RATINGS:
        raise LibraryError(f"{rating} is no rating; rate with {RATINGS[0]} to {RATINGS[-1]}")
    label = f"rated {rating}" if rating else "rating removed"
    return journal.change(library, papers, lambda before: (label, lambda marks: replace(marks, rating=rating)))


def tag(library: Library, papers: Sequence[int], add: Iterable[str] = (), drop: Iterable[str] = ()) -> Marked:
    """Add tags to papers and remove tags from them."""
    added, dropped = tag_names(add), tag_names(drop)
    return journal.change(
        library,
        papers,
        lambda before: (
            _tags_label(added, dropped),
            lambda marks: replace(marks, tags=tuple(sorted({*marks.tags, *added} - dropped))),
        ),
    )


def retag(library: Library, papers: Sequence[int], tags: Iterable[str]) -> Marked:
    """Give papers exactly the tags `tags`, and remove all other tags from them."""
    names = tuple(sorted(tag_names(tags)))

    def decide(before: dict[int, Marks]) -> tuple[str, Change]:
        old = {name for marks in before.values() for name in marks.tags}
        label = _tags_label(set(names).difference(*(marks.tags for marks in before.values())), old.difference(names))
        return label, lambda marks: replace(marks, tags=names)

    return journal.change(library, papers, decide)


def note(library: Library, paper: int, text: str | None) -> Marked:
    """Set the note of a paper. Line breaks in `text` are kept. An empty text or None removes the note."""
    cleaned = clean(text or "").expandtabs(_TAB_WIDTH).strip() or None
    return journal.change(
        library,
        [paper],
        lambda before: (
            "note saved" if cleaned else "note removed",
            lambda marks: replace(marks, note=cleaned),
        ),
    )


def tag_name(text: str) -> str:
    """A tag in the form in which the library stores it: lower case, "-" for white space, without "#" at its beginning.

    The result is empty if `text` contains nothing else.
    """
    return "-".join(line(text).lstrip("#").casefold().split())[:_LONGEST_TAG]


def tag_names(texts: Iterable[str]) -> set[str]:
    """Each of `texts` as a tag, as `tag_name` returns it.

    A text is left out if no character that a tag may contain is left.
    """
    return {name for text in texts if (name := tag_name(text))}


def _tags_label(added: set[str], dropped: set[str]) -> str:
    """The label of a journal step that changes tags, for example "tagged with “nlp”, “robots”"."""
    named = ", ".join(f"“{name}”" for name in sorted(added or dropped)[:_MOST_TAGS_NAMED])
    return f"tagged with {named}" if added else f"tag removed, {named}" if dropped else "tagged"


def _only(before: dict[int, Marks]) -> Marks:
    """The marks of the only paper in `before`.

    Use this instead of `before[paper]` with the id from the caller: if that paper was joined to another paper, the key
    in `before` is the id of the other paper.
    """
    (marks,) = before.values()
    return marks
