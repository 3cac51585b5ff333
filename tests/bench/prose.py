"""Generates titles and abstracts from sentence templates, which are filled with words of the paper's subject."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.bench.words import Lexicon

SHORTEST_TITLE, LONGEST_TITLE = 4, 14
SHORTEST_ABSTRACT, LONGEST_ABSTRACT = 80, 220

# The placeholders in a template: <n> noun, <a> adjective, <d> gerund, <m> name of a model, <f> formula.
_PLACE = re.compile(r"<([nadmf])>")


def _frames(lines: str) -> tuple[tuple[str, str], ...]:
    """Parse templates, one on each line.

    Returns for each the format string for the operator %, and the letters of its placeholders.
    """
    return tuple(
        (_PLACE.sub("%s", line.strip().replace("%", "%%")), "".join(_PLACE.findall(line)))
        for line in lines.strip().splitlines()
    )


_TITLES = _frames(
    """
    <n> and <n> of <a> <n>
    <d> <a> <n> <n>
    on the <n> of <a> <n> <n>
    <a> <n> in <a> <n> <n>
    the <n> of <n> <n> and <n>
    <a> <a> <n> for <n> <n>
    <a> <n> and <n> in <n> <n>
    <d> <n> with <a> <n> <n>
    <n> of <a> <n> in <a> <n> <n>
    towards <a> <n> via <n> <n>
    <m>: <a> <n> for <a> <n> <n>
    <m>: <d> <n> <n> with <a> <n> <n>
    <m>: a <a> <n> for <a> <n> in <a> <n> and <n>
    <d> <a> <n> from <n> <n>: a <a> <n>
    a <n> approach to <a> <n> <n>
    <n> <n> and <a> <n> of <f> <n> in <a> <n>
    a survey of <a> <n> <n>
    is <a> <n> enough for <a> <n> <n>?
    <a> <n> for the <a> <n> of <n> <n>
    <n> <n> <n> via <a> <n> <d>
    comment on <a> <n> in <n> <n>
    <n>-based <n> for <a> <n> <n>
    on <f>-<a> <n> and the <n> of <a> <n>
    <d> the <n> of <a> <n> <n>: <n> and <n>
    <a> <n>, <a> <n> and the <n> of <n>
    can <a> <n> be <a>? <n> of <n> in <a> <n>
    <a> <n> <n> for <d> <a> <n> in <a> <n> <n>
    the <a> <n> of the <a> <n> and its <n> to <a> <n>
    <m>: a <a> <n> <n> for <a> <n> with <n> <n>
    <a> <n> of <n> <n> in the <a> <n> and the <n> of <n>
    <d> <a> <n> for <a> <n> <n> by <d> <n> and <n>
    <a> <n> and <a> <n> for <n> <n> with <a> <n> <n>
    """
)
_SENTENCES = _frames(
    """
    We study the <a> <n> of <a> <n> in <a> <n>, with an emphasis on the <n> of <n>.
    In this paper we propose a <a> <n> for <d> <a> <n> <n> that is both <a> and <a>.
    It is shown that the <n> of a <a> <n> is <a> if and only if its <n> has <a> <n>.
    Recent work on <a> <n> has relied on <n> <n>, which limits the <n> of <a> <n>.
    However, existing <n> for <a> <n> fail to account for the <n> between <n> and <n>.
    To address this, we introduce <m>, a <a> <n> that combines <a> <n> with <a> <n>.
    Our results indicate that <a> <n> can be explained by a <a> <n> of <f> with a <n> of 3%.
    Using <n> from a <a> <n>, we find a <a> <n> at the level of 2.7 sigma for <f>.
    Experiments on five <n> show that our <n> outperforms <a> <n> by up to 12.4% in <n>.
    We prove that this <n> holds for every <a> <n> with <f> and give a <a> <n>.
    The <n> is derived from a <a> <n> of the <n> and does not depend on the <n> of the <n>.
    We also discuss the <n> of these <n> for <a> <n> and for future <n> of <a> <n>.
    As an application, we obtain a <a> <n> for the <n> <n> in the <a> <n>.
    A <a> <n> between the <n> and the <n> is observed below a <a> <n>, where <f>.
    By <d> the <a> <n> of each <n>, the method reduces the <n> of the <n> to that of a <a> <n>.
    These <n> are consistent with a <a> <n> in which the <n> is dominated by <a> <n>.
    The code, the <n> and the <a> <n> are made available to support further <n> on <n>.
    Both the <n> and its <a> <n> are computed, and the <n> with previous <n> is good.
    Finally, we compare our <n> with the <a> <n> of the <n> and find that <a> <n> matter most.
    This <n> suggests that <a> <n> are a <a> alternative to <d> <n> by hand.
    """
)
# Formulas without spaces, which may be in titles, and others, which are only in abstracts.
_SHORT_FORMULAS = (
    r"$SU(3)$", r"$\alpha_s$", r"$\mathcal{N}=4$", r"$p$-adic", r"$L^2$", r"$\Lambda$CDM", r"$H_0$", r"$k$-regular",
    r"$\epsilon$-optimal", r"$T_c$", r"$\mathbb{Z}_2$", r"$G_2$", r"$\ell_1$", r"$O(n)$", r"$^{13}$CO", r"$D$-wave",
)  # fmt: skip
_FORMULAS = (
    *_SHORT_FORMULAS, r"$O(n \log n)$", r"$\alpha_s(M_Z) = 0.118$", r"$L^2(\mathbb{R}^n)$", r"$z > 6$", r"$k \ge 3$",
    r"$B \to K^* \ell^+ \ell^-$", r"$\sqrt{s} = 13$ TeV", r"$E_8 \times E_8$", r"$x \in \mathcal{X}$", r"$10^{-3}$",
)  # fmt: skip
_PEOPLE = (
    "Schrödinger", "Kähler", "Hölder", "Poincaré", "Erdős", "Rényi", "Gödel", "Lévy", "Cramér", "Möbius", "Ångström",
    "Markov", "Gauss", "Riemann", "Hilbert", "Bose", "Fermi", "Dirac", "Bayes", "Wasserstein", "Fourier", "Lyapunov",
)  # fmt: skip
# These shares of the noun placeholders get a rare word, a person's name, or, if the text has formulas, a formula
# instead of a noun.
_RARE, _PERSON, _FORMULA = 0.02, 0.03, 0.015
# The share of nouns and adjectives that are words of the subject.
_OWN = 0.5
# Titles that many different papers share, to measure that recto does not take these papers for one. The number is the
# share of papers with such a title.
_SHARED_TITLES = ("Erratum to the published version", "Introduction to the special issue", "Lectures on gauge theory")
_SHARED = 0.0005
# The share of titles that end in a term in Chinese, Japanese or Korean.
_OWN_SCRIPT = 0.003
_TERMS = (
    "大语言模型", "量子纠缠", "机器学习", "《红楼梦》", "東京大学", "深層学習", "カオス", "くりこみ群", "딥러닝",
    "양자 얽힘",
)  # fmt: skip
# The shares of abstracts whose last sentence defines an acronym, contains only its words, or contains only the acronym.
_ACRONYMS = {"define": 0.04, "spell": 0.03, "only": 0.03}
_ARTICLE = re.compile(r"\b([Aa]) (?=[aeiou])")
_SMALL = frozenset("a an and at be by can for from in is its of on the to via with".split())  # noqa: SIM905


class Writer:
    """Generates titles and abstracts. `random` returns a number from 0 to 1."""

    def __init__(self, random: Callable[[], float], lexicon: Lexicon) -> None:
        self._random = random
        self._lexicon = lexicon

    def title(self, subject: int, *, formulas: bool, capitals: bool) -> str:
        """Generate a title. With `capitals`, every long word begins with a capital letter."""
        random = self._random
        if random() < _SHARED:
            return _SHARED_TITLES[int(random() * len(_SHARED_TITLES))]
        frame, places = _TITLES[int(random() * len(_TITLES))]
        text = frame % tuple(self._word(place, subject, _SHORT_FORMULAS if formulas else ()) for place in places)
        text = _ARTICLE.sub(r"\1n ", text)
        if capitals:
            text = " ".join(word if word in _SMALL and at else _capital(word) for at, word in enumerate(text.split()))
        text = _capital(text)
        if random() < _OWN_SCRIPT and text.count(" ") < LONGEST_TITLE - 2:
            return f"{text} ({_TERMS[int(random() * len(_TERMS))]})"
        return text

    def abstract(self, subject: int, *, formulas: bool) -> str:
        """Generate an abstract, which is one paragraph."""
        random = self._random
        # Short abstracts are more frequent. The last sentence may go beyond `wanted` by up to 28 words.
        wanted = SHORTEST_ABSTRACT + int(random() ** 1.4 * (LONGEST_ABSTRACT - SHORTEST_ABSTRACT - 28))
        sentences: list[str] = []
        words = 0
        while words < wanted:
            frame, places = _SENTENCES[int(random() * len(_SENTENCES))]
            text = frame % tuple([self._word(place, subject, _FORMULAS if formulas else ()) for place in places])
            sentences.append(text)
            words += text.count(" ") + 1
        sentences += self._with_acronym(subject)
        return _ARTICLE.sub(r"\1n ", " ".join(sentences))

    def _with_acronym(self, subject: int) -> list[str]:
        """A sentence with the acronym of the subject, with the words it stands for, or with both.

        For most abstracts none.
        """
        chance = self._random()
        for how, share in _ACRONYMS.items():
            if chance < share:
                nouns, adjectives, *_ = self._lexicon.of_subject[subject]
                words = [adjectives[0], *list(dict.fromkeys(nouns))[:2]]
                acronym = "".join(word[0] for word in words).upper()
                written = {"define": f"{' '.join(words)} ({acronym})", "spell": " ".join(words), "only": acronym}
                return [f"The code for {written[how]} is available."]
            chance -= share
        return []

    def _word(self, place: str, subject: int, formulas: tuple[str, ...]) -> str:
        random, lexicon = self._random, self._lexicon
        if place == "n":
            chance = random()
            if chance < _RARE:
                return lexicon.rare()
            if chance < _RARE + _PERSON:
                return _PEOPLE[int(random() * len(_PEOPLE))]
            if formulas and chance < _RARE + _PERSON + _FORMULA:
                return formulas[int(random() * len(formulas))]
            words = lexicon.of_subject[subject][0] if chance > 1 - _OWN else lexicon.nouns
        elif place == "a":
            words = lexicon.of_subject[subject][1] if random() < _OWN else lexicon.adjectives
        elif place == "d":
            words = lexicon.doing
        elif place == "m":
            return lexicon.name()
        elif formulas:
            return formulas[int(random() * len(formulas))]
        else:
            words = lexicon.nouns
        return words[int(random() * len(words))]


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
