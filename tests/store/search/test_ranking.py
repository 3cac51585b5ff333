"""Which of the papers that have the words stands first."""

from __future__ import annotations

from store.search.ranking import rank

AUTHORS = "Ada Lovelace, Alan Turing"


def first(words: str, *papers: str, mistyped: bool = False) -> str:
    """The title that fits best; a paper may have another byline behind "by"."""

    def split(paper: str) -> tuple[str, str]:
        title, _, byline = paper.partition(" by ")
        return title, byline or AUTHORS

    return min(papers, key=lambda paper: rank(*split(paper), words.split(), mistyped=mistyped))


def test_fewer_wrong_letters_come_before_all_else() -> None:
    assert first("netwrok", "Networks of many kinds", "Netzwerk", mistyped=True) == "Networks of many kinds"


def test_a_title_with_both_words_mistyped_comes_before_one_with_a_single_word() -> None:
    assert (
        first("sochastic tissbe", "Stochastic maps of tissue in deep water", "Stochastic ocean", mistyped=True)
        == "Stochastic maps of tissue in deep water"
    )


def test_whole_words_come_before_beginnings() -> None:
    assert first("graph net", "Graphs net", "Graph net of many words") == "Graph net of many words"


def test_a_name_of_the_first_author_comes_before_that_of_another() -> None:
    papers = ("Engines by Alan Turing, Ada Lovelace", "Engines of thought by Ada Lovelace, Alan Turing")
    assert first("lovelace engines", *papers) == papers[1]


def test_words_in_their_order_come_before_words_swapped() -> None:
    assert first("deep water", "Water is deep", "Deep is all of the water") == "Deep is all of the water"


def test_the_paper_that_is_called_so_comes_first_then_those_that_begin_so() -> None:
    papers = (
        "Scaling a deep water: a study",
        "Deep waters: all of them",
        "Deep water and all that there is to say of it",
        "The deep water: all that there is to say of it in many words",
    )
    for chosen in (3, 2, 1, 0):
        assert first("deep water", *papers[: chosen + 1]) == papers[chosen]
    assert first("deep water", *papers[:3], "Deep water") == "Deep water"


def test_one_word_alone_leaves_what_is_called_otherwise_in_its_order() -> None:
    papers = ("Many words about what is in deep water", "Water")
    assert first("water", *papers) == "Water"
    assert rank(papers[0], AUTHORS, ["water"]) == rank("In water", "Ada Water", ["water"])
    assert rank("Waters rise", AUTHORS, ["water"]) > rank("In water", AUTHORS, ["water"])


def test_of_titles_that_fit_alike_the_short_one_comes_first() -> None:
    assert first("deep water", "Deep water and what else there is", "On deep water") == "On deep water"


def test_a_title_is_long_by_the_words_that_say_something() -> None:
    papers = ("Water in deep mountain valleys", "Water that is not so deep as with most")
    assert first("deep water", *papers) == papers[1]


def test_words_in_a_row_come_before_words_that_are_whole() -> None:
    papers = ("Learned: what is deep", "A survey of what is known of deep learning")
    assert first("deep learn", *papers) == papers[1]
    assert first("deep learned", *papers) == papers[0]
