"""The command `taste`: shows, changes or deletes the model of the user's taste, which sorts the views "For you"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from store.library.library import Library
from store.model.errors import LibraryError
from store.papers import paper_names
from store.papers.views import View
from store.ranking import opinions
from store.ranking.marked_papers import FEWEST_NAMED
from store.ranking.opinions import OPINIONS
from store.ranking.taste import FeatureWeight, Taste
from store.search import index_sync
from store.search.search import Search
from store.search.taste_order import NO_RANKING
from tui.cli import output
from tui.cli.options import invocation, json_option, library_option
from tui.render import wording

# The largest number of words that are printed because they raise the rank of papers, and of those that lower it.
_SHOWN = 100
_COLUMN = 34
_MARKS = "marks"


@click.group(invoke_without_command=True, short_help='Show the words that count in the views "For you".')
@json_option
@library_option
@click.pass_context
def taste(context: click.Context, as_json: bool) -> None:
    """Show the words, authors and categories that count for and against a paper in the views "For you".

    The model is trained on this machine from your marks, and stays in your library.
    """
    if context.invoked_subcommand is not None:
        return
    library = invocation(context).library()
    model = _model(library)
    if as_json:
        output.say_object(_as_object(library, model))
    elif model is None:
        output.complain(f"{NO_RANKING}, or name some with: recto taste from ID ID ID")
    else:
        output.say(_table(library, model))


@taste.command("set", short_help="Say what you think of WORD: more, less, never, ignore.")
@click.argument("word")
@click.argument("opinion", type=click.Choice([*OPINIONS, "forget"]))
@library_option
@click.pass_context
def set_(context: click.Context, word: str, opinion: str) -> None:
    """Say what you think of WORD: more or less of it, never, ignore it, or forget what you said.

    WORD may also be author:NAME, org:NAME or cat:NAME.
    """
    library = invocation(context).library()
    feature = opinions.feature_of(word)
    if opinion != "forget":
        opinions.put(library, {feature: opinion})  # type: ignore[dict-item]
    elif not opinions.remove(library, feature):
        raise LibraryError(f"you have said nothing about {word!r}; recto taste shows what you have said")


@taste.command("from")
@click.argument("source", nargs=-1, required=True, metavar="ID... | VIEW | marks")
@library_option
@click.pass_context
def from_(context: click.Context, source: tuple[str, ...]) -> None:
    """Choose the papers from which recto learns your taste.

    Give three papers or more to learn from them and from your marks. Give a view such as tag:nlp, collection:robots or
    filter:mine to learn from its papers instead of from your marks. "marks" returns to the marks only.
    """
    library = invocation(context).library()
    if source == (_MARKS,):
        opinions.set_source(library)
    elif len(source) == 1 and (view := _view(source[0])) is not None:
        opinions.set_source(library, view=str(view))
    else:
        papers = paper_names.find_papers(library.reader(), source)
        if len(papers) < FEWEST_NAMED:
            raise LibraryError(f"name {FEWEST_NAMED} papers or more, or a view such as tag:nlp")
        opinions.set_source(library, papers=tuple(papers))
    if _model(library) is None:
        output.complain(f"{NO_RANKING}, or name some with: recto taste from ID ID ID")


@taste.command()
@library_option
@click.pass_context
def forget(context: click.Context) -> None:
    """Delete the model and everything that you said about your taste. Your marks stay."""
    opinions.forget_all(invocation(context).library())


def _view(text: str) -> View | None:
    try:
        return View.parse(text)
    except LibraryError:
        return None


def _model(library: Library) -> Taste | None:
    index_sync.catch_up(library)
    return Search(library).taste()


def _source_text(library: Library) -> str:
    connection = library.reader()
    if source := opinions.source(connection):
        return f"the papers of {source}"
    named = len(opinions.first_papers(connection))
    return "your marks" + (f" and {wording.count(named, 'paper')} that you named" if named else "")


def _table(library: Library, model: Taste) -> str:
    liked, disliked = model.strongest(_SHOWN)
    lines = [
        f"learnt from {_source_text(library)}: {wording.count(len(model.kept), 'kept paper')}",
        "",
        f"{'for':<{_COLUMN}}against",
    ]
    for number in range(max(len(liked), len(disliked))):
        left, right = (_cell(each[number]) if number < len(each) else "" for each in (liked, disliked))
        lines.append(f"{left:<{_COLUMN}}{right}".rstrip())
    return "\n".join(lines)


def _cell(each: FeatureWeight) -> str:
    name = wording.one_line(_name(each))
    shown = f"{each.weight:+7.2f}  {name}"
    return shown + (f" ({each.opinion})" if each.opinion else "")


def _name(each: FeatureWeight) -> str:
    """The name of a feature (a word, an author, …) of the model as users type it, for example "author:NAME"."""
    prefix, colon, _ = each.feature.partition(":")
    return f"{prefix}{colon}{each.shown.removeprefix(prefix + colon)}" if colon else each.shown


def _as_object(library: Library, model: Taste | None) -> dict[str, Any]:
    liked, disliked = model.strongest(_SHOWN) if model is not None else ([], [])

    def objects(weights: Sequence[FeatureWeight]) -> list[dict[str, Any]]:
        return [{"name": _name(each), "weight": each.weight, "opinion": each.opinion} for each in weights]

    return {
        "source": opinions.source(library.reader()) or _MARKS,
        "kept": len(model.kept) if model is not None else 0,
        "for": objects(liked),
        "against": objects(disliked),
        "said": [{"name": name, "opinion": opinion} for name, opinion in opinions.read(library.reader()).items()],
    }


COMMANDS = (taste,)
