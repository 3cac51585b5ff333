"""Two versions of a text are compared paragraph by paragraph and word by word, with a limit for the effort."""

from __future__ import annotations

import random

import pytest

from store.texts import comparison
from store.texts.blocks import Block, one_span
from store.texts.comparison import Row, compare
from tests.store.texts.pages import SENTENCES
from tests.thorough import some


def blocks(*texts: str) -> list[Block]:
    return [
        Block("heading" if text.startswith("# ") else "paragraph", one_span(text.removeprefix("# "))) for text in texts
    ]


def changes(before: list[Block], after: list[Block]) -> list[tuple[list[str], list[str]]]:
    """For each changed paragraph: the removed words and the added words."""
    return [
        (
            [before[row.before].text[start:end] for start, end in row.removed] if row.before is not None else [],
            [after[row.after].text[start:end] for start, end in row.added] if row.after is not None else [],
        )
        for row in compare(before, after)
        if row.is_changed
    ]


def test_differences_in_spaces_case_and_hyphens_are_no_changes() -> None:
    assert compare(blocks("# One", "Cranes re-turn."), blocks("# ONE", "Cranes  return.")) == [Row(0, 0), Row(1, 1)]


def test_words_of_a_paragraph_change() -> None:
    before = blocks("We saw two hundred bees today.", "The rest is the same.")
    after = blocks("We saw nine hundred bees today and slept.", "The rest is the same.")
    assert changes(before, after) == [(["two", "today."], ["nine", "today and slept."])] or changes(before, after) == [
        (["two"], ["nine", "and slept."])
    ]


def test_paragraphs_are_added_removed_and_moved_apart() -> None:
    old = blocks(*SENTENCES[:6])
    new = blocks(SENTENCES[0], "Something entirely new was put here.", *SENTENCES[1:3], *SENTENCES[4:6])
    assert compare(old, new) == [
        Row(0, 0),
        Row(None, 1, added=((0, len(new[1].text)),)),
        Row(1, 2),
        Row(2, 3),
        Row(3, None, removed=((0, len(old[3].text)),)),
        Row(4, 4),
        Row(5, 5),
    ]


@pytest.mark.parametrize(("old", "new"), [([], []), ([], ["one"]), (["one"], [])])
def test_two_texts_may_have_nothing_in_common(old: list[str], new: list[str]) -> None:
    rows = compare(blocks(*old), blocks(*new))
    assert [(row.before, row.after) for row in rows] == [(0, None)] * len(old) + [(None, 0)] * len(new)


@pytest.mark.thorough
def test_every_paragraph_of_both_texts_is_in_one_row_and_in_order() -> None:
    for seed in some(20, range(400)):
        dice = random.Random(seed)
        old = [dice.choice(SENTENCES[:9]) for _ in range(dice.randrange(12))]
        new = [text for text in old if dice.random() < 0.7]
        for _ in range(dice.randrange(4)):
            new.insert(dice.randrange(len(new) + 1), dice.choice(SENTENCES))
        rows = compare(blocks(*old), blocks(*new))
        assert [row.before for row in rows if row.before is not None] == list(range(len(old)))
        assert [row.after for row in rows if row.after is not None] == list(range(len(new)))
        same = [(old[row.before], new[row.after]) for row in rows if row.before is not None and row.after is not None]
        assert all(row.is_changed for row in rows if row.before is None or row.after is None)
        assert all(
            first == second
            for (first, second), row in zip(same, [r for r in rows if None not in r[:2]], strict=True)
            if not row.is_changed
        )


def test_long_texts_are_compared_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "_MOST_BLOCKS", 8)
    old = blocks(*SENTENCES)
    new = blocks("First of all.", *SENTENCES[:10], "In between.", *SENTENCES[11:])
    rows = compare(old, new)
    assert [row.before for row in rows if row.before is not None] == list(range(len(old)))
    assert [row.after for row in rows if row.after is not None] == list(range(len(new)))
    assert sum(row.is_changed for row in rows) <= 4
