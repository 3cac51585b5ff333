"""Which paper is shown first among the papers that match the words of a filter."""

from __future__ import annotations

from store.search.ranking import rank

AUTHORS = "Ada Lovelace, Alan Turing"


def best(words: str, *papers: str, mistyped: bool = False) -> str:
    """The paper of `papers` that matches `words` best. Each paper is given as a title or as "TITLE by BYLINE"."""

    def split(paper: str) -> tuple[str, str]:
        title, _, byline = paper.partition(" by ")
        return title, byline or AUTHORS

    return min(papers, key=lambda paper: rank(*split(paper), words.split(), mistyped=mistyped))


def test_fewer_wrong_letters_come_first() -> None:
    assert best("netwrok", "Networks of many kinds", "Netzwerk", mistyped=True) == "Networks of many kinds"


def test_a_title_with_both_mistyped_words_comes_before_a_title_with_one_of_them() -> None:
    assert (
        best("sochastic tissbe", "Stochastic maps of tissue in deep water", "Stochastic ocean", mistyped=True)
        == "Stochastic maps of tissue in deep water"
    )


def test_whole_words_come_before_prefixes() -> None:
    assert best("graph net", "Graphs net", "Graph net of many words") == "Graph net of many words"


def test_the_first_author_comes_before_the_others() -> None:
    papers = ("Engines by Alan Turing, Ada Lovelace", "Engines of thought by Ada Lovelace, Alan Turing")
    assert best("lovelace engines", *papers) == papers[1]


def test_words_in_the_typed_order_come_before_swapped_words() -> None:
    assert best("deep water", "Water is deep", "Deep is all of the water") == "Deep is all of the water"


def test_the_words_as_the_name_come_first_then_titles_that_begin_with_them() -> None:
    papers = (
        "Scaling a deep water: a study",
        "Deep waters: all of them",
        "Deep water and all that there is to say of it",
        "The deep water: all that there is to say of it in many words",
    )
    for chosen in (3, 2, 1, 0):
        assert best("deep water", *papers[: chosen + 1]) == papers[chosen]
    assert best("deep water", *papers[:3], "Deep water") == "Deep water"


def test_a_single_word_does_not_rank_titles_with_other_names() -> None:
    papers = ("Many words about what is in deep water", "Water")
    assert best("water", *papers) == "Water"
    assert rank(papers[0], AUTHORS, ["water"]) == rank("In water", "Ada Water", ["water"])
    assert rank("Waters rise", AUTHORS, ["water"]) > rank("In water", AUTHORS, ["water"])


def test_of_equal_matches_the_shorter_title_comes_first() -> None:
    assert best("deep water", "Deep water and what else there is", "On deep water") == "On deep water"


def test_only_long_words_make_a_title_long() -> None:
    papers = ("Water in deep mountain valleys", "Water that is not so deep as with most")
    assert best("deep water", *papers) == papers[1]


def test_a_phrase_comes_before_whole_words() -> None:
    papers = ("Learned: what is deep", "A survey of what is known of deep learning")
    assert best("deep learn", *papers) == papers[1]
    assert best("deep learned", *papers) == papers[0]
