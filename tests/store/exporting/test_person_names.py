"""An author's name is split into given name, particle ("van"), family name and suffix ("Jr.")."""

from __future__ import annotations

import pytest

from store.exporting.person_names import PersonName, split


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Lovelace", PersonName("Lovelace", "Ada")),
        ("Ludwig van Beethoven", PersonName("Beethoven", "Ludwig", "van")),
        ("Jean de la Fontaine", PersonName("Fontaine", "Jean", "de la")),
        ("von Neumann", PersonName("Neumann", "", "von")),
        ("Martin Luther King Jr.", PersonName("King", "Martin Luther", "", "Jr.")),
        ("John Smith III", PersonName("Smith", "John", "", "III")),
        ("Voltaire", PersonName("Voltaire", is_literal=True)),
        ("H.E.S.S. Collaboration", PersonName("H.E.S.S. Collaboration", is_literal=True)),
        ("Gemini Team", PersonName("Gemini Team", is_literal=True)),
        ("University of Somewhere", PersonName("University of Somewhere", is_literal=True)),
        ("Alpha, Beta and Gamma", PersonName("Alpha, Beta and Gamma", is_literal=True)),
        ("李 明", PersonName("李", "明")),
        ("明 李", PersonName("李", "明")),
        ("李明", PersonName("李", "明")),
        ("山田 太郎", PersonName("山田", "太郎")),
        ("김민수", PersonName("김", "민수")),
        ("", PersonName("", is_literal=True)),
    ],
)
def test_the_parts_of_a_name(name: str, parts: PersonName) -> None:
    assert split(name) == parts


def test_the_family_name_comes_first_with_its_particle() -> None:
    assert split("Ludwig van Beethoven").family_first == "van Beethoven, Ludwig"
    assert split("Martin Luther King Jr.").family_first == "King, Martin Luther, Jr."
