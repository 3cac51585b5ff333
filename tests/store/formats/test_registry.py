"""The registry lists every format module, and every format module has the attributes of the protocol Format."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

import store.formats
from store.formats import registry
from store.formats.registry import MODULES, Format, formats, named
from store.matching import source_ranks
from store.model.errors import ListingError
from tests.readme import README, filled

PACKAGE = "store.formats."


def format_modules() -> set[str]:
    """The paths below `store.formats` of all modules that define the function `sniff`."""
    names = (module.name for module in pkgutil.walk_packages(store.formats.__path__, PACKAGE) if not module.ispkg)
    return {
        name.removeprefix(PACKAGE)
        for name in names
        if name != registry.__name__ and inspect.isfunction(getattr(importlib.import_module(name), "sniff", None))
    }


def test_every_module_with_a_sniffer_is_in_the_registry_and_no_other() -> None:
    assert len(set(MODULES)) == len(MODULES)
    assert set(MODULES) == format_modules()


@pytest.mark.parametrize("format", formats(), ids=lambda format: format.NAME)
def test_a_format_has_all_that_the_protocol_describes(format: Format) -> None:
    assert isinstance(format, ModuleType)
    for name, type_name in Format.__annotations__.items():
        assert type(getattr(format, name)).__name__ == type_name, name
    assert all((format.NAME, format.TITLE, format.FAMILY, format.EXAMPLE))
    for method in (Format.sniff, Format.read):
        promised = list(inspect.signature(method).parameters)[1:]
        assert list(inspect.signature(getattr(format, method.__name__)).parameters) == promised


def test_the_names_of_formats_differ() -> None:
    for attribute in ("NAME", "TITLE", "EXAMPLE"):
        values = [getattr(format, attribute) for format in formats()]
        assert len(set(values)) == len(values), attribute


def test_merging_ranks_the_family_of_every_format() -> None:
    assert {format.FAMILY for format in formats()} <= set(source_ranks._FAMILIES)


def test_formats_are_listed_in_the_order_of_their_names() -> None:
    assert [each.NAME for each in formats()] == sorted(each.NAME for each in formats())


def test_a_format_is_found_by_its_name() -> None:
    assert all(named(format.NAME) is format for format in formats())
    with pytest.raises(ListingError, match=r"no format is called 'docx'; there are: ads, alert-email, .*zotero-rdf"):
        named("docx")


def test_the_readme_lists_the_formats_of_the_registry() -> None:
    text = README.read_text("utf-8")
    assert filled(text) == text
