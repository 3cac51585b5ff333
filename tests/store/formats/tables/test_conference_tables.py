"""Tables of the papers of a conference, with columns for decision, track and scores."""

from __future__ import annotations

import io

from store.formats.tables import delimited
from store.model.entry import Entry


def test_a_table_of_a_conference_has_decisions_and_scores() -> None:
    text = (
        'title,authors,decision,track,ratings\nOne,Ada Alpha,Accept (Oral),main,"[8, 6, 6]"\n'
        "Two,Bert Beta,Reject,main,3;5\n"
        "Three,Cara Gamma,,,good\n"
    )
    items = delimited.read(io.BytesIO(text.encode()))
    one, two, three = (item.paper for item in items if isinstance(item, Entry))
    assert (one.decision, one.track, one.scores) == ("Oral", "main", (8.0, 6.0, 6.0))
    assert (two.decision, two.scores) == ("Reject", (3.0, 5.0))
    assert (three.decision, three.track, three.scores) == (None, None, ())
