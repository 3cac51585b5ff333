"""Papers for the tests of matching."""

from __future__ import annotations

from hypothesis import strategies as st

from store.model.paper import Author, Paper

ABOUT_BEES = "Bees find their way by the sun. We followed two hundred of them through a summer and saw where they went."
ABOUT_BEES_AGAIN = ABOUT_BEES.replace("two hundred", "200").replace("summer", "long summer")
ABOUT_TAXES = "Taxes on land are old. This essay asks what they did to the towns of the north, and who paid them last."


def by(*names: str) -> tuple[Author, ...]:
    return tuple(map(Author, names))


_words = st.sampled_from(["bees", "sun", "summer", "taxes", "north", "towns"])
# Papers with one of three titles, and with or without an abstract, authors and ids.
some_papers = st.builds(
    Paper,
    title=st.sampled_from(["Bees", "Editorial", "Taxes"]),
    abstract=st.none() | st.lists(_words, min_size=8, max_size=12).map(" ".join),
    authors=st.lists(st.sampled_from(["Ada Lovelace", "Alan Turing", "Bo Li"]), max_size=2, unique=True).map(
        lambda names: by(*names)
    ),
    arxiv_id=st.none() | st.sampled_from(["2510.00001", "2510.00002"]),
    doi=st.none() | st.sampled_from(["10.1000/1", "10.1000/2"]),
)
