"""Replacements for the neighbours of a part of the screen: timers, the writer, the search worker, the list."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any

from store.search.highlighting import Highlights
from store.search.search import Answer
from tui.widgets.list_position import Place
from tui.workers.search_worker import SearchAnswered, SearchRequest


class Timer:
    """A timer that the test can let expire."""

    def __init__(self, seconds: float, call: Callable[[], None]) -> None:
        self.seconds = seconds
        self.call = call
        self.is_stopped = False

    def stop(self) -> None:
        self.is_stopped = True


class Timers:
    """Creates timers, and lets them expire in their order."""

    def __init__(self) -> None:
        self.timers: list[Timer] = []

    def set_timer(self, seconds: float, call: Callable[[], None]) -> Timer:
        timer = Timer(seconds, call)
        self.timers.append(timer)
        return timer

    def run_out(self) -> None:
        """Let all timers expire that were not stopped."""
        timers, self.timers = self.timers, []
        for timer in timers:
            if not timer.is_stopped:
                timer.call()


class Writer:
    """A write worker whose jobs run only when the test calls `finish`."""

    def __init__(self) -> None:
        self.jobs: list[tuple[Callable[[], Any], Callable[[Any], None], Callable[[], None] | None]] = []

    def write(
        self,
        job: Callable[[], Any],
        then: Callable[[Any], None],
        on_failure: Callable[[], None] | None = None,
        *,
        quiet: bool = False,
    ) -> None:
        self.jobs.append((job, then, on_failure))

    @property
    def is_idle(self) -> bool:
        return not self.jobs

    def finish(self) -> None:
        """Run all jobs."""
        jobs, self.jobs = self.jobs, []
        for job, then, _ in jobs:
            then(job())

    def fail(self) -> None:
        """Let all jobs fail."""
        jobs, self.jobs = self.jobs, []
        for _, _, on_failure in jobs:
            if on_failure is not None:
                on_failure()


class Worker:
    """A search worker that records its requests."""

    def __init__(self) -> None:
        self.requests: list[SearchRequest] = []
        self.counted = 0
        self.went_on = 0

    def search(self, request: SearchRequest) -> None:
        self.requests.append(request)

    def count_views(self) -> None:
        self.counted += 1

    def count_unseen(self, papers: array[int]) -> None:
        """Does nothing, because no test waits for the count."""

    def go_on(self) -> None:
        self.went_on += 1

    def answer(self, *paper_ids: int, partial: bool = False, request: int = -1) -> SearchAnswered:
        """The result of one of the requests, by default of the last one."""
        answer = Answer(array("q", paper_ids), len(paper_ids), Highlights(), partial=partial)
        return SearchAnswered(self.requests[request], answer)


class Papers:
    """A list of papers that records what it has to show."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.cursor = 0
        self.chosen: Place | None = None
        self.empty_text = ""
        self.shown_at: list[Place | None] = []
        self.forgotten = 0
        self.is_selecting = False
        self.is_holding = False
        self.holds = False

    @property
    def paper(self) -> int | None:
        return self.ids[self.cursor] if self.cursor < len(self.ids) else None

    @property
    def place(self) -> Place | None:
        return Place(self.paper, self.cursor) if self.paper is not None else None

    def choose(self) -> None:
        self.chosen = self.place

    def forget(self) -> None:
        self.forgotten += 1

    def select_from_here(self, on: bool) -> None:
        self.is_selecting = on

    def title_of(self, paper: int) -> str:
        return f"Paper {paper}"

    def show_queue_positions(self, on: bool) -> None:
        """Does nothing, because nothing is drawn."""

    def show_collection(self, name: str | None) -> None:
        """Does nothing, because nothing is drawn."""

    def mark_by_chance(self, papers: frozenset[int]) -> None:
        self.by_chance = papers

    def show_papers(self, ids: array[int], highlights: Highlights, *, at: Place | None, holds: bool = False) -> None:
        self.ids = list(ids)
        self.cursor = 0 if at is None else self.ids.index(at.paper)
        self.holds = holds
        self.shown_at.append(at)


class Status:
    """A status line that records what it shows."""

    def __init__(self) -> None:
        self.news: list[str] = []
        self.progress: dict[str, str] = {}
        self.room = 200

    def show_news(self, text: str, *, error: bool = False) -> None:
        self.news.append(text)

    def show_progress(self, name: str, text: str) -> None:
        self.progress[name] = text
